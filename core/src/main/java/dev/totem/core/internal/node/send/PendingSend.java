/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node.send;

import dev.totem.core.Message;
import dev.totem.core.Position;
import dev.totem.core.TotemException;
import dev.totem.core.internal.group.EnvelopeCache;
import dev.totem.core.internal.group.GroupEnvelope;
import dev.totem.core.internal.group.GroupNotice;
import dev.totem.core.internal.node.crossing.OrderedSignal;
import dev.totem.core.internal.packing.OutgoingMessage;
import dev.totem.core.internal.packing.Packer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import reactor.util.context.Context;

/** One send, from its subscription to its only signal. Node loop only, except where it says otherwise. */
public final class PendingSend implements Admission.Turn, OrderedSignal {

    /** What a message costs beside its bytes: its objects on the way from the subscriber to the packer and back. */
    private static final long OBJECTS_BYTES = 256;

    private static final Message NOTHING = Message.of(new byte[0]);

    private final HandleState handle;
    private Message message;
    private final Outcome outcome;
    private final long place;
    private final Admission admission;
    private final boolean isHeld;
    private final boolean isOnlyInPrimary;
    private final long costBytes;
    private final @Nullable GroupNotice notice;

    /** Made by the caller, as it takes its time. */
    private byte @Nullable [] longEnvelope;

    private @Nullable OutgoingMessage<PendingSend> outgoing;
    private @Nullable Packer<PendingSend> packer;
    private Stage stage = Stage.NEW;

    /** One of the two is set, once, before the signal is handed over. */
    private @Nullable Position position;

    private @Nullable TotemException reason;
    private int after;

    /** The lane's: it was told, should memory have run out while it was handed over, and that done again. */
    private boolean isSignalled;

    @Nullable
    PendingSend previous;

    @Nullable
    PendingSend next;

    boolean isAccepted;

    private enum Stage {
        NEW,
        WAITING,
        LET_IN,
        ENDED
    }

    /** Who is told how a send ended, on the handle's lane: one of the two, once, unless it was cancelled. */
    public interface Outcome {

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

        /** Of the subscriber that is told. */
        Context currentContext();
    }

    /**
     * Any thread.
     *
     * @param place its place among the sends with this outcome
     * @param isHeld whether its bytes are already counted as held by the admission
     */
    PendingSend(HandleState handle, Message message, Outcome outcome, long place, Admission admission, boolean isHeld) {
        this(handle, message, outcome, place, new Room(admission, isHeld), null);
    }

    private record Room(Admission admission, boolean isHeld) {}

    /** Of a notice, whose bytes are what is sent. */
    static PendingSend ofNotice(
            HandleState handle, GroupNotice notice, Outcome outcome, long place, Admission admission) {
        return new PendingSend(handle, NOTHING, outcome, place, new Room(admission, false), notice);
    }

    private PendingSend(
            HandleState handle, Message message, Outcome outcome, long place, Room room, @Nullable GroupNotice notice) {
        this.handle = handle;
        this.message = message;
        isOnlyInPrimary = message.isOnlyInPrimary();
        costBytes = costBytes(message);
        this.outcome = outcome;
        this.place = place;
        this.admission = room.admission();
        this.isHeld = room.isHeld();
        this.notice = notice;
        longEnvelope = isMadeByCaller(message)
                ? new GroupEnvelope(message.groups(), message.recipients(), message.headers()).encode()
                : null;
    }

    private static boolean isMadeByCaller(Message message) {
        boolean isNamed = !message.groups().isEmpty() || !message.recipients().isEmpty();
        boolean isMore = !message.recipients().isEmpty() || !message.headers().isEmpty();
        return isNamed && (isMore || message.groups().size() > EnvelopeCache.GROUPS_MAX);
    }

    public HandleState handle() {
        return handle;
    }

    /** What is said instead of a message, if it is. */
    @Nullable
    public GroupNotice notice() {
        return notice;
    }

    /** What is sent; nothing, once it has ended. */
    Message message() {
        return message;
    }

    boolean isOnlyInPrimary() {
        return isOnlyInPrimary;
    }

    /** What the message begins with, if it names many groups. */
    Optional<byte[]> longEnvelope() {
        return Optional.ofNullable(longEnvelope);
    }

    Outcome outcome() {
        return outcome;
    }

    long place() {
        return place;
    }

    /** Any thread: what a message counts against the node's memory. */
    static long costBytes(Message message) {
        return costBytes(message.payload().length);
    }

    /** Any thread: the same of a payload of so many bytes. */
    static long costBytes(int payloadBytes) {
        return OBJECTS_BYTES + payloadBytes;
    }

    /** Takes its place in the line. */
    void enter(byte[] envelope, Packer<PendingSend> to) {
        outgoing = new OutgoingMessage<>(message.guarantee(), envelope, message.payload(), this);
        packer = to;
        stage = Stage.WAITING;
        if (isHeld) {
            // It had its turn when it was asked for, and may take less room than was kept for it.
            begin();
            admission.advance();
        } else {
            admission.enter(this);
        }
    }

    /** Goes before all others, as a matter of the node itself. */
    void enterFirst(byte[] envelope, Packer<PendingSend> to) {
        OutgoingMessage<PendingSend> made =
                new OutgoingMessage<>(message.guarantee(), envelope, message.payload(), this);
        outgoing = made;
        packer = to;
        stage = Stage.LET_IN;
        admission.take(neededBytes());
        to.addFirst(made);
    }

    @Override
    public long neededBytes() {
        return isHeld ? 0 : costBytes;
    }

    @Override
    public void begin() {
        OutgoingMessage<PendingSend> made = outgoing;
        Packer<PendingSend> to = packer;
        if (made != null && to != null) {
            stage = Stage.LET_IN;
            admission.take(neededBytes());
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

    /** Gives back what it holds: what is left waits for its signal, for as long as its subscriber makes it wait. */
    void end() {
        Stage before = stage;
        stage = Stage.ENDED;
        if (before == Stage.LET_IN || (before != Stage.ENDED && isHeld)) {
            admission.release(costBytes);
        }
        message = NOTHING;
        longEnvelope = null;
        outgoing = null;
        packer = null;
    }

    boolean hasEnded() {
        return stage == Stage.ENDED;
    }

    /**
     * It came back; says whether {@link #emit} must follow on the handle's lane.
     *
     * @param events the place in the order of the first event that it need not wait for
     */
    boolean succeed(Position at, int events) {
        if (isTold()) {
            return false;
        }
        after = events;
        position = at;
        return true;
    }

    /** It came back where it should not have: as {@link #succeed}. */
    boolean fail(TotemException why, int events) {
        after = events;
        return fail(why);
    }

    @Override
    public int after() {
        return after;
    }

    /** It did not come back; says whether {@link #emit} must follow on the handle's lane. */
    boolean fail(TotemException why) {
        if (isTold()) {
            return false;
        }
        reason = why;
        return true;
    }

    private boolean isTold() {
        return position != null || reason != null;
    }

    /** The handle's lane: the only signal. */
    @Override
    public void emit() {
        Position at = position;
        TotemException why = reason;
        if (isSignalled) {
            return;
        }
        isSignalled = true;
        if (at != null) {
            outcome.sent(place, at);
        } else if (why != null) {
            outcome.failed(place, why);
        }
    }

    @Override
    public Context currentContext() {
        return outcome.currentContext();
    }

    @Override
    public Object whom() {
        return outcome;
    }
}
