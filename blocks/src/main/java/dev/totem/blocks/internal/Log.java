/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks.internal;

import dev.totem.blocks.Member;
import dev.totem.core.RingId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What one replica knows of the log: entries that are decided and applied, the last of which it keeps for members that missed
 * them, and behind them entries that are not decided yet. One thread.
 */
final class Log {

    private final long keptBytesMax;
    private final Deque<Entry> kept = new ArrayDeque<>();
    private final Deque<Entry> suffix = new ArrayDeque<>();
    private RingId epoch;
    private Applied applied;
    private LogPoint keptFrom;
    private LogPoint total;
    private long keptBytes;

    /**
     * A log that goes on behind a state.
     *
     * @param epoch the configuration whose decisions it follows
     * @param keptBytesMax how much of what was applied is kept for others
     */
    Log(RingId epoch, Applied applied, long keptBytesMax) {
        this.epoch = epoch;
        this.applied = applied;
        this.keptBytesMax = keptBytesMax;
        this.keptFrom = applied.at();
        this.total = applied.at();
    }

    /** What a member says of what it knows. */
    static Frame.Exchange said(
            @Nullable Log known, RingId ring, Member member, boolean isLate, boolean isAgain, List<LogPoint> apart) {
        return new Frame.Exchange(
                ring,
                member,
                Optional.ofNullable(known).map(Log::epoch),
                known == null ? LogPoint.NOTHING : known.applied().at(),
                known == null ? LogPoint.NOTHING : known.total(),
                isLate,
                isAgain,
                apart);
    }

    RingId epoch() {
        return epoch;
    }

    void epoch(RingId next) {
        epoch = next;
    }

    Applied applied() {
        return applied;
    }

    LogPoint total() {
        return total;
    }

    void append(Entry entry) {
        suffix.add(entry);
        total = total.next(entry.position(), entry.sender(), entry.payload());
    }

    /** Forgets what is not decided: another log goes on behind what is applied. */
    void truncate() {
        suffix.clear();
        total = applied.at();
    }

    /** All is decided. */
    void applyAll(BiConsumer<Entry, Optional<Object>> onApplied) {
        while (!suffix.isEmpty()) {
            Entry entry = suffix.remove();
            Optional<Object> answer = applied.apply(entry);
            keep(entry);
            onApplied.accept(entry, answer);
        }
    }

    private void keep(Entry entry) {
        kept.add(entry);
        keptBytes += entry.sizeBytes();
        while (keptBytes > keptBytesMax) {
            Entry oldest = kept.remove();
            keptBytes -= oldest.sizeBytes();
            keptFrom = keptFrom.next(oldest.position(), oldest.sender(), oldest.payload());
        }
    }

    /** Entries that are not decided. */
    List<Entry> undecided() {
        return List.copyOf(suffix);
    }

    boolean isUndecided(Entry entry) {
        return suffix.contains(entry);
    }

    /** The entries behind a point, if it is one of this log and they are still there. */
    Optional<List<Entry>> since(LogPoint point) {
        LogPoint here = keptFrom;
        if (point.index() < here.index()) {
            return Optional.empty();
        }
        List<Entry> all = new ArrayList<>(kept);
        all.addAll(suffix);
        int from = 0;
        while (here.index() < point.index() && from < all.size()) {
            Entry entry = all.get(from++);
            here = here.next(entry.position(), entry.sender(), entry.payload());
        }
        return here.isSame(point) ? Optional.of(all.subList(from, all.size())) : Optional.empty();
    }
}
