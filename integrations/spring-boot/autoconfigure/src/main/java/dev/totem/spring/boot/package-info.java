/** A node, listeners, blocks and health as beans of a Spring Boot application; {@code docs/SPRING.md} shows how. */
@NullMarked
package dev.totem.spring.boot;

import org.jspecify.annotations.NullMarked;
