/** What stands behind the beans; may change at any time. */
@NullMarked
package dev.totem.spring.boot.internal;

import org.jspecify.annotations.NullMarked;
