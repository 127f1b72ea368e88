/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.message;

/** One method a kind of message; the compiler finds a forgotten one. */
public interface MessageHandler<R> {

    R regularMessage(RegularMessage message);

    R recoveredMessage(RecoveredMessage message);

    R regularToken(RegularToken token);

    R commitToken(CommitToken token);

    R join(Join join);

    R leave(Leave leave);

    R mergeDetect(MergeDetect detect);

    R holdCancel(HoldCancel cancel);
}
