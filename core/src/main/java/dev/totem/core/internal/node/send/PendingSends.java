/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node.send;

import dev.totem.core.ConfigChange;
import dev.totem.core.Guarantee;
import dev.totem.core.Message;
import dev.totem.core.NodeId;
import dev.totem.core.Position;
import dev.totem.core.SendFailedException;
import dev.totem.core.TotemException;
import dev.totem.core.internal.group.EnvelopeCache;
import dev.totem.core.internal.group.GroupNotice;
import dev.totem.core.internal.group.KeyNotice;
import dev.totem.core.internal.membership.RingAgreement;
import dev.totem.core.internal.node.crossing.HandleLane;
import dev.totem.core.internal.node.crossing.LaneScheduler;
import dev.totem.core.internal.node.crossing.LaneWatch;
import dev.totem.core.internal.node.crossing.WokenLanes;
import dev.totem.core.internal.packing.Packer;
import dev.totem.core.internal.settings.BufferLimits;
import dev.totem.core.internal.settings.WireVersions;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import reactor.util.context.Context;

/**
 * The sends under way: into the packer's queue when they are let in, and from the order back to their subscribers. Node loop
 * only, except where it says otherwise.
 */
public final class PendingSends {

    /** Nobody waits for a notice: it is heard of when it is delivered. */
    private static final PendingSend.Outcome UNHEARD = new PendingSend.Outcome() {

        @Override
        public void sent(long place, Position position) {}

        @Override
        public void failed(long place, TotemException reason) {}

        @Override
        public boolean isOver() {
            return true;
        }

        @Override
        public Context currentContext() {
            return Context.empty();
        }
    };

    private final Packer<PendingSend> packer;
    private final Admission admission;
    private RingAgreement agreement;

    private final HandleState ownHandle =
            new HandleState(new HandleLane(LaneScheduler.ofTheNode(), LaneWatch.NONE), 0, Optional.empty());

    private final EnvelopeCache envelopes = new EnvelopeCache();
    private final WokenLanes woken;

    private final NodeId self;
    private final PrimaryPart part;

    public PendingSends(
            PrimaryPart part,
            NodeId self,
            Packer<PendingSend> packer,
            Admission admission,
            WokenLanes woken,
            BufferLimits limits) {
        this.part = part;
        this.self = self;
        this.packer = packer;
        this.admission = admission;
        this.woken = woken;
        agreement = new RingAgreement(limits.messageBytesMax(), self, 0, WireVersions.FIRST);
    }

    /** The members of a new ring: what was accepted before is sent all the same. */
    public void agreed(RingAgreement of) {
        agreement = of;
    }

    /** Any thread. */
    Admission admission() {
        return admission;
    }

    /** Puts a send last in line, or refuses it. */
    void accept(PendingSend send) {
        int bytes = send.message().payload().length;
        if (send.hasEnded() || send.outcome().isOver()) {
            send.end();
        } else if (send.handle().isClosing()) {
            refuse(send, HandleState.CLOSED);
        } else if (bytes > agreement.messageBytesMax()) {
            refuse(send, tooLarge(bytes));
        } else if (send.isOnlyInPrimary() && part.refusal().isPresent()) {
            refuse(send, part.refusal().get());
        } else {
            enter(send);
        }
    }

    /** Any thread: whether this node would be primary if it had no ring. */
    public boolean isPrimaryAlone() {
        return part.isPrimaryAlone();
    }

    /** A configuration is current from here on: what is only for primaries and was not ordered yet is refused if it is none. */
    public void changed(ConfigChange change, Collection<HandleState> handles) {
        part.changed(change);
        Optional<SendFailedException> refusal = change.isRegular() ? part.refusal() : Optional.empty();
        if (refusal.isPresent()) {
            for (HandleState handle : handles) {
                handle.accepted().all().stream()
                        .filter(send -> send.isOnlyInPrimary() && send.withdraw())
                        .forEach(send -> {
                            handle.accepted().remove(send);
                            refuse(send, refusal.get());
                        });
            }
        }
    }

    /** A send could not be served, for a reason that was not foreseen. */
    void failed(PendingSend send, RuntimeException thrown) {
        cancel(send);
        send.end();
        if (send.fail(SendFailedException.unknown("it could not be served: " + thrown))) {
            send.handle().lane().schedule(send);
        }
    }

    /** Puts a notice last in line. */
    public void accept(KeyNotice notice) {
        Message message = new Message(List.of(), Guarantee.AGREED, new byte[0]);
        new PendingSend(ownHandle, message, UNHEARD, 0, admission, false).enter(notice.encode(), packer);
    }

    /** Puts what a handle says of its groups behind what it has sent. */
    public void say(HandleState handle, GroupNotice notice, PendingSend.Outcome outcome, long place) {
        PendingSend send = PendingSend.ofNotice(handle, notice, outcome, place, admission);
        handle.accepted().add(send);
        send.enter(notice.encode(), packer);
    }

    /** Puts what the node says of its groups last in line. */
    public void say(GroupNotice notice) {
        PendingSend.ofNotice(ownHandle, notice, UNHEARD, 0, admission).enter(notice.encode(), packer);
    }

    /** Puts what the node says of its groups before all that waits. */
    public PendingSend sayFirst(GroupNotice notice) {
        PendingSend send = PendingSend.ofNotice(ownHandle, notice, UNHEARD, 0, admission);
        send.enterFirst(notice.encode(), packer);
        return send;
    }

    /** Takes a notice out again if nothing of it was originated; says whether it did. */
    public boolean takeBack(PendingSend send) {
        boolean isUnseen = send.withdraw();
        if (isUnseen) {
            send.end();
        }
        return isUnseen;
    }

    /** Nobody waits for it any more: takes it out unless a part of it was originated. */
    void cancel(PendingSend send) {
        if (send.withdraw()) {
            send.handle().accepted().remove(send);
            send.end();
        }
    }

    /** A publisher of messages begins; it is told when the handle closes. */
    void attach(HandleState handle, SendAllSubscription subscription) {
        if (!subscription.isOver()) {
            admission.add(subscription.reservation());
            handle.attach(subscription);
        }
    }

    /** A publisher of messages has ended: what it still has under way is cancelled. */
    void detach(HandleState handle, SendAllSubscription subscription) {
        handle.detach(subscription);
        admission.remove(subscription.reservation());
        subscription.reservation().giveBack();
        admission.leave(subscription);
        admission.advance();
        cancelFrom(handle, subscription, 0);
    }

    /** Cancels what was sent from this place on. */
    void cancelFrom(HandleState handle, PendingSend.Outcome outcome, long place) {
        List<PendingSend> concerned = handle.accepted().all().stream()
                .filter(send -> send.outcome() == outcome && send.place() >= place)
                .toList();
        concerned.forEach(this::cancel);
    }

    /** Lets a publisher of messages wait for its turn. */
    void await(HandleState handle, SendAllSubscription subscription) {
        if (!subscription.isOver() && !handle.isClosing()) {
            admission.enter(subscription);
        }
    }

    /**
     * An own message was delivered.
     *
     * @param events the place in the order of the event that comes next
     */
    public void delivered(long number, Position position, int events) {
        packer.delivered(number).ifPresent(outgoing -> came(outgoing.attachment(), position, events));
    }

    /** The same of one that was not sent itself, as something else says it too. */
    public void came(PendingSend send, Position position, int events) {
        HandleState handle = send.handle();
        handle.accepted().remove(send);
        send.end();
        Optional<SendFailedException> broken = send.isOnlyInPrimary() ? part.broken() : Optional.empty();
        boolean isToBeTold = broken.isPresent() ? send.fail(broken.get(), events) : send.succeed(position, events);
        if (isToBeTold) {
            handle.lane().came(send);
            woken.add(handle.lane());
        }
    }

    /**
     * Gives up what a handle has under way, each with its fate. What may have been ordered still counts until it comes back,
     * if it does.
     */
    public void giveUp(HandleState handle, String why) {
        List<PendingSend> all = handle.accepted().all();
        // The last first: else a place that becomes free would let in what is given up next.
        Collections.reverse(all);
        SendFailedException unseen = SendFailedException.refused(why + " before the message was ordered");
        SendFailedException unknown = SendFailedException.unknown(why + " before the message came back");
        for (PendingSend send : all) {
            boolean isUnseen = send.withdraw();
            if (isUnseen) {
                send.end();
            }
            send.fail(isUnseen ? unseen : unknown);
        }
        Collections.reverse(all);
        all.forEach(handle.lane()::schedule);
        // At last, so that this can be done again if memory ran out in between.
        all.forEach(handle.accepted()::remove);
    }

    private void enter(PendingSend send) {
        Message message = send.message();
        Optional<byte[]> envelope = send.longEnvelope();
        if (envelope.isEmpty() && message.groups().isEmpty()) {
            int joined = send.handle().groups().count();
            if (joined > Message.GROUPS_MAX) {
                refuse(
                        send,
                        "the handle has joined " + joined + " groups, and a message to all of them can name "
                                + Message.GROUPS_MAX + ": name those it is for");
                return;
            }
            envelope = message.headers().isEmpty()
                    ? send.handle().groups().envelope()
                    : send.handle().groups().envelope(message.headers());
        } else if (envelope.isEmpty()) {
            envelope = Optional.of(envelopes.encode(message.groups()));
        }
        if (envelope.isEmpty()) {
            refuse(
                    send,
                    "the handle has joined no group, so the message goes nowhere: join one first, or name the groups");
            return;
        }
        send.handle().accepted().add(send);
        send.enter(envelope.get(), packer);
    }

    private String tooLarge(int bytes) {
        String limit = "payload of " + bytes + " bytes is above max-message-size " + agreement.messageBytesMax();
        return agreement.limitedBy().equals(self)
                ? limit + "; raise it at every node or send less"
                : limit + " of node " + agreement.limitedBy() + ", the least in this ring; raise it there or send less";
    }

    private static void refuse(PendingSend send, String why) {
        refuse(send, SendFailedException.refused(why));
    }

    private static void refuse(PendingSend send, SendFailedException why) {
        send.end();
        if (send.fail(why)) {
            send.handle().lane().schedule(send);
        }
    }
}
