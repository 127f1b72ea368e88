/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.security;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The ciphers of the lives that were heard last, the longest silent one forgotten first. Node loop only.
 *
 * <p>Only a life of which a frame was authentic gets in, so strangers cannot push members out.
 */
final class SenderLives {

    private final int livesMax;
    private final Map<Life, Aead> ciphers = new LinkedHashMap<>(16, 0.75f, true);
    private Life lastLife = new Life(0, 0);
    private Optional<Aead> lastCipher = Optional.empty();

    SenderLives(int livesMax) {
        this.livesMax = livesMax;
    }

    Optional<Aead> find(int node, long number) {
        // Frames come in bursts of one sender.
        if (lastLife.node != node || lastLife.number != number) {
            lastLife = new Life(node, number);
            lastCipher = Optional.ofNullable(ciphers.get(lastLife));
        }
        return lastCipher;
    }

    void add(int node, long number, Aead cipher) {
        lastLife = new Life(node, number);
        lastCipher = Optional.of(cipher);
        ciphers.put(lastLife, cipher);
        if (ciphers.size() > livesMax) {
            Iterator<Aead> eldest = ciphers.values().iterator();
            eldest.next().close();
            eldest.remove();
        }
    }

    int size() {
        return ciphers.size();
    }

    void close() {
        ciphers.values().forEach(Aead::close);
        ciphers.clear();
        lastCipher = Optional.empty();
    }

    private record Life(int node, long number) {}
}
