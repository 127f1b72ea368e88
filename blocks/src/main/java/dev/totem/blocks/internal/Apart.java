/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks.internal;

import dev.totem.blocks.Member;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;

/**
 * States of parts that this member was in, and that are not merged yet into the one that goes on. It keeps each until that is so, and hands
 * it over when it is said to. One thread.
 */
final class Apart {

    private static final Logger LOG = LoggerFactory.getLogger("dev.totem.blocks");

    /** More than that many at a time means that none gets through; the oldest is given up. */
    private static final int KEPT_MAX = 8;

    private final Member member;
    private final Outbox out;
    private final Map<LogPoint, Applied> kept = new LinkedHashMap<>();
    private final Disposable.Swap sending = Disposables.swap();

    Apart(Member member, Outbox out) {
        this.member = member;
        this.out = out;
    }

    List<LogPoint> points() {
        return List.copyOf(kept.keySet());
    }

    /** Another configuration begins, or the end. */
    void stop() {
        sending.update(Disposables.disposed());
    }

    /**
     * It is known what the configuration goes on with.
     *
     * @param own what this member knew, if all go on with something else
     */
    void adopted(Frame.Adopt adopt, @Nullable Log own) {
        if (adopt.apart().isEmpty()) {
            return;
        }
        if (own != null && adopt.apart().stream().anyMatch(part -> part.of().equals(own.total()))) {
            own.applyAll((entry, answer) -> {});
            kept.put(own.total(), own.applied());
            if (kept.size() > KEPT_MAX) {
                LogPoint oldest = kept.keySet().iterator().next();
                kept.remove(oldest);
                LOG.warn(
                        "{}: a state of {} entries is given up unmerged: {} others wait",
                        member,
                        oldest.index(),
                        KEPT_MAX);
            }
        }
        Flux<Frame> pieces = Flux.fromIterable(adopt.apart())
                .filter(part -> part.by().equals(member) && kept.containsKey(part.of()))
                .concatMap(part -> pieces(adopt, part.of()));
        sending.update(out.streamToAll(pieces));
    }

    private Flux<Frame> pieces(Frame.Adopt adopt, LogPoint part) {
        Applied state = kept.get(part);
        if (state == null) {
            return Flux.empty();
        }
        long commands = state.merges().commands();
        long hash = state.merges().hash();
        Flux<byte[]> chunks = Flux.concat(state.machine().snapshot(), Flux.just(new byte[0]));
        return chunks.index((number, chunk) -> new Frame.Merge(
                adopt.ring(), part, number.intValue(), chunk.length == 0, state.timeMillis(), commands, hash, chunk));
    }

    /** What is merged into a state is kept no more. */
    void forget(Applied merged) {
        kept.keySet().removeIf(merged.merges()::isDone);
    }
}
