/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The {@code totem} command: options, JSON lines in and out, the demo.
 *
 * <p>A command owns its process, so its own threads (main, stdin) may block; the lane of a handle, where everything is
 * printed, blocks on stdout only, which is how a slow reader holds the ring back.
 */
@NullMarked
package dev.totem.cli;

import org.jspecify.annotations.NullMarked;
