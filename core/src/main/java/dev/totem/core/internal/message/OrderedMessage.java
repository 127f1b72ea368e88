/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.message;

import dev.totem.core.RingId;

/** A message with a place in a ring's total order; its identity is (ring, seq) ({@code PROTOCOL.md} 2.2). */
public sealed interface OrderedMessage extends ProtocolMessage permits RegularMessage, RecoveredMessage {

    /** The ring on which it was originated. */
    RingId ring();

    /** Its number on that ring, from 1. */
    long seq();
}
