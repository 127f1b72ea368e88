/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The public API: nodes, handles, events, positions, settings and errors.
 *
 * <p>Packages below, each importing only those before it: {@code message} (what travels), {@code packing} (messages into
 * frames and back), {@code ordering} (the token's rules), {@code membership} (the rules of forming a ring),
 * {@code protocol} (the state machine), {@code group} (who gets what), {@code node} (the loop that runs it all), {@code sim}
 * (the same loop on a simulated network). {@code wire} encodes {@code message}; {@code spi} is what a node needs from
 * outside; {@code check} decides whether event logs keep Extended Virtual Synchrony.
 */
@NullMarked
package dev.totem.core;

import org.jspecify.annotations.NullMarked;
