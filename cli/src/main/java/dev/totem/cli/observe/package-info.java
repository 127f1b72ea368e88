/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What a running node tells over HTTP, for a person: {@code totem status}, {@code explain} and {@code watch}.
 *
 * <p>Data flows one way: bytes of a node become {@link dev.totem.cli.observe.NodeStatus}, which becomes lines of text. What a
 * node says is never trusted to be short, complete, or harmless to a terminal.
 */
@NullMarked
package dev.totem.cli.observe;

import org.jspecify.annotations.NullMarked;
