/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node.observe;

import dev.totem.core.ConfigChange;
import dev.totem.core.NodeId;
import dev.totem.core.internal.message.CommitToken;
import dev.totem.core.internal.message.Join;
import dev.totem.core.internal.protocol.DropReason;
import dev.totem.core.internal.protocol.RingObserver;
import dev.totem.core.internal.protocol.RingPhase;
import dev.totem.core.internal.protocol.TimerKind;
import dev.totem.core.spi.OpenFailure;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.LongSupplier;

/**
 * What the machine was told and did last, as lines of JSON. Written on the node loop, read on any thread.
 *
 * <p>Nothing is written for tokens and messages; what happens often is counted, and the counts are a line before the next one of
 * another kind.
 */
public final class BlackBox implements RingObserver {

    static final int LINES_MAX = 4_096;

    static final int CHARS_MAX = 1 << 20;

    /** What a longer text is cut to. */
    private static final int TEXT_CHARS_MAX = 1_024;

    private final LongSupplier epochMillis;
    private final Queue<String> lines = new ConcurrentLinkedQueue<>();
    private int size;
    private long chars;
    private final Counts<DropReason> dropped = new Counts<>("dropped", DropReason.values());
    private final Counts<OpenFailure> refused = new Counts<>("refused", OpenFailure.values());
    private final Counts<TimerKind> expired = new Counts<>("timers", TimerKind.values());

    /** Since the line before. */
    private int heldBack;

    /** What each sender proposed last since the ring was installed: it says so again and again. */
    private final Map<NodeId, Proposal> proposals = new HashMap<>();

    private record Proposal(long life, List<NodeId> proc, List<NodeId> fail) {}

    public BlackBox(LongSupplier epochMillis) {
        this.epochMillis = epochMillis;
    }

    /** Any thread: oldest first. */
    public List<String> lines() {
        return List.copyOf(lines);
    }

    @Override
    public void entered(RingPhase phase, String reason) {
        write(line("phase").text("phase", name(phase)).text("why", reason));
    }

    @Override
    public void expired(TimerKind kind) {
        switch (kind) {
            case TOKEN_LOSS, CONSENSUS -> write(line("timer").text("timer", name(kind)));
            case TOKEN_RETRANSMIT, JOIN -> expired.count(kind);
            case HOLD, MERGE -> {}
        }
    }

    @Override
    public void heard(Join join) {
        NodeId from = join.origin().node();
        Proposal proposal = new Proposal(join.origin().incarnation(), join.proc(), join.fail());
        if (proposal.equals(proposals.put(from, proposal))) {
            return;
        }
        if (proposals.size() > CommitToken.MEMBERS_MAX) {
            proposals.clear();
        }
        write(line("join")
                .number("from", from.value())
                .text("life", Long.toUnsignedString(join.origin().incarnation()))
                .number("ring", join.ringSeq())
                .text("proc", join.proc())
                .text("fail", join.fail())
                .text("heard", join.heard()));
    }

    @Override
    public void installed(ConfigChange change) {
        proposals.clear();
        write(line("config")
                .text("kind", name(change.kind()))
                .text("ring", change.ring())
                .text("members", change.members())
                .text("joined", change.joined())
                .text("left", change.left())
                .text("primary", change.isPrimary())
                .text("causes", change.causes()));
    }

    @Override
    public void slept(long nanos, boolean isLeaseOver) {
        write(line("slept").number("asleep", nanos / 1_000_000).text("lease-over", isLeaseOver));
    }

    @Override
    public void duplicateId(NodeId id) {
        write(line("twin"));
    }

    @Override
    public void dropped(DropReason reason) {
        dropped.count(reason);
    }

    void refused(OpenFailure reason) {
        refused.count(reason);
    }

    void heldBack(boolean on) {
        if (on) {
            heldBack++;
        }
    }

    void stopped(Throwable reason) {
        write(line("stopped").text("error", reason));
    }

    private void write(JsonLine line) {
        write(dropped);
        write(refused);
        write(expired);
        if (heldBack > 0) {
            add(line("held-back").number("times", heldBack).end());
            heldBack = 0;
        }
        add(line.end());
    }

    private void write(Counts<?> counts) {
        if (counts.isEmpty) {
            return;
        }
        JsonLine line = line(counts.event);
        counts.take(line);
        add(line.end());
    }

    private void add(String line) {
        lines.add(line);
        size++;
        chars += line.length();
        while (size > LINES_MAX || chars > CHARS_MAX) {
            String oldest = lines.remove();
            size--;
            chars -= oldest.length();
        }
    }

    private JsonLine line(String event) {
        return new JsonLine(epochMillis.getAsLong(), event);
    }

    private static String name(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** How often something happened since the line before. */
    @SuppressWarnings("EnumOrdinal") // an index into an array that lives no longer than the enum
    private static final class Counts<E extends Enum<E>> {

        private final String event;
        private final E[] kinds;
        private final int[] counts;
        private boolean isEmpty = true;

        Counts(String event, E[] kinds) {
            this.event = event;
            this.kinds = kinds;
            counts = new int[kinds.length];
        }

        void count(E kind) {
            counts[kind.ordinal()]++;
            isEmpty = false;
        }

        void take(JsonLine line) {
            for (E kind : kinds) {
                if (counts[kind.ordinal()] > 0) {
                    line.number(name(kind), counts[kind.ordinal()]);
                    counts[kind.ordinal()] = 0;
                }
            }
            isEmpty = true;
        }
    }

    /** One JSON object that is being written. */
    private static final class JsonLine {

        private final StringBuilder json = new StringBuilder(128);

        JsonLine(long millis, String event) {
            json.append("{\"millis\":")
                    .append(millis)
                    .append(",\"event\":\"")
                    .append(event)
                    .append('"');
        }

        JsonLine number(String name, long value) {
            json.append(",\"").append(name).append("\":").append(value);
            return this;
        }

        JsonLine text(String name, Object value) {
            String text = String.valueOf(value);
            json.append(",\"").append(name).append("\":\"");
            text.chars().limit(TEXT_CHARS_MAX).forEach(this::escaped);
            json.append('"');
            return this;
        }

        private void escaped(int letter) {
            if (letter == '"' || letter == '\\') {
                json.append('\\').append((char) letter);
            } else if (letter < ' ' || letter > '~') {
                json.append(String.format(Locale.ROOT, "\\u%04x", letter));
            } else {
                json.append((char) letter);
            }
        }

        String end() {
            return json.append('}').toString();
        }
    }
}
