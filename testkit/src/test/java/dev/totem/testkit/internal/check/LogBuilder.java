/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.internal.check;

import dev.totem.core.ConfigChange;
import dev.totem.core.Guarantee;
import dev.totem.core.NodeId;
import dev.totem.core.Position;
import dev.totem.core.RingId;
import dev.totem.core.SendFailedException.Fate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** A log written by hand: one line an event, ring 1.8 written as {@code ring(1, 8)}. */
final class LogBuilder {

    private final NodeId process;
    private final int life;
    private final List<LogEvent> events = new ArrayList<>();

    private LogBuilder(int process, int life) {
        this.process = NodeId.of(process);
        this.life = life;
    }

    static LogBuilder log(int process) {
        return new LogBuilder(process, 0);
    }

    static LogBuilder log(int process, int life) {
        return new LogBuilder(process, life);
    }

    /** The usual beginning: alone on a ring of its own, and then with others on another. */
    static LogBuilder joined(int process, RingId ring, int... members) {
        int[] joined = IntStream.of(members).filter(m -> m != process).toArray();
        RingId own = ring(process, 4);
        return log(process)
                .regular(own, process)
                .transitional(own, ring, process)
                .regular(ring, members, joined);
    }

    static RingId ring(int representative, long seq) {
        return new RingId(NodeId.of(representative), seq);
    }

    static MessageId message(int sender, int counter) {
        return new MessageId(NodeId.of(sender), 0, 0, counter);
    }

    LogBuilder regular(RingId ring, int... members) {
        return regular(ring, members, new int[0]);
    }

    LogBuilder regular(RingId ring, int[] members, int[] joined) {
        return conf(ConfigChange.Kind.REGULAR, ring, ring, members, joined, new int[0]);
    }

    LogBuilder transitional(RingId old, RingId next, int... members) {
        return transitional(old, next, members, new int[0]);
    }

    LogBuilder transitional(RingId old, RingId next, int[] members, int[] left) {
        return conf(ConfigChange.Kind.TRANSITIONAL, old, next, members, new int[0], left);
    }

    private LogBuilder conf(ConfigChange.Kind kind, RingId ring, RingId next, int[] members, int[] joined, int[] left) {
        return add(new LogEvent.Conf(
                kind, ring, Optional.of(next), ids(members), ids(joined), ids(left), Optional.empty()));
    }

    /** The configuration that was added last says whether it may decide. */
    LogBuilder primary(boolean isPrimary) {
        LogEvent.Conf last = (LogEvent.Conf) events.remove(events.size() - 1);
        return add(new LogEvent.Conf(
                last.kind(),
                last.ring(),
                last.successor(),
                last.members(),
                last.joined(),
                last.left(),
                Optional.of(isPrimary)));
    }

    LogBuilder submitOnlyInPrimary(MessageId mid) {
        return add(new LogEvent.Submit(mid, Guarantee.AGREED, true));
    }

    LogBuilder submit(MessageId mid) {
        return add(new LogEvent.Submit(mid, Guarantee.AGREED));
    }

    LogBuilder submitSafe(MessageId mid) {
        return add(new LogEvent.Submit(mid, Guarantee.SAFE));
    }

    LogBuilder send(MessageId mid, RingId ring, long seq) {
        return add(new LogEvent.Send(mid, Guarantee.AGREED, ring, seq));
    }

    LogBuilder sent(MessageId mid, RingId ring, long seq) {
        return add(new LogEvent.Sent(mid, new Position(ring, seq, 0)));
    }

    LogBuilder unsent(MessageId mid, Fate fate) {
        return add(new LogEvent.Unsent(mid, fate));
    }

    LogBuilder deliver(MessageId mid, RingId ring, long seq) {
        return add(new LogEvent.Deliver(mid, mid.sender(), Guarantee.AGREED, new Position(ring, seq, 0)));
    }

    LogBuilder deliverSafe(MessageId mid, RingId ring, long seq) {
        return add(new LogEvent.Deliver(mid, mid.sender(), Guarantee.SAFE, new Position(ring, seq, 0)));
    }

    LogBuilder fail() {
        return add(new LogEvent.Fail(false));
    }

    LogBuilder failBehind() {
        return add(new LogEvent.Fail(true));
    }

    LogBuilder left() {
        return add(new LogEvent.Left());
    }

    LogBuilder add(LogEvent event) {
        events.add(event);
        return this;
    }

    EvsLog end() {
        return new EvsLog(process, life, events);
    }

    private static List<NodeId> ids(int... ids) {
        return IntStream.of(ids).mapToObj(NodeId::of).toList();
    }
}
