/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks;

import dev.totem.blocks.internal.Chunks;
import dev.totem.blocks.internal.Reader;
import dev.totem.blocks.internal.Writer;
import dev.totem.core.Position;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import reactor.core.publisher.Flux;

/** The state of latches and barriers. One thread. */
final class GateMachine implements StateMachine<GateCommand, Position> {

    private static final int LATCH = 1;
    private static final int WAITING = 2;
    private static final int PASSED = 3;

    private final Map<String, Long> latches = new TreeMap<>();

    /** Who waits at a barrier, in the order in which they came. */
    private final Map<String, LinkedHashSet<Arrival>> barriers = new TreeMap<>();

    /** Who may pass, until they have said that they did. */
    private final Set<Arrival> passed = new TreeSet<>();

    private final Chunks restored = new Chunks();

    record Arrival(Member member, long number) implements Comparable<Arrival> {
        @Override
        public int compareTo(Arrival other) {
            int byMember = member.compareTo(other.member);
            return byMember != 0 ? byMember : Long.compare(number, other.number);
        }
    }

    @Override
    public Position apply(Context at, GateCommand command) {
        if (command instanceof GateCommand.Open open) {
            latches.putIfAbsent(open.gate(), open.count());
        } else if (command instanceof GateCommand.Down down) {
            latches.computeIfPresent(down.gate(), (name, count) -> Math.max(0, count - down.by()));
        } else if (command instanceof GateCommand.Arrive arrive) {
            arrive(new Arrival(at.sender(), arrive.number()), arrive);
        } else if (command instanceof GateCommand.Depart depart) {
            Arrival gone = new Arrival(at.sender(), depart.number());
            passed.remove(gone);
            leave(depart.gate(), Set.of(gone));
        }
        return at.position();
    }

    private void arrive(Arrival one, GateCommand.Arrive arrive) {
        LinkedHashSet<Arrival> waiting = barriers.computeIfAbsent(arrive.gate(), first -> new LinkedHashSet<>());
        waiting.add(one);
        if (waiting.size() >= arrive.parties()) {
            passed.addAll(waiting);
            barriers.remove(arrive.gate());
        }
    }

    private void leave(String barrier, Set<Arrival> gone) {
        LinkedHashSet<Arrival> waiting = barriers.get(barrier);
        if (waiting != null && waiting.removeAll(gone) && waiting.isEmpty()) {
            barriers.remove(barrier);
        }
    }

    @Override
    public void ended(Context at, Member member) {
        passed.removeIf(one -> one.member().equals(member));
        barriers.values()
                .forEach(waiting -> waiting.removeIf(one -> one.member().equals(member)));
        barriers.values().removeIf(Set::isEmpty);
    }

    // what is looked at

    /** Empty for a latch that was never set. */
    OptionalLong count(String latch) {
        Long count = latches.get(latch);
        return count == null ? OptionalLong.empty() : OptionalLong.of(count);
    }

    boolean hasPassed(Arrival one) {
        return passed.contains(one);
    }

    boolean isWaiting(String barrier, Arrival one) {
        return barriers.getOrDefault(barrier, new LinkedHashSet<>()).contains(one);
    }

    // transfer

    @Override
    public Flux<byte[]> snapshot() {
        List<byte[]> records = new ArrayList<>();
        latches.forEach((name, count) ->
                records.add(new Writer().u8(LATCH).text(name).i64(count).toBytes()));
        barriers.forEach((name, waiting) -> waiting.forEach(one -> records.add(arrival(WAITING, name, one))));
        passed.forEach(one -> records.add(arrival(PASSED, "", one)));
        return Chunks.of(records);
    }

    private static byte[] arrival(int kind, String name, Arrival one) {
        return new Writer()
                .u8(kind)
                .text(name)
                .member(one.member())
                .i64(one.number())
                .toBytes();
    }

    @Override
    public void restore(byte[] chunk) {
        for (byte[] bytes : restored.add(chunk)) {
            Reader in = new Reader(bytes);
            int kind = in.u8();
            String name = in.text();
            if (kind == LATCH) {
                latches.put(name, in.i64());
            } else if (kind == WAITING) {
                barriers.computeIfAbsent(name, first -> new LinkedHashSet<>()).add(new Arrival(in.member(), in.i64()));
            } else {
                passed.add(new Arrival(in.member(), in.i64()));
            }
        }
    }
}
