/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.node;

import dev.totem.core.Message;
import dev.totem.core.Position;
import dev.totem.core.TotemException;
import dev.totem.core.packing.OutgoingMessage;
import dev.totem.core.packing.Packer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One send, from its subscription to its only signal. Node loop only, except where it says otherwise. */
final class PendingSend implements Admission.Turn {

    /** What a message costs beside its bytes: its objects on the way from the subscriber to the packer and back. */
    private static final long OBJECTS_BYTES = 256;

    private final HandleState handle;
    private final Message message;
    private final Outcome outcome;
    private final long place;
    private final Admission admission;
    private final boolean isHeld;
    private @Nullable OutgoingMessage<PendingSend> outgoing;
    private @Nullable Packer<PendingSend> packer;
    private Stage stage = Stage.NEW;
    private boolean isTold;

    private enum Stage {
        NEW,
        WAITING,
        LET_IN,
        ENDED
    }

    /** Who is told how a send ended, on the handle's lane: one of the two, once, unless it was cancelled. */
    interface Outcome {

        /**
         * It came back.
         *
         * @param place that of the send among those with this outcome
         */
        void sent(long place, Position position);

        /**
         * It did not.
         *
         * @param place that of the send among those with this outcome
         */
        void failed(long place, TotemException reason);

        /** Any thread: whether nothing more is of interest, so that what was not accepted yet need not be. */
        boolean isOver();
    }

    /**
     * Any thread.
     *
     * @param place its place among the sends with this outcome
     * @param isHeld whether its bytes are already counted as held by the admission
     */
    PendingSend(HandleState handle, Message message, Outcome outcome, long place, Admission admission, boolean isHeld) {
        this.handle = handle;
        this.message = message;
        this.outcome = outcome;
        this.place = place;
        this.admission = admission;
        this.isHeld = isHeld;
    }

    HandleState handle() {
        return handle;
    }

    Message message() {
        return message;
    }

    Outcome outcome() {
        return outcome;
    }

    long place() {
        return place;
    }

    /** Any thread: what a message counts against the node's memory. */
    static long costBytes(Message message) {
        return OBJECTS_BYTES + message.payload().length;
    }

    /** Takes its place in the line. */
    void enter(byte[] envelope, Packer<PendingSend> to) {
        outgoing = new OutgoingMessage<>(message.guarantee(), envelope, message.payload(), this);
        packer = to;
        stage = Stage.WAITING;
        admission.enter(this);
    }

    @Override
    public long neededBytes() {
        return isHeld ? 0 : costBytes(message);
    }

    @Override
    public void begin() {
        OutgoingMessage<PendingSend> made = outgoing;
        Packer<PendingSend> to = packer;
        if (made != null && to != null) {
            stage = Stage.LET_IN;
            admission.began();
            admission.hold(neededBytes());
            to.add(made);
        }
    }

    /** Takes it out of the line, or out of the packer's queue unless a part of it was originated; says whether it did. */
    boolean withdraw() {
        OutgoingMessage<PendingSend> made = outgoing;
        Packer<PendingSend> from = packer;
        return switch (stage) {
            case NEW -> true;
            case WAITING -> admission.leave(this);
            case LET_IN -> made != null && from != null && from.cancel(made);
            case ENDED -> false;
        };
    }

    /** Gives back what it holds. */
    void end() {
        Stage before = stage;
        stage = Stage.ENDED;
        if (before == Stage.LET_IN) {
            admission.ended(costBytes(message));
        } else if (before != Stage.ENDED && isHeld) {
            admission.release(costBytes(message));
        }
    }

    boolean hasEnded() {
        return stage == Stage.ENDED;
    }

    /** The signal that ends it well, once; for the handle's lane. */
    Optional<Runnable> success(Position position) {
        return signal(() -> outcome.sent(place, position));
    }

    /** The signal that ends it badly, once; for the handle's lane. */
    Optional<Runnable> failure(TotemException reason) {
        return signal(() -> outcome.failed(place, reason));
    }

    private Optional<Runnable> signal(Runnable signal) {
        boolean isFirst = !isTold;
        isTold = true;
        return isFirst ? Optional.of(signal) : Optional.empty();
    }
}
