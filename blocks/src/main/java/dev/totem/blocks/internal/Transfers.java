/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks.internal;

import dev.totem.blocks.Member;
import dev.totem.core.Position;
import dev.totem.core.RingId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;

/** Hands the state, or the entries that they missed, to members that are behind. One thread. */
final class Transfers {

    /** Entries are packed into parts of about this size. */
    private static final long PART_BYTES = 64 * 1024;

    private final Outbox out;
    private final Map<Member, Disposable> running = new TreeMap<>();

    Transfers(Outbox out) {
        this.out = out;
    }

    void stopAll() {
        running.values().forEach(Disposable::dispose);
        running.clear();
    }

    /** It is gone. */
    void stop(Member to) {
        Disposable stream = running.remove(to);
        if (stream != null) {
            stream.dispose();
        }
    }

    /** Sends what a member lacks of the log as it is now, unless that is under way. */
    void serve(Frame.Exchange asked, RingId ring, Position cut, List<Member> inState, Log log) {
        Member to = asked.member();
        if (running.containsKey(to) && !asked.isAgain()) {
            return;
        }
        stop(to);
        Flux<Frame.Part> parts = bodies(asked, inState, log)
                .index((number, body) -> new Frame.Part(ring, to.instance(), cut, number.intValue(), body));
        running.put(to, out.stream(to.node(), parts, failed -> {}));
    }

    private static Flux<Frame.Body> bodies(Frame.Exchange asked, List<Member> inState, Log log) {
        Optional<List<Entry>> missed =
                asked.epoch().isPresent() ? log.since(asked.applied()) : Optional.<List<Entry>>empty();
        Frame.End end = new Frame.End(log.total());
        if (missed.isPresent()) {
            Frame.Head head = new Frame.Head(inState, Optional.empty(), asked.applied());
            return Flux.concat(Flux.just(head), Flux.fromIterable(packed(missed.get())), Flux.just(end));
        }
        Applied applied = log.applied();
        Frame.Head head = new Frame.Head(inState, Optional.of(applied.core()), applied.at());
        Flux<Frame.Body> pieces = Flux.fromIterable(applied.merges().pieces()).map(Frame.Piece::new);
        Flux<Frame.Body> chunks = applied.machine().snapshot().map(Frame.Chunk::new);
        return Flux.concat(Flux.just(head), pieces, chunks, Flux.fromIterable(packed(log.undecided())), Flux.just(end));
    }

    private static List<Frame.Entries> packed(List<Entry> entries) {
        List<Frame.Entries> packed = new ArrayList<>();
        List<Entry> next = new ArrayList<>();
        long sizeBytes = 0;
        for (Entry entry : entries) {
            if (sizeBytes + entry.sizeBytes() > PART_BYTES && !next.isEmpty()) {
                packed.add(new Frame.Entries(List.copyOf(next)));
                next.clear();
                sizeBytes = 0;
            }
            next.add(entry);
            sizeBytes += entry.sizeBytes();
        }
        if (!next.isEmpty()) {
            packed.add(new Frame.Entries(List.copyOf(next)));
        }
        return packed;
    }
}
