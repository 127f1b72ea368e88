/* SPDX-License-Identifier: Apache-2.0 */
/** How replicated state is kept: frames, the log of each replica, the rounds that decide, the transfer of state. */
@NullMarked
package dev.totem.blocks.internal;

import org.jspecify.annotations.NullMarked;
