/**
 * {@link dev.totem.spring.integration.TotemLockRegistry} and {@link dev.totem.spring.integration.TotemLeaderInitiator}: locks and leaders of
 * Spring Integration on a ring; {@code docs/SPRING.md} shows how.
 */
@NullMarked
package dev.totem.spring.integration;

import org.jspecify.annotations.NullMarked;
