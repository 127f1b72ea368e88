/* SPDX-License-Identifier: Apache-2.0 */
/** The state machine of Totem: one step an input, effects in order, no clock, no threads, no I/O. */
@NullMarked
package dev.totem.core.internal.protocol;

import org.jspecify.annotations.NullMarked;
