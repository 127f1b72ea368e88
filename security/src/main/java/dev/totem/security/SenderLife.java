/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.security;

import dev.totem.core.NodeId;
import org.jspecify.annotations.Nullable;

/**
 * One life of another node, as far as it is known here. Node loop only.
 *
 * <p>As long as it is unproven, only its frames with ever higher counters count, so that each challenge of a recording is
 * answered once. With its proof begins its window, and nothing that was sealed before the proof opens any more.
 */
final class SenderLife {

    /** A challenge that is not answered is repeated after this, then after twice the time, and so on to the longest. */
    private static final long PAUSE_NANOS = 20_000_000;

    private static final long PAUSE_NANOS_MAX = 1_000_000_000;

    /** An answer that is older than this proves nothing. */
    private static final long CHALLENGE_NANOS = 2_000_000_000;

    private final NodeId node;
    private final long number;
    private final LifeCipher[] ciphers = new LifeCipher[2];
    private @Nullable ReplayWindow window;
    private long highest = -1;
    private @Nullable FailedFrames failed;

    private boolean isChallenged;
    private long challenge;
    private long challengeEndsNanos;
    private long pauseEndsNanos;
    private long pauseNanos;

    /** The cipher of one part of the life with one master key. */
    private record LifeCipher(int keyId, int part, Aead cipher) {}

    SenderLife(NodeId node, long number) {
        this.node = node;
        this.number = number;
    }

    NodeId node() {
        return node;
    }

    long number() {
        return number;
    }

    boolean isProven() {
        return window != null;
    }

    boolean isFresh(long counter) {
        ReplayWindow proven = window;
        return proven == null ? counter > highest : proven.isFresh(counter);
    }

    void mark(long counter) {
        ReplayWindow proven = window;
        if (proven == null) {
            highest = counter;
        } else {
            proven.mark(counter);
        }
    }

    /** Whether a frame that has a header of this life is worth the cipher. */
    boolean mayTry(long counter, long nowNanos) {
        return failed == null || failed.mayTry(counter, nowNanos);
    }

    /** A frame that has a header of this life was not authentic. */
    void failed(long counter) {
        FailedFrames counted = failed;
        if (counted == null) {
            counted = new FailedFrames();
            failed = counted;
        }
        counted.failed(counter);
    }

    /** The life has answered, in a frame with this counter. */
    void prove(long counter) {
        window = new ReplayWindow(counter);
        isChallenged = false;
        pauseNanos = 0;
    }

    /** Another life of the node has proven to be the live one. */
    void doubt() {
        ReplayWindow proven = window;
        if (proven != null) {
            highest = proven.highest();
        }
        window = null;
        pauseNanos = 0;
        pauseEndsNanos = 0;
    }

    /** Whether it is time to ask. */
    boolean mayBeChallenged(long nowNanos) {
        return pauseNanos == 0 || nowNanos - pauseEndsNanos >= 0;
    }

    /**
     * It is asked now.
     *
     * @param fresh becomes the challenge unless one is under way
     * @return the challenge
     */
    long challenge(long fresh, long nowNanos) {
        if (!isChallenged || nowNanos - challengeEndsNanos >= 0) {
            isChallenged = true;
            challenge = fresh;
            challengeEndsNanos = nowNanos + CHALLENGE_NANOS;
        }
        pauseNanos = pauseNanos == 0 ? PAUSE_NANOS : Math.min(2 * pauseNanos, PAUSE_NANOS_MAX);
        pauseEndsNanos = nowNanos + pauseNanos;
        return challenge;
    }

    boolean isAnswer(long answer, long nowNanos) {
        return isChallenged && nowNanos - challengeEndsNanos < 0 && answer == challenge;
    }

    @Nullable
    Aead cipher(int keyId, int part) {
        for (LifeCipher each : ciphers) {
            if (each != null && each.keyId == keyId && each.part == part) {
                return each.cipher;
            }
        }
        return null;
    }

    /** Keeps a cipher and the one that was added before it. */
    void add(int keyId, int part, Aead cipher) {
        close(1);
        ciphers[1] = ciphers[0];
        ciphers[0] = new LifeCipher(keyId, part, cipher);
    }

    /** Forgets what belongs to a master key. */
    void forget(int keyId) {
        for (int i = 0; i < ciphers.length; i++) {
            if (ciphers[i] != null && ciphers[i].keyId == keyId) {
                close(i);
            }
        }
    }

    void close() {
        close(0);
        close(1);
    }

    private void close(int index) {
        LifeCipher old = ciphers[index];
        if (old != null) {
            old.cipher.close();
            ciphers[index] = null;
        }
    }
}
