/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.internal.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Datagrams to send again: some of the last ones, and some of the whole run, each as likely as any other. Bounded. One
 * thread.
 */
final class Past {

    private static final int RECENT_MAX = 64;
    private static final int ALL_MAX = 256;

    private final RandomGenerator random;
    private final List<Datagram> recent = new ArrayList<>();
    private final List<Datagram> all = new ArrayList<>();
    private long seen;

    Past(RandomGenerator random) {
        this.random = random;
    }

    void add(Datagram datagram) {
        int turn = (int) (seen++ % RECENT_MAX);
        if (recent.size() < RECENT_MAX) {
            recent.add(datagram);
        } else {
            recent.set(turn, datagram);
        }
        if (all.size() < ALL_MAX) {
            all.add(datagram);
        } else {
            long place = random.nextLong(seen);
            if (place < ALL_MAX) {
                all.set((int) place, datagram);
            }
        }
    }

    Optional<Datagram> any() {
        List<Datagram> of = random.nextInt(4) == 0 ? recent : all;
        return of.isEmpty() ? Optional.empty() : Optional.of(of.get(random.nextInt(of.size())));
    }
}
