/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.security;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The lives of other nodes that were heard last: of each node at most one that has proven to be live, and some that have not.
 * Of both, the longest silent one is forgotten first. Node loop only.
 *
 * <p>Only a life of which a frame was authentic gets in, so strangers without recordings cannot push anybody out; and who
 * replays recordings does not get among the proven.
 */
final class SenderLives {

    /** Lives of which nothing but frames that did not open came; who has recorded more is limited by the rate of all. */
    private static final int FAILED_MAX = 64;

    private final int livesMax;
    private final Map<Integer, SenderLife> proven = new LinkedHashMap<>(16, 0.75f, true);
    private final Map<Life, SenderLife> unproven = new LinkedHashMap<>();
    private final Map<Life, FailedFrames> failed = new LinkedHashMap<>();
    private @Nullable SenderLife last;

    private record Life(int node, long number) {}

    /** @param livesMax proven ones, and unproven ones */
    SenderLives(int livesMax) {
        this.livesMax = livesMax;
    }

    @Nullable
    SenderLife find(int node, long number) {
        // Frames come in bursts of one sender.
        SenderLife recent = last;
        if (recent != null && recent.number() == number && recent.node().value() == node) {
            return recent;
        }
        SenderLife found = proven.get(node);
        if (found == null || found.number() != number) {
            found = unproven.get(new Life(node, number));
        }
        if (found != null) {
            last = found;
        }
        return found;
    }

    /** The live life of a node, if one has proven to be that. */
    @Nullable
    SenderLife live(int node) {
        return proven.get(node);
    }

    /** Whether a life of a node has proven to be live; does not count as having been heard. */
    boolean isProven(int node) {
        return proven.containsKey(node);
    }

    /** Whether a frame of a life that is not known is worth a key and the cipher. */
    boolean mayTry(int node, long number, long counter, long nowNanos) {
        FailedFrames before = failed.isEmpty() ? null : failed.get(new Life(node, number));
        return before == null || before.mayTry(counter, nowNanos);
    }

    /** A frame that has a header of a life that is not known was not authentic. */
    void failed(int node, long number, long counter) {
        failed.computeIfAbsent(new Life(node, number), first -> new FailedFrames())
                .failed(counter);
        if (failed.size() > FAILED_MAX) {
            failed.remove(failed.keySet().iterator().next());
        }
    }

    /** A life of which a first frame was authentic. */
    void add(SenderLife life) {
        failed.remove(key(life));
        unproven.put(key(life), life);
        last = life;
        forgetEldest(unproven);
    }

    /** A life has proven to be live: no other of its node is. */
    void prove(SenderLife life, long counter) {
        unproven.remove(key(life));
        life.prove(counter);
        SenderLife before = proven.put(life.node().value(), life);
        if (before != null && before != life) {
            before.doubt();
            unproven.put(key(before), before);
            forgetEldest(unproven);
        }
        forgetEldest(proven);
    }

    /** Forgets what belongs to a master key. */
    void forget(int keyId) {
        proven.values().forEach(life -> life.forget(keyId));
        unproven.values().forEach(life -> life.forget(keyId));
    }

    int size() {
        return proven.size() + unproven.size();
    }

    void close() {
        proven.values().forEach(SenderLife::close);
        unproven.values().forEach(SenderLife::close);
        proven.clear();
        unproven.clear();
        last = null;
    }

    private void forgetEldest(Map<?, SenderLife> lives) {
        if (lives.size() > livesMax) {
            Iterator<SenderLife> eldest = lives.values().iterator();
            SenderLife forgotten = eldest.next();
            forgotten.close();
            eldest.remove();
            if (last == forgotten) {
                last = null;
            }
        }
    }

    private static Life key(SenderLife life) {
        return new Life(life.node().value(), life.number());
    }
}
