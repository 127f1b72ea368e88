/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.jmh;

import dev.totem.core.Guarantee;
import dev.totem.core.NodeId;
import dev.totem.core.RingId;
import dev.totem.core.internal.message.Origin;
import dev.totem.core.internal.message.ProtocolMessage;
import dev.totem.core.internal.message.RegularMessage;
import dev.totem.core.internal.message.RegularToken;
import dev.totem.core.internal.wire.MalformedMessageException;
import dev.totem.core.internal.wire.MessageCodec;
import java.nio.ByteBuffer;
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

/** A frame of application messages, and a token, to bytes and back. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xms256m", "-Xmx256m"})
public class CodecBenchmark {

    private static final Origin SENDER = new Origin(NodeId.of(1), 5);
    private static final RingId RING = new RingId(NodeId.of(1), 8);

    @Param({"1400", "16384"})
    private int packetBytes;

    private final MessageCodec codec = new MessageCodec();
    private final ProtocolMessage token = RegularToken.first(SENDER, RING, false);
    private final ByteBuffer target = ByteBuffer.allocate(MessageCodec.MESSAGE_BYTES_MAX);
    private ProtocolMessage message = token;
    private ByteBuffer messageBytes = target;
    private ByteBuffer tokenBytes = target;

    @Setup(Level.Trial)
    public void start() {
        message = new RegularMessage(SENDER, RING, 7, Guarantee.AGREED, ByteBuffer.allocate(packetBytes));
        messageBytes = encoded(message);
        tokenBytes = encoded(token);
    }

    @Benchmark
    public ByteBuffer encodeMessage() {
        codec.encode(message, target.clear());
        return target;
    }

    @Benchmark
    public ProtocolMessage decodeMessage() throws MalformedMessageException {
        return codec.decode(messageBytes.duplicate());
    }

    @Benchmark
    public ByteBuffer encodeToken() {
        codec.encode(token, target.clear());
        return target;
    }

    @Benchmark
    public ProtocolMessage decodeToken() throws MalformedMessageException {
        return codec.decode(tokenBytes.duplicate());
    }

    private ByteBuffer encoded(ProtocolMessage what) {
        ByteBuffer bytes = ByteBuffer.allocate(codec.encodedBytes(what));
        codec.encode(what, bytes);
        return bytes.flip();
    }
}
