/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.internal.sim;

import dev.totem.core.Delivery;
import dev.totem.core.NodeId;
import dev.totem.core.Position;
import dev.totem.core.internal.group.GroupEnvelope;
import dev.totem.core.internal.message.RegularMessage;
import dev.totem.core.internal.packing.MessageBytes;
import dev.totem.core.internal.packing.Unpacker;
import dev.totem.core.internal.protocol.Effect;
import dev.totem.core.internal.protocol.Input;
import dev.totem.core.internal.protocol.RingView;
import dev.totem.core.internal.protocol.StepWitness;
import dev.totem.testkit.internal.check.LogEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The moments at which one life of a node originated its messages, seen in the steps that want its datagrams sent. One thread.
 *
 * <p>The loop is ahead of its users: a moment is told by what the loop had delivered before, so that it finds its place
 * among what the users saw.
 */
final class SendLog implements StepWitness {

    private static final int MESSAGE_BYTES_MAX = Integer.MAX_VALUE;

    private final NodeId self;
    private final Trace trace;
    private final Progress progress;
    private final Unpacker unpacker = new Unpacker(MESSAGE_BYTES_MAX);
    private final List<Moment> moments = new ArrayList<>();
    private int changes;
    private long delivered;
    private Optional<RegularMessage> last = Optional.empty();

    SendLog(NodeId self, Trace trace, Progress progress) {
        this.self = self;
        this.trace = trace;
        this.progress = progress;
    }

    @Override
    public void stepped(Input input, RingView view, List<Effect> effects) {
        progress.reached(Milestone.STEP);
        effects.forEach(this::wanted);
    }

    private void wanted(Effect effect) {
        if (effect instanceof Effect.Persist) {
            progress.reached(Milestone.ACCEPT);
        } else if (effect instanceof Effect.Install install) {
            changes++;
            if (install.change().isRegular()) {
                progress.reached(Milestone.INSTALL);
                delivered = 0;
                unpacker.dropUnfinished();
            }
        } else if (effect instanceof Effect.Deliver deliver) {
            delivered = deliver.message().seq();
        } else if (effect instanceof Effect.Multicast multicast
                && multicast.message() instanceof RegularMessage message
                && message.origin().node().equals(self)
                && !isSentAgain(message)) {
            last = Optional.of(message);
            unpacker.unpack(message.origin(), message.packet(), (index, number, bytes) -> sent(message, index, bytes));
        }
    }

    private boolean isSentAgain(RegularMessage message) {
        return last.filter(before -> before.ring().equals(message.ring()) && before.seq() >= message.seq())
                .isPresent();
    }

    private void sent(RegularMessage frame, int index, MessageBytes bytes) {
        GroupEnvelope.decode(bytes)
                .map(envelope -> new Delivery(
                        self,
                        envelope.groups(),
                        frame.guarantee(),
                        new Position(frame.ring(), frame.seq(), index),
                        bytes.readRemaining()))
                .flatMap(SimPayload::claimedId)
                .map(mid -> new LogEvent.Send(mid, frame.guarantee(), frame.ring(), frame.seq()))
                .ifPresent(send -> {
                    trace.add(frame.seq(), send.mid().counter());
                    moments.add(new Moment(send, changes, delivered));
                });
    }

    /**
     * Puts the moments where they belong in what the users saw. One that came after a change which the users of a crashed
     * node did not live to see is left out: their log ends before it.
     */
    List<LogEvent> among(List<LogEvent> seen) {
        List<LogEvent> all = new ArrayList<>(seen.size() + moments.size());
        int next = 0;
        int seenChanges = 0;
        for (LogEvent event : seen) {
            boolean isEnd =
                    event instanceof LogEvent.Fail || event instanceof LogEvent.Stuck || event instanceof LogEvent.Left;
            while (next < moments.size() && moments.get(next).isBefore(event, isEnd, seenChanges)) {
                all.add(moments.get(next++).send());
            }
            seenChanges += event instanceof LogEvent.Conf ? 1 : 0;
            all.add(event);
        }
        while (next < moments.size() && moments.get(next).changes() <= seenChanges) {
            all.add(moments.get(next++).send());
        }
        return all;
    }

    /**
     * One message's.
     *
     * @param changes configuration changes delivered before
     * @param delivered the seq delivered last in that configuration, 0 if none
     */
    private record Moment(LogEvent.Send send, int changes, long delivered) {

        boolean isBefore(LogEvent event, boolean isEnd, int seenChanges) {
            if (event instanceof LogEvent.Deliver deliver) {
                return changes < seenChanges
                        || (changes == seenChanges
                                && delivered < deliver.position().seq());
            }
            return (isEnd || event instanceof LogEvent.Conf) && changes <= seenChanges;
        }
    }
}
