/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Where threads are crossed: the mailbox, from any thread to the loop; and the lane of a handle, from the loop to its
 * subscribers.
 */
@NullMarked
package dev.totem.core.internal.node.crossing;

import org.jspecify.annotations.NullMarked;
