/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.protocol;

import dev.totem.core.RingId;
import dev.totem.core.message.ProtocolMessage;
import dev.totem.core.ordering.Restraint;

/** Everything that can happen to the machine. */
public sealed interface Input {

    /** Calls the handler's method for this kind. */
    void dispatch(InputHandler handler);

    /**
     * The node starts; the first input, once.
     *
     * @param storedRingSeq no ring that this node ever belonged to has a higher number
     */
    record Start(long storedRingSeq) implements Input {

        private static final long RINGS_A_MILLISECOND = 256;

        /**
         * Of two sources the higher: what stable storage held, 0 if nothing, and the clock. No cluster forms so many rings
         * a millisecond, so that the clock is ahead of all numbers in use, and a node whose storage was lost, cut short or
         * put back from an old copy uses none a second time ({@code PROTOCOL.md} 8). The numbers stay below 2^53 for two
         * centuries, exact for readers that know only doubles.
         */
        public static Start of(long storedRingSeq, long epochMillis) {
            return new Start(Math.max(storedRingSeq, clockSeq(epochMillis)));
        }

        /** The ring number of a moment. */
        public static long clockSeq(long epochMillis) {
            return epochMillis * RINGS_A_MILLISECOND * RingId.STEP;
        }

        @Override
        public void dispatch(InputHandler handler) {
            handler.start(storedRingSeq);
        }
    }

    /** A message arrived, from the network or from this node itself. */
    record Received(ProtocolMessage message) implements Input {
        @Override
        public void dispatch(InputHandler handler) {
            handler.received(message);
        }
    }

    /** The deadline of {@link RingMachine#nextDeadlineNanos()} has passed. */
    record TimerDue() implements Input {
        @Override
        public void dispatch(InputHandler handler) {
            handler.timerDue();
        }
    }

    /** The packet source was empty and is not any more. */
    record Submitted() implements Input {
        @Override
        public void dispatch(InputHandler handler) {
            handler.submitted();
        }
    }

    /** How far subscribers of this node cannot follow, from now on. */
    record HoldBack(Restraint restraint) implements Input {
        @Override
        public void dispatch(InputHandler handler) {
            handler.holdBack(restraint);
        }
    }

    /** The node leaves; the last input. */
    record Leave() implements Input {
        @Override
        public void dispatch(InputHandler handler) {
            handler.leave();
        }
    }
}
