/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.internal.sim;

import dev.totem.core.spi.NodeScheduler.Cancellation;

/** The time of one simulation, as Reactor's schedulers see it. One thread. */
interface VirtualTime {

    /** Runs a task for whoever asks, soon or after a delay. */
    Cancellation after(long delayNanos, Runnable task);

    /** Time since the simulation began. */
    long nowNanos();

    /** An error that no subscriber handled. */
    void dropped(Throwable error);
}
