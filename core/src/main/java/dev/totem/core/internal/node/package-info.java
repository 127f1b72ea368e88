/* SPDX-License-Identifier: Apache-2.0 */
/**
 * A running node, put together from its parts, and what users hold of it: the node and its handles, whose calls become
 * tasks of the loop.
 */
@NullMarked
package dev.totem.core.internal.node;

import org.jspecify.annotations.NullMarked;
