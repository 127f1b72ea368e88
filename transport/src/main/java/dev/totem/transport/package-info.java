/* SPDX-License-Identifier: Apache-2.0 */
/** A node on UDP: links by multicast and to listed peers, the loop they share with the node, and its stable storage. */
@NullMarked
package dev.totem.transport;

import org.jspecify.annotations.NullMarked;
