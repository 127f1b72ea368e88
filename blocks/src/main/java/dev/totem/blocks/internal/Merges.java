/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks.internal;

import dev.totem.core.RingId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * States of other parts on their way into this one. Part of the state: all of it follows from the entries. One thread.
 *
 * <p>A part in which no command was decided that this state has not, is not merged: it knows less, not other. That is seen for the last
 * thousand commands.
 */
final class Merges {

    private static final int KNOWN_MAX = 1_024;

    private final long[] hashes = new long[KNOWN_MAX];
    private final Map<LogPoint, List<Frame.Merge>> coming = new LinkedHashMap<>();
    private final Set<LogPoint> done = new HashSet<>();
    private Optional<RingId> ring = Optional.empty();
    private long commands;

    Merges() {}

    Merges(Reader in) {
        ring = in.bool() ? Optional.of(in.ring()) : Optional.empty();
        commands = in.i64();
        for (long count = firstKnown(); count <= commands; count++) {
            hashes[slot(count)] = in.i64();
        }
        int points = in.count(17);
        for (int i = 0; i < points; i++) {
            done.add(FrameCodec.point(in));
        }
    }

    /** But for the pieces, which may be large. */
    void write(Writer out) {
        out.bool(ring.isPresent());
        ring.ifPresent(out::ring);
        out.i64(commands);
        for (long count = firstKnown(); count <= commands; count++) {
            out.i64(hashes[slot(count)]);
        }
        out.i32(done.size());
        done.forEach(point -> FrameCodec.point(out, point));
    }

    /** Of states that have not come as a whole yet. */
    List<Frame.Merge> pieces() {
        return coming.values().stream().flatMap(List::stream).toList();
    }

    /** Takes a piece that another replica had got already. */
    void restore(Frame.Merge piece) {
        coming.computeIfAbsent(piece.of(), first -> new ArrayList<>()).add(piece);
    }

    private long firstKnown() {
        return Math.max(0, commands - KNOWN_MAX + 1);
    }

    private static int slot(long count) {
        return (int) (count % KNOWN_MAX);
    }

    /** A command was applied. */
    void applied(Entry entry) {
        LogPoint alone = LogPoint.NOTHING.next(entry.position(), entry.sender(), entry.payload());
        long next = LogPoint.mix(hash(), alone.hash());
        commands++;
        hashes[slot(commands)] = next;
    }

    long commands() {
        return commands;
    }

    /** Of all commands. */
    long hash() {
        return hashes[slot(commands)];
    }

    private boolean isKnown(Frame.Merge merge) {
        return merge.commands() == 0
                || (merge.commands() >= firstKnown()
                        && merge.commands() <= commands
                        && hashes[slot(merge.commands())] == merge.hash());
    }

    /** Another configuration goes on: who handed something over begins again. */
    void adopted(RingId next) {
        ring = Optional.of(next);
        coming.clear();
        done.clear();
    }

    /** Takes a piece of a state; all pieces with the last one, if there is anything to be merged in them. */
    List<Frame.Merge> take(Frame.Merge merge) {
        if (ring.filter(merge.ring()::equals).isEmpty() || done.contains(merge.of())) {
            return List.of();
        }
        List<Frame.Merge> pieces = coming.computeIfAbsent(merge.of(), first -> new ArrayList<>());
        if (merge.number() != pieces.size()) {
            return List.of();
        }
        pieces.add(merge);
        if (!merge.isLast()) {
            return List.of();
        }
        coming.remove(merge.of());
        done.add(merge.of());
        return isKnown(merge) ? List.of() : List.copyOf(pieces);
    }

    /** Whether it is merged, in this configuration. */
    boolean isDone(LogPoint part) {
        return done.contains(part);
    }
}
