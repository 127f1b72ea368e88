/** {@link dev.totem.shedlock.TotemLockProvider}: ShedLock on a ring; {@code docs/SPRING.md} shows how. */
@NullMarked
package dev.totem.shedlock;

import org.jspecify.annotations.NullMarked;
