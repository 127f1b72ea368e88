/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Queue;
import java.util.Set;

/**
 * A model of how an untuned Linux sends on one socket: what goes to an address that nobody answers for is kept while ARP asks, and
 * is charged to the socket; when that has used up its buffer, nothing is sent to anybody.
 */
final class ArpQueue {

    /** What {@code net.core.wmem_default} and {@code wmem_max} are, bytes of payload; twice as much is charged. */
    static final int BUFFER_BYTES = 212_992;

    private final Set<InetSocketAddress> dead;
    private final Queue<Waiting> waiting = new ArrayDeque<>();
    private long chargedBytes;
    private long refused;

    private record Waiting(long untilNanos, int bytes) {}

    ArpQueue(Set<InetSocketAddress> dead) {
        this.dead = dead;
    }

    void send(Collection<InetSocketAddress> to, int frameBytes, long nowNanos) {
        while (!waiting.isEmpty() && nowNanos - waiting.element().untilNanos() >= 0) {
            chargedBytes -= waiting.remove().bytes();
        }
        int charge = frameBytes + StrangerBudget.CHARGE_BYTES;
        for (InetSocketAddress address : to) {
            if (chargedBytes + charge > 2 * BUFFER_BYTES) {
                refused += dead.contains(address) ? 0 : 1;
            } else if (dead.contains(address)) {
                chargedBytes += charge;
                waiting.add(new Waiting(nowNanos + StrangerBudget.ARP_NANOS, charge));
            }
        }
    }

    /** Datagrams for the living that the system did not take. */
    long refused() {
        return refused;
    }
}
