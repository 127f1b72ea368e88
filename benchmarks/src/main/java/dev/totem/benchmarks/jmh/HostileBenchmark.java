/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.jmh;

import dev.totem.core.NodeId;
import dev.totem.core.spi.SealHeader;
import dev.totem.core.spi.SealSession;
import dev.totem.core.spi.SealSession.Opened;
import dev.totem.security.AeadSeal;
import dev.totem.security.KeySource;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
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

/**
 * What a datagram of somebody without the key costs the seal, one thread, 50,000 of them in a second of its clock. For the
 * first compiler alone: {@code -jvmArgsAppend -XX:TieredStopAtLevel=1}.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xms256m", "-Xmx256m", "--add-opens=java.base/com.sun.crypto.provider=ALL-UNNAMED"})
public class HostileBenchmark {

    private static final String CLUSTER = "benchmark";
    private static final int TEXT_BYTES = 1_400;
    private static final int SMALL_FRAMES = 45;
    private static final int KINDS = 64;
    private static final long PAUSE_NANOS = 20_000;

    @Param({"garbage", "other-suite", "wrong-numbers", "replayed", "missed-wrong-tag", "ended-life", "unknown-life"})
    private String kind = "";

    private final Random random = new Random(22);
    private final List<ByteBuffer> datagrams = new ArrayList<>();
    private final AeadSeal seal = AeadSeal.from(KeySource.key(key()));
    private final SealSession sender = seal.session(NodeId.of(1), CLUSTER);
    private final SealSession receiver = seal.session(NodeId.of(2), CLUSTER);
    private int next;
    private long nowNanos;

    @Setup(Level.Trial)
    public void start() {
        introduce(sender);
        SealSession ended = seal.session(NodeId.of(3), CLUSTER);
        for (int i = 0; i < KINDS; i++) {
            datagrams.add(datagram(ended));
        }
        if (kind.equals("ended-life")) {
            receiver.open(frame(ended));
        }
    }

    private byte[] key() {
        byte[] key = new byte[32];
        random.nextBytes(key);
        return key;
    }

    private ByteBuffer datagram(SealSession ended) {
        ByteBuffer frame = frame(kind.equals("ended-life") ? ended : sender);
        switch (kind) {
            case "garbage" -> {
                byte[] garbage = new byte[frame.remaining()];
                random.nextBytes(garbage);
                frame = ByteBuffer.wrap(garbage);
            }
            case "other-suite" -> {
                frame = ByteBuffer.allocate(SMALL_FRAMES * SealHeader.BYTES);
                SealHeader other = new SealHeader(2, 1, SealHeader.clusterTag(CLUSTER), NodeId.of(1));
                while (frame.hasRemaining()) {
                    other.write(frame, SealHeader.BYTES, 5, 6);
                }
                frame.flip();
            }
            case "wrong-numbers" -> frame.putLong(24, random.nextInt() & Integer.MAX_VALUE);
            case "replayed" -> receiver.open(frame.duplicate());
            case "missed-wrong-tag", "ended-life" -> frame.put(frame.limit() - 1, (byte) ~frame.get(frame.limit() - 1));
            default -> frame.putLong(16, random.nextLong());
        }
        return frame;
    }

    private static ByteBuffer frame(SealSession session) {
        ByteBuffer frame = ByteBuffer.allocate(TEXT_BYTES + session.overheadBytes());
        session.seal(ByteBuffer.allocate(TEXT_BYTES), frame);
        return frame.flip();
    }

    private void introduce(SealSession who) {
        Opened opened = receiver.open(frame(who));
        for (SealSession to = who;
                opened instanceof Opened.Proof proof && proof.reply().isPresent(); ) {
            opened = to.open(proof.reply().get());
            to = to == who ? receiver : who;
        }
    }

    /** As a node takes a read: up to the first frame that is refused. */
    @Benchmark
    public Opened datagram() {
        nowNanos += PAUSE_NANOS;
        receiver.readAt(nowNanos);
        next = (next + 1) % KINDS;
        return receiver.open(datagrams.get(next).duplicate());
    }

    /** For comparison: a frame of a member, sealed and opened. */
    @Benchmark
    public Opened genuine() {
        return receiver.open(frame(sender));
    }
}
