/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.jmh;

import dev.totem.core.Guarantee;
import dev.totem.core.NodeId;
import dev.totem.core.RingId;
import dev.totem.core.internal.message.OrderedMessage;
import dev.totem.core.internal.message.Origin;
import dev.totem.core.internal.message.RegularMessage;
import dev.totem.core.internal.ordering.MessageStore;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** A message filed, read and freed, in order or with every pair swapped, as loss and repair leave them. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xms256m", "-Xmx256m"})
public class StoreBenchmark {

    private static final int FRAMES = 1_024;
    private static final int WINDOW = 256;
    private static final Origin SENDER = new Origin(NodeId.of(1), 5);
    private static final RingId RING = new RingId(NodeId.of(1), 8);

    @Param({"true", "false"})
    private boolean inOrder;

    private final ByteBuffer packet = ByteBuffer.allocate(1_400);
    private final MessageStore store = new MessageStore(FRAMES);
    private long seq;

    /** A window of messages, of which each is an operation. */
    @Benchmark
    @OperationsPerInvocation(WINDOW)
    public long window() {
        for (int i = 0; i < WINDOW; i++) {
            store.file(message(seq + 1 + (inOrder ? i : i ^ 1)));
        }
        long packets = 0;
        for (int i = 0; i < WINDOW; i++) {
            packets += store.get(++seq).map(OrderedMessage::seq).orElseThrow();
        }
        store.release(seq);
        return packets;
    }

    private OrderedMessage message(long number) {
        return new RegularMessage(SENDER, RING, number, Guarantee.AGREED, packet);
    }
}
