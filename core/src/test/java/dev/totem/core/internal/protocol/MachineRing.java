/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.protocol;

import dev.totem.core.ConfigChange;
import dev.totem.core.Guarantee;
import dev.totem.core.NodeId;
import dev.totem.core.internal.message.Origin;
import dev.totem.core.internal.message.ProtocolMessage;
import dev.totem.core.internal.message.RegularMessage;
import dev.totem.core.internal.packing.Packet;
import dev.totem.core.internal.packing.PacketSource;
import dev.totem.core.internal.settings.NodeSettings;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import java.util.function.UnaryOperator;

/** Bare machines on a perfect or faulty wire in virtual time: the smallest place where a protocol rule can be seen. */
final class MachineRing {

    /** A message on its way. */
    record Hop(NodeId from, NodeId to, ProtocolMessage message) {}

    private record Arrival(long atNanos, long order, Hop hop) {}

    static final long LATENCY = 50_000;

    final Map<Integer, Member> members = new TreeMap<>();
    final Map<Integer, Long> disks = new HashMap<>();
    final List<Hop> trace = new ArrayList<>();
    /** What does not arrive. */
    Predicate<Hop> lost = hop -> false;
    /** What arrives twice. */
    Predicate<Hop> doubled = hop -> false;
    /** What arrives instead. */
    UnaryOperator<Hop> changed = hop -> hop;
    /** How much longer than usual something is under way, ns. */
    ToLongFunction<Hop> delayed = hop -> 0;

    long now = 1_000_000_000L;
    private long order;
    private int lives;
    private final Random random;
    private final NodeSettings config;
    private final PriorityQueue<Arrival> wire =
            new PriorityQueue<>(Comparator.comparingLong(Arrival::atNanos).thenComparingLong(Arrival::order));

    MachineRing(long seed, NodeSettings config) {
        random = new Random(seed);
        this.config = config;
    }

    static MachineRing of(int... ids) {
        MachineRing ring = new MachineRing(1, NodeSettings.defaults());
        for (int id : ids) {
            ring.start(id);
        }
        return ring;
    }

    final class Member implements PacketSource, RingObserver {
        final NodeId id;
        final RingMachine machine;
        final ArrayDeque<Packet> queue = new ArrayDeque<>();
        /** Configuration changes and texts of messages, in order. */
        final List<Object> log = new ArrayList<>();

        final Map<DropReason, Integer> drops = new TreeMap<>();
        final Map<RingCounter, Integer> counts = new TreeMap<>();
        ConfigChange config;
        Effect.Stop stop;
        private boolean paused;
        private final List<Hop> unread = new ArrayList<>();

        Member(int id, NodeSettings settings) {
            this.id = NodeId.of(id);
            machine =
                    new RingMachine(new Origin(this.id, ++lives), settings, this, new Random(random.nextLong()), this);
        }

        void step(Input input) {
            machine.step(now, input);
            machine.drain().forEach(this::carryOut);
        }

        private void carryOut(Effect effect) {
            if (effect instanceof Effect.Multicast multicast) {
                members.values().stream()
                        .filter(to -> to != this)
                        .forEach(to -> post(new Hop(id, to.id, multicast.message())));
            } else if (effect instanceof Effect.Unicast unicast) {
                post(new Hop(id, unicast.to(), unicast.message()));
            } else if (effect instanceof Effect.Persist persist) {
                disks.put(id.value(), persist.ringSeq());
            } else if (effect instanceof Effect.Deliver deliver) {
                log.add(text(deliver.message()));
            } else if (effect instanceof Effect.Install install) {
                log.add(install.change());
                config = install.change();
            } else if (effect instanceof Effect.Stop stopped) {
                stop = stopped;
            }
        }

        void send(String text, Guarantee guarantee) {
            queue.add(new Packet(guarantee, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8))));
            step(new Input.Submitted());
        }

        void send(String text) {
            send(text, Guarantee.AGREED);
        }

        List<String> texts() {
            return log.stream()
                    .filter(String.class::isInstance)
                    .map(String.class::cast)
                    .toList();
        }

        List<ConfigChange> changes() {
            return log.stream()
                    .filter(ConfigChange.class::isInstance)
                    .map(ConfigChange.class::cast)
                    .toList();
        }

        @Override
        public int backlog() {
            return queue.size();
        }

        @Override
        public Optional<Packet> next() {
            return Optional.ofNullable(queue.poll());
        }

        @Override
        public void configurationInstalled() {}

        @Override
        public void dropped(DropReason reason) {
            drops.merge(reason, 1, Integer::sum);
        }

        @Override
        public void counted(RingCounter counter, int times) {
            counts.merge(counter, times, Integer::sum);
        }
    }

    static String text(RegularMessage message) {
        return StandardCharsets.UTF_8.decode(message.packet().duplicate()).toString();
    }

    Member start(int id) {
        Member member = new Member(id, config);
        members.put(id, member);
        member.step(new Input.Start(disks.getOrDefault(id, 0L)));
        return member;
    }

    void crash(int id) {
        members.remove(id);
    }

    /** The process stands still; what arrives waits in its socket. */
    void pause(int id) {
        member(id).paused = true;
    }

    /** The process goes on, and reads what waits. */
    void resume(int id) {
        Member member = member(id);
        member.paused = false;
        member.unread.forEach(hop -> wire.add(new Arrival(now, order++, hop)));
        member.unread.clear();
    }

    Member member(int id) {
        return members.get(id);
    }

    private void post(Hop sent) {
        trace.add(sent);
        Hop hop = changed.apply(sent);
        if (lost.test(hop) && !hop.from().equals(hop.to())) {
            return;
        }
        long at = now + LATENCY + random.nextInt(1000) + delayed.applyAsLong(hop);
        wire.add(new Arrival(at, order++, hop));
        if (doubled.test(hop)) {
            wire.add(new Arrival(at + random.nextInt(1_000_000), order++, hop));
        }
    }

    /** Puts a message on the wire as if somebody had sent it. */
    void inject(int from, int to, ProtocolMessage message) {
        wire.add(new Arrival(now + LATENCY, order++, new Hop(NodeId.of(from), NodeId.of(to), message)));
    }

    /** Splits the wire: nothing passes between different parts. */
    void partition(List<Integer> part) {
        lost = hop ->
                part.contains(hop.from().value()) != part.contains(hop.to().value());
    }

    void heal() {
        lost = hop -> false;
    }

    void run(Duration time) {
        runUntil(() -> false, time);
    }

    /** Runs until the condition holds; whether it did in time. */
    boolean runUntil(java.util.function.BooleanSupplier condition, Duration most) {
        long end = now + most.toNanos();
        while (!condition.getAsBoolean()) {
            long next = wire.isEmpty() ? Long.MAX_VALUE : wire.peek().atNanos();
            Member due = null;
            for (Member member : members.values()) {
                if (!member.paused && member.machine.nextDeadlineNanos() < next) {
                    next = member.machine.nextDeadlineNanos();
                    due = member;
                }
            }
            if (next > end) {
                now = end;
                return condition.getAsBoolean();
            }
            now = Math.max(now, next);
            if (due != null) {
                due.step(new Input.TimerDue());
            } else {
                Hop hop = wire.poll().hop();
                Member to = members.get(hop.to().value());
                if (to != null && to.paused) {
                    to.unread.add(hop);
                } else if (to != null) {
                    to.step(new Input.Received(hop.message()));
                }
            }
        }
        return true;
    }

    /** Whether these, and only these, are in one installed ring together. */
    boolean together(Integer... ids) {
        List<NodeId> expected = java.util.stream.Stream.of(ids).map(NodeId::of).toList();
        return expected.stream()
                .map(id -> members.get(id.value()))
                .allMatch(member -> member.machine.phase() == RingPhase.OPERATIONAL
                        && member.config.isRegular()
                        && member.config.members().equals(expected)
                        && member.config
                                .ring()
                                .equals(members.get(ids[0]).config.ring()));
    }
}
