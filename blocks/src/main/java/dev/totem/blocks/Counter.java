/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks;

import reactor.core.publisher.Mono;

/** A number that all nodes have, from 0. Any thread. */
public final class Counter {

    private final Counters counters;
    private final String name;

    Counter(Counters counters, String name) {
        this.counters = counters;
        this.name = name;
    }

    public String name() {
        return name;
    }

    /**
     * Adds, and completes with the sum. Fails as {@link ReplicatedState#submit}, and with {@link ArithmeticException}, adding
     * nothing, if the sum is no number of 64 bits.
     */
    public Mono<Long> addAndGet(long by) {
        return counters.addAndGet(name, by);
    }

    /** What this node has now, which may be behind; empty if it has no state. */
    public Mono<Long> get() {
        return counters.get(name);
    }

    /** Linearizable {@link #get}, as {@link ReplicatedState#readLatest}. */
    public Mono<Long> getLatest() {
        return counters.getLatest(name);
    }
}
