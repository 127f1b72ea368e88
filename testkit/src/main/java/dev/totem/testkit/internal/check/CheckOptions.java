/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.internal.check;

/**
 * What the logs cannot promise. Immutable, any thread.
 *
 * @param firstReplayed the first configuration of a log may tell a late subscriber where it is: ST1 is not checked, and
 *     what was delivered before is not missed
 * @param tailsLost the last events of a process that did not end in order may not have reached its log
 */
public record CheckOptions(boolean firstReplayed, boolean tailsLost) {

    /** Logs that hold everything, as the simulator's do. */
    public static CheckOptions complete() {
        return new CheckOptions(false, false);
    }

    /** Logs of real processes, which may have been killed. */
    public static CheckOptions ofProcesses() {
        return new CheckOptions(false, true);
    }

    public CheckOptions withFirstReplayed(boolean value) {
        return new CheckOptions(value, tailsLost);
    }
}
