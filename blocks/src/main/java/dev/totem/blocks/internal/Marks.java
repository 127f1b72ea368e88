/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks.internal;

import dev.totem.core.SendFailedException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import reactor.core.publisher.MonoSink;

/**
 * Marks that a member sends to itself: when one comes back safe in a primary, everything that was decided anywhere before it was
 * sent is applied here, and nobody was in a later configuration when it was sent. One is under way at a time. One thread.
 */
final class Marks {

    private final LongConsumer sender;
    private List<MonoSink<Boolean>> next = new ArrayList<>();
    private List<MonoSink<Boolean>> underWay = new ArrayList<>();
    private long lastTag;
    private boolean isUnderWay;
    private long sentNanos;

    /** @param sender is given the tag of a mark to send */
    Marks(LongConsumer sender) {
        this.sender = sender;
    }

    void add(MonoSink<Boolean> sink) {
        next.add(sink);
    }

    /** Sends one, if somebody waits or it is wanted anyway. */
    void send(boolean isWanted, long nowNanos) {
        if (isUnderWay || (next.isEmpty() && !isWanted)) {
            return;
        }
        isUnderWay = true;
        sentNanos = nowNanos;
        underWay = next;
        next = new ArrayList<>();
        sender.accept(++lastTag);
    }

    /** Whether it is the one under way. */
    boolean isCurrent(long tag) {
        return isUnderWay && tag == lastTag;
    }

    /** When the one under way was sent. */
    long sentNanos() {
        return sentNanos;
    }

    /** It came back. */
    void cameBack() {
        isUnderWay = false;
        List<MonoSink<Boolean>> done = underWay;
        underWay = new ArrayList<>();
        done.forEach(sink -> sink.success(true));
    }

    /** The one under way says nothing any more: who waited for it waits for the next. */
    void lapse() {
        isUnderWay = false;
        underWay.addAll(next);
        next = underWay;
        underWay = new ArrayList<>();
    }

    void refuse(String why) {
        lapse();
        List<MonoSink<Boolean>> refused = next;
        next = new ArrayList<>();
        refused.forEach(sink -> sink.error(new SendFailedException(SendFailedException.Fate.REFUSED, why, true)));
    }
}
