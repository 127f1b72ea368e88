/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.jmh;

import dev.totem.core.Guarantee;
import dev.totem.core.NodeId;
import dev.totem.core.RingId;
import dev.totem.core.internal.message.OrderedMessage;
import dev.totem.core.internal.message.Origin;
import dev.totem.core.internal.message.RegularMessage;
import dev.totem.core.internal.message.RegularToken;
import dev.totem.core.internal.ordering.Origination;
import dev.totem.core.internal.ordering.Restraint;
import dev.totem.core.internal.ordering.RingOrder;
import dev.totem.core.internal.ordering.TokenVisit;
import dev.totem.core.internal.settings.NodeSettings;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/** A visit of the token at a node that has so many frames waiting; the others send nothing and have received everything. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xms256m", "-Xmx256m"})
public class TokenVisitBenchmark {

    private static final Origin SELF = new Origin(NodeId.of(2), 5);
    private static final Origin OTHER = new Origin(NodeId.of(1), 5);
    private static final RingId RING = new RingId(NodeId.of(1), 8);
    private static final long ROTATION_MAX_NANOS = 125_000_000;
    private static final int SHORT_ROTATIONS = 10;

    @Param({"0", "1", "32"})
    private int frames;

    private final ByteBuffer packet = ByteBuffer.allocate(1_400);
    private final Waiting waiting = new Waiting();
    private RingOrder order = newRing();
    private long seq;
    private long tokenSeq;

    private static RingOrder newRing() {
        return new RingOrder(RING, SELF, NodeSettings.defaults().flow(), ROTATION_MAX_NANOS);
    }

    @Setup(Level.Iteration)
    public void start() {
        order = newRing();
        for (int i = 0; i < SHORT_ROTATIONS; i++) {
            order.rotated(1); // until a visit may send as much as is allowed at all
        }
        seq = 0;
        tokenSeq = 0;
    }

    @Benchmark
    public RegularToken visit(Blackhole network) {
        waiting.left = frames;
        RegularToken token =
                new RegularToken(OTHER, RING, seq, ++tokenSeq, seq, Optional.empty(), 0, 0, false, List.of());
        RegularToken forwarded = TokenVisit.of(
                        order, token, waiting, Long.MAX_VALUE, Restraint.NONE, 0, network::consume)
                .forwarded();
        seq = forwarded.seq();
        tokenSeq = forwarded.tokenSeq();
        return forwarded;
    }

    private final class Waiting implements Origination {

        private int left;

        @Override
        public int backlog() {
            return left;
        }

        @Override
        public Optional<OrderedMessage> next(long number) {
            if (left == 0) {
                return Optional.empty();
            }
            left--;
            return Optional.of(new RegularMessage(SELF, RING, number, Guarantee.AGREED, packet));
        }
    }
}
