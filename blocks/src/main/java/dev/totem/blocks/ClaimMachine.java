/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks;

import dev.totem.blocks.internal.Chunks;
import dev.totem.blocks.internal.Reader;
import dev.totem.blocks.internal.Writer;
import dev.totem.core.Position;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

/**
 * Seats by name, each with one holder and others who wait: by priority, and then in the order in which they asked. The token of a
 * holder is the position at which it got the seat. One thread.
 */
final class ClaimMachine implements StateMachine<ClaimCommand, Position> {

    private final Map<String, Seat> seats = new TreeMap<>();
    private final Chunks restored = new Chunks();
    private TreeSet<String> touched = new TreeSet<>();

    /** Who has the seat that the last command was about. */
    private Optional<Held> looked = Optional.empty();

    /** @param askedAt where it was asked for */
    record Claim(Member member, long number, int priority, Position askedAt) implements Comparable<Claim> {

        private static final Comparator<Claim> ORDER =
                Comparator.comparingInt(Claim::priority).reversed().thenComparing(Claim::askedAt);

        boolean is(Member other, long otherNumber) {
            return member.equals(other) && number == otherNumber;
        }

        @Override
        public int compareTo(Claim other) {
            return ORDER.compare(this, other);
        }
    }

    /** Who has a seat, and since when. */
    record Held(Claim claim, Position token) {}

    private static final class Seat {

        private final TreeSet<Claim> waiting = new TreeSet<>();
        private @Nullable Held held;
    }

    @Override
    public Position apply(Context at, ClaimCommand command) {
        if (command instanceof ClaimCommand.Ask ask) {
            touched.add(ask.seat());
            seats.computeIfAbsent(ask.seat(), first -> new Seat())
                    .waiting
                    .add(new Claim(at.sender(), ask.number(), ask.priority(), at.position()));
            fill(ask.seat(), at.position());
            looked = held(ask.seat());
        } else if (command instanceof ClaimCommand.Yield yield) {
            end(yield.seat(), at.position(), claim -> claim.is(at.sender(), yield.number()));
            looked = held(yield.seat());
        }
        return at.position();
    }

    @Override
    public byte[] evidence(Position result) {
        return looked.map(
                        held -> record("", held.claim()).position(held.token()).toBytes())
                .orElseGet(() -> new byte[0]);
    }

    @Override
    public void ended(Context at, Member member) {
        List.copyOf(seats.keySet())
                .forEach(
                        seat -> end(seat, at.position(), claim -> claim.member().equals(member)));
    }

    private void end(String name, Position at, Predicate<Claim> isOver) {
        Seat seat = seats.get(name);
        if (seat == null) {
            return;
        }
        Held held = seat.held;
        boolean isFree = held != null && isOver.test(held.claim());
        if (seat.waiting.removeIf(isOver) || isFree) {
            touched.add(name);
        }
        if (isFree) {
            seat.held = null;
            fill(name, at);
        }
    }

    private void fill(String name, Position at) {
        Seat seat = seats.get(name);
        if (seat != null && seat.held == null) {
            Claim next = seat.waiting.pollFirst();
            if (next == null) {
                seats.remove(name);
            } else {
                seat.held = new Held(next, at);
            }
        }
    }

    // what is looked at

    Optional<Held> held(String name) {
        return Optional.ofNullable(seats.get(name)).map(seat -> seat.held);
    }

    boolean isClaimed(String name, Member member, long number) {
        Seat seat = seats.get(name);
        return seat != null
                && ((seat.held != null && seat.held.claim().is(member, number))
                        || seat.waiting.stream().anyMatch(claim -> claim.is(member, number)));
    }

    /** Names of the seats whose claims have changed since this was asked last. */
    Set<String> takeTouched() {
        Set<String> taken = touched;
        touched = new TreeSet<>();
        return taken;
    }

    // transfer

    @Override
    public Flux<byte[]> snapshot() {
        List<byte[]> records = new ArrayList<>();
        seats.forEach((name, seat) -> {
            Held held = seat.held;
            if (held != null) {
                records.add(record(name, held.claim())
                        .bool(true)
                        .position(held.token())
                        .toBytes());
            }
            seat.waiting.forEach(
                    claim -> records.add(record(name, claim).bool(false).toBytes()));
        });
        return Chunks.of(records);
    }

    private static Writer record(String name, Claim claim) {
        return new Writer()
                .text(name)
                .member(claim.member())
                .i64(claim.number())
                .i32(claim.priority())
                .position(claim.askedAt());
    }

    @Override
    public void restore(byte[] chunk) {
        for (byte[] bytes : restored.add(chunk)) {
            Reader in = new Reader(bytes);
            Seat seat = seats.computeIfAbsent(in.text(), first -> new Seat());
            Claim claim = new Claim(in.member(), in.i64(), in.i32(), in.position());
            if (in.bool()) {
                seat.held = new Held(claim, in.position());
            } else {
                seat.waiting.add(claim);
            }
        }
    }
}
