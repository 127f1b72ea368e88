/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.peer;

import dev.totem.benchmarks.load.LoadPlan;
import dev.totem.core.Guarantee;
import java.time.Duration;
import picocli.CommandLine.Option;

/** What every peer's process is told: names and meaning as in {@code totem load}. Main thread only. */
final class PeerOptions {

    @Option(names = "--id", required = true)
    int id;

    @Option(names = "--members", required = true)
    int members;

    @Option(names = "--host", required = true, description = "local address")
    String host = "";

    @Option(names = "--mcast-host", required = true)
    String groupHost = "";

    @Option(names = "--mcast-port", required = true)
    int groupPort;

    @Option(names = "--size", required = true)
    int sizeBytes;

    @Option(names = "--warmup", required = true)
    double warmup;

    @Option(names = "--seconds", required = true)
    double seconds;

    @Option(names = "--rate")
    int rate;

    LoadPlan plan() {
        return new LoadPlan(members, sizeBytes, duration(warmup), duration(seconds), true, rate, Guarantee.AGREED);
    }

    private static Duration duration(double seconds) {
        return Duration.ofNanos(Math.round(seconds * 1e9));
    }
}
