/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.membership;

import dev.totem.core.internal.message.RegularToken;

/**
 * When a recovery is complete ({@code PROTOCOL.md} 3.6 step 5). Node loop only; one per attempt.
 *
 * <p>Two visits with a lowered flag prove that every queue is empty, so the install seq is final and the same everywhere;
 * two more with the token's aru there prove that every member holds everything.
 */
public final class RecoveryProgress {

    private boolean raisedByUs;
    private int lowered;
    private long installSeq = -1;
    private int complete;

    /** @param raised this processor is the representative and raised the flag on the first token */
    public RecoveryProgress(boolean raised) {
        raisedByUs = raised;
    }

    /**
     * A token was accepted and is to be forwarded as given.
     *
     * @param waiting old messages that this member still has to send
     * @return the flag to forward it with
     */
    public boolean visited(RegularToken token, int waiting) {
        boolean flag = token.retransFlag();
        if (waiting > 0) {
            raisedByUs |= !flag;
            flag = true;
        } else if (flag && raisedByUs) {
            flag = false;
            raisedByUs = false;
        }
        lowered = flag ? 0 : lowered + 1;
        if (lowered == 2) {
            installSeq = token.seq();
        }
        complete = lowered >= 3 && token.aru() >= installSeq ? complete + 1 : 0;
        return flag;
    }

    /** Whether this member, having received up to there, holds all that will be exchanged. */
    public boolean holdsAll(long aru) {
        return lowered >= 2 && aru >= installSeq;
    }

    /** Whether the ring is to be installed at this visit. */
    public boolean isComplete() {
        return complete == 2;
    }

    /** The seq of the last recovery message; known once {@link #holdsAll} can be true. */
    public long installSeq() {
        return installSeq;
    }
}
