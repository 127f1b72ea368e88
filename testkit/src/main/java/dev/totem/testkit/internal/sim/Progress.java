/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.internal.sim;

/** Counts what a schedule can wait for, over the whole cluster. One thread. */
@SuppressWarnings("EnumOrdinal") // places in an array of this run
final class Progress {

    private final long[] times = new long[Milestone.values().length];

    void reached(Milestone milestone) {
        times[milestone.ordinal()]++;
    }

    long of(Milestone milestone) {
        return times[milestone.ordinal()];
    }
}
