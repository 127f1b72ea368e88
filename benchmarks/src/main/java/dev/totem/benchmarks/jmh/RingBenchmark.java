/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.jmh;

import dev.totem.core.Guarantee;
import dev.totem.testkit.internal.sim.Faults;
import dev.totem.testkit.internal.sim.SimCluster;
import dev.totem.testkit.internal.sim.SimNode;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A message through a whole ring in the simulator, from the send to its delivery at every node: nodes, codec, packing and
 * ordering as in production, without sockets and cryptography, with the simulator's own checks.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xms1g", "-Xmx1g"})
public class RingBenchmark {

    private static final int MESSAGES_EACH = 256;
    private static final int NODES = 3;
    private static final Duration LIMIT = Duration.ofMinutes(1);

    @Param({"100", "1000"})
    private int payloadBytes;

    private SimCluster cluster = SimCluster.create(1, NODES, Faults.none());

    /** A new one each time: the simulator remembers everything. */
    @Setup(Level.Iteration)
    public void start() {
        cluster = SimCluster.create(1, NODES, Faults.none());
        cluster.startAll();
        if (!cluster.runUntil(cluster::isOneRing, LIMIT) || !cluster.quiesce(LIMIT)) {
            throw new IllegalStateException(cluster.state());
        }
    }

    @Benchmark
    @OperationsPerInvocation(MESSAGES_EACH * NODES)
    public long messages() {
        for (SimNode node : cluster.nodes()) {
            for (int i = 0; i < MESSAGES_EACH; i++) {
                node.send(0, 0, Guarantee.AGREED, payloadBytes);
            }
        }
        if (!cluster.runUntil(cluster::nothingPending, LIMIT)) {
            throw new IllegalStateException(cluster.state());
        }
        return cluster.deliveries();
    }
}
