/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.internal.sim;

/**
 * A step of a schedule at its time. Immutable, any thread.
 *
 * @param atNanos virtual time since the beginning
 */
public record TimedStep(long atNanos, ScheduleStep step) {

    @Override
    public String toString() {
        return RunTrace.seconds(atNanos) + "  " + step;
    }
}
