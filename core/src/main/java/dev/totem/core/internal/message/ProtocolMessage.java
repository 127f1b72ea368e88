/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.message;

/** Everything that travels between processors ({@code PROTOCOL.md} 2). */
public sealed interface ProtocolMessage
        permits OrderedMessage, RegularToken, CommitToken, Join, Leave, MergeDetect, HoldCancel {

    /** Who made this message; for an ordered one its originator, also when somebody else retransmits it. */
    Origin origin();

    /** Calls the handler's method for this kind. */
    <R> R dispatch(MessageHandler<R> handler);
}
