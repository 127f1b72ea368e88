/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.internal.sim;

import dev.totem.core.NodeId;
import dev.totem.core.Position;
import dev.totem.core.Quorum;
import dev.totem.core.internal.group.GroupEnvelope;
import dev.totem.core.internal.message.Origin;
import dev.totem.core.internal.message.RegularMessage;
import dev.totem.core.internal.packing.Unpacker;
import dev.totem.core.internal.protocol.Effect;
import dev.totem.core.internal.protocol.Input;
import dev.totem.core.internal.protocol.RingView;
import dev.totem.core.internal.protocol.StepWitness;
import dev.totem.testkit.internal.check.LogEvent;
import dev.totem.testkit.internal.check.MessageId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What one life of a node originates and delivers, seen in the steps of its protocol: the messages of all groups, whoever
 * joined them. One thread.
 */
final class DeliveryLog implements StepWitness {

    /** Every message has one sender's stream here. */
    private static final int STREAM = 0;

    private final NodeId self;
    private final int life;
    private final Quorum quorum;
    private final Map<Origin, Integer> lives;
    private final Trace trace;
    private final Progress progress;
    private final Consumer<LogEvent> onEvent;
    private final Unpacker originated = new Unpacker(Integer.MAX_VALUE);
    private final Unpacker delivered = new Unpacker(Integer.MAX_VALUE);
    private final List<LogEvent> events = new ArrayList<>();
    private Optional<RegularMessage> last = Optional.empty();

    /**
     * @param lives which life of its node an origin is; all logs of a cluster share it
     * @param onEvent told of each event as it happens
     */
    DeliveryLog(SimUser.Life begun, Map<Origin, Integer> lives, Consumer<LogEvent> onEvent) {
        this.self = begun.node();
        this.life = begun.number();
        this.quorum = begun.quorum();
        this.trace = begun.trace();
        this.progress = begun.progress();
        this.lives = lives;
        this.onEvent = onEvent;
    }

    @Override
    public void stepped(Input input, RingView view, List<Effect> effects) {
        progress.reached(Milestone.STEP);
        effects.forEach(this::wanted);
    }

    private void wanted(Effect effect) {
        if (effect instanceof Effect.Install install) {
            if (install.change().isRegular()) {
                progress.reached(Milestone.INSTALL);
                originated.dropUnfinished();
                delivered.dropUnfinished();
            }
            write(LogEvent.Conf.of(install.change(), quorum));
        } else if (effect instanceof Effect.Deliver deliver) {
            delivered(deliver.message());
        } else if (effect instanceof Effect.Multicast multicast
                && multicast.message() instanceof RegularMessage message
                && message.origin().node().equals(self)
                && !isSentAgain(message)) {
            last = Optional.of(message);
            lives.put(message.origin(), life);
            read(
                    originated,
                    message,
                    (mid, index) -> write(new LogEvent.Send(mid, message.guarantee(), message.ring(), message.seq())));
        }
    }

    private boolean isSentAgain(RegularMessage message) {
        return last.filter(before -> before.ring().equals(message.ring()) && before.seq() >= message.seq())
                .isPresent();
    }

    private void delivered(RegularMessage frame) {
        read(
                delivered,
                frame,
                (mid, index) -> write(new LogEvent.Deliver(
                        mid, mid.sender(), frame.guarantee(), new Position(frame.ring(), frame.seq(), index))));
    }

    private void read(Unpacker unpacker, RegularMessage frame, Reader reader) {
        unpacker.unpack(frame.origin(), frame.packet(), (index, number, bytes) -> {
            if (GroupEnvelope.decode(bytes).isPresent()) {
                int whose = lives.getOrDefault(frame.origin(), -1);
                reader.message(new MessageId(frame.origin().node(), whose, STREAM, number), index);
            }
        });
    }

    private void write(LogEvent event) {
        events.add(event);
        trace.add(events.size(), event.getClass().getSimpleName().hashCode());
        onEvent.accept(event);
    }

    /** The life is over. */
    void end(LogEvent event) {
        write(event);
    }

    List<LogEvent> events() {
        return List.copyOf(events);
    }

    @FunctionalInterface
    private interface Reader {
        void message(MessageId mid, int index);
    }
}
