/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A system that can be put under load, with its settings. One thread. */
public interface Contestant {

    /** As it stands in the table, with what makes it different from others of its kind. */
    String name();

    /** How many processes send and deliver. */
    int nodes();

    /** What this machine lacks for it, with the remedy. */
    default Optional<String> obstacle() {
        return Optional.empty();
    }

    /** How the names of those of its threads begin that are to have real-time scheduling; empty for none. */
    default String realTimeThreads() {
        return "";
    }

    /**
     * The command line of each node for one run; each prints a {@code LoadReport} as the last line of its output.
     *
     * @param folder of this run, empty
     */
    List<List<String>> commands(RunSpec run, Site site, Path folder) throws IOException, InterruptedException;
}
