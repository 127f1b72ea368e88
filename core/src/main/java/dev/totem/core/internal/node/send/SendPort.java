/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node.send;

import dev.totem.core.internal.node.crossing.LoopMailbox;
import dev.totem.core.internal.settings.BufferLimits;

/** Where sends are handed to the loop, and what bounds them. Any thread. */
public record SendPort(LoopMailbox mailbox, PendingSends sends, BufferLimits limits) {

    private static final int REQUESTS_AHEAD_LEAST = 4;

    Admission admission() {
        return sends.admission();
    }

    void accept(PendingSend send) {
        mailbox.submit(new Acceptance(sends, send));
    }

    void cancel(PendingSend send) {
        mailbox.submit(() -> sends.cancel(send));
    }

    /** Room for the messages that one publisher is asked for. */
    Reservation reservation() {
        return new Reservation(admission(), PendingSend.costBytes(limits.messageBytesMax()));
    }

    /**
     * How many messages one publisher may be asked for ahead of their arrival: its part of as many as fit if all become as
     * large as they may, and a few at least, so that they overlap.
     */
    int requestsAhead() {
        long fitting = admission().limitBytes() / PendingSend.costBytes(limits.messageBytesMax());
        long part = fitting / Math.max(1, admission().publishers());
        return (int)
                Math.max(Math.max(1, Math.min(REQUESTS_AHEAD_LEAST, fitting)), Math.min(limits.sendsInFlight(), part));
    }

    /** One object a message, as this is done for each. */
    private record Acceptance(PendingSends sends, PendingSend send) implements LoopMailbox.Call {

        @Override
        public void serve() {
            sends.accept(send);
        }

        @Override
        public void failed(RuntimeException thrown) {
            sends.failed(send, thrown);
        }
    }
}
