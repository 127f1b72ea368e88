/** {@link dev.totem.spring.boot.test.TotemTest}: tests of Spring Boot applications on a ring in memory. */
@NullMarked
package dev.totem.spring.boot.test;

import org.jspecify.annotations.NullMarked;
