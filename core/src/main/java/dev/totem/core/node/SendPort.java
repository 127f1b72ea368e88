/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.node;

import dev.totem.core.BufferLimits;

/** Where sends are handed to the loop, and what bounds them. Any thread. */
record SendPort(LoopMailbox mailbox, PendingSends sends, BufferLimits limits) {

    Admission admission() {
        return sends.admission();
    }

    void accept(PendingSend send) {
        mailbox.submit(() -> sends.accept(send));
    }

    void cancel(PendingSend send) {
        mailbox.submit(() -> sends.cancel(send));
    }

    /** How many messages one publisher may be asked for ahead of their arrival: as many as fit, however large they are. */
    int requestsAhead() {
        long fitting = admission().limitBytes() / limits.messageBytesMax();
        return (int) Math.max(1, Math.min(limits.sendsInFlight(), fitting));
    }
}
