/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.protocol;

import dev.totem.core.ChangeCause;
import dev.totem.core.RingId;
import dev.totem.core.internal.message.ProtocolMessage;
import dev.totem.core.internal.ordering.Restraint;

/** Everything that can happen to the machine. */
public sealed interface Input {

    /** Calls the handler's method for this kind. */
    void dispatch(InputHandler handler);

    /**
     * The node starts; the first input, once.
     *
     * @param storedRingSeq no ring that this node ever belonged to has a higher number
     * @param ringSeqMax what no ring has reached at the time of the start: higher numbers that others announce are not
     *     believed; grows with the time
     */
    record Start(long storedRingSeq, long ringSeqMax) implements Input {

        private static final long RINGS_A_MILLISECOND = 256;
        static final long NUMBERS_A_MILLISECOND = RINGS_A_MILLISECOND * RingId.STEP;

        /** Two centuries: how far the clocks of a cluster may be apart, and wrong. */
        private static final long AHEAD_MAX = 200L * 365 * 24 * 3_600_000 * NUMBERS_A_MILLISECOND;

        /** No clock shows more; the numbers of that time are far from the end of the long integers. */
        private static final long EPOCH_MILLIS_MAX = 1L << 48;

        /** With a clock that agrees with what was stored. */
        public Start(long storedRingSeq) {
            this(storedRingSeq, storedRingSeq + AHEAD_MAX);
        }

        /**
         * Of two sources the higher: what stable storage held, 0 if nothing, and the clock. No cluster forms so many rings
         * a millisecond, so that the clock is ahead of all numbers in use, and a node whose storage was lost, cut short or
         * put back from an old copy uses none a second time ({@code PROTOCOL.md} 8). The numbers stay below 2^53 for two
         * centuries, exact for readers that know only doubles.
         *
         * <p>A stored number that is centuries ahead of the clock is not one that a cluster came to: whatever wrote it, the
         * clock alone counts, and the node starts.
         */
        public static Start of(long storedRingSeq, long epochMillis) {
            long clock = clockSeq(epochMillis);
            long most = clock + AHEAD_MAX;
            return new Start(storedRingSeq > most ? clock : Math.max(storedRingSeq, clock), most);
        }

        /** The ring number of a moment. */
        public static long clockSeq(long epochMillis) {
            return Math.max(0, Math.min(epochMillis, EPOCH_MILLIS_MAX)) * NUMBERS_A_MILLISECOND;
        }

        @Override
        public void dispatch(InputHandler handler) {
            handler.start(this);
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

    /** A frame came that cannot be opened, whoever sent it. */
    record Refused(ChangeCause.KeyUnknown.Why why) implements Input {
        @Override
        public void dispatch(InputHandler handler) {
            handler.refused(why);
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
