/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.bench;

import java.util.List;

/**
 * The work of one run, the same for whoever does it. Immutable, any thread.
 *
 * @param sizeBytes payload of a message
 * @param warmup seconds
 * @param seconds measured
 * @param rate messages per second from each node; 0 for as many as flow control admits
 */
public record RunSpec(int sizeBytes, double warmup, double seconds, int rate) {

    /** The work as words of a command line, the same for {@code totem load} and the peers. */
    List<String> words() {
        return List.of(
                "--size",
                String.valueOf(sizeBytes),
                "--warmup",
                String.valueOf(warmup),
                "--seconds",
                String.valueOf(seconds),
                "--rate",
                String.valueOf(rate));
    }
}
