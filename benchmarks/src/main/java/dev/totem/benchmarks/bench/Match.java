/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.bench;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Runs of ours and of a peer that did the same work alternately. Immutable, any thread.
 *
 * @param peer null if ours ran alone
 */
public record Match(RunSpec work, Side ours, @Nullable Side peer) {

    /** How many times as many messages per second ours delivered, pair by pair. */
    List<Double> throughputRatios() {
        return ratios((ours, peers) -> ours.messagesPerSecond() / peers.messagesPerSecond());
    }

    /** How many times as much CPU a delivery cost the peer, pair by pair. */
    List<Double> cpuRatios() {
        return ratios((ours, peers) -> peers.cpuMicros() / ours.cpuMicros());
    }

    /** How many times as long half of the peer's own messages took at least, pair by pair. */
    List<Double> latencyRatios() {
        return ratios((ours, peers) -> quotient(peers.p50Micros(), ours.p50Micros()));
    }

    /** What the work is about: throughput as fast as possible, latency at a rate. */
    List<Double> ratios() {
        return work.rate() == 0 ? throughputRatios() : latencyRatios();
    }

    private List<Double> ratios(Ratio ratio) {
        List<Double> ratios = new ArrayList<>();
        if (peer != null) {
            for (int pair = 0; pair < Math.min(ours.runs().size(), peer.runs().size()); pair++) {
                Figures one = ours.runs().get(pair).figures();
                Figures other = peer.runs().get(pair).figures();
                Double value = one == null || other == null ? null : ratio.of(one, other);
                if (value != null) {
                    ratios.add(value);
                }
            }
        }
        return ratios;
    }

    private static @Nullable Double quotient(@Nullable Double dividend, @Nullable Double divisor) {
        return dividend == null || divisor == null || divisor == 0 ? null : dividend / divisor;
    }

    private interface Ratio {
        @Nullable
        Double of(Figures ours, Figures peers);
    }
}
