/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.jmh;

import dev.totem.core.NodeId;
import dev.totem.core.spi.DatagramSeal;
import dev.totem.core.spi.PlainSeal;
import dev.totem.core.spi.SealSession;
import dev.totem.core.spi.SealSession.Opened;
import dev.totem.core.spi.SuiteName;
import dev.totem.security.AeadSeal;
import dev.totem.security.KeyFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
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
 * A frame through the seal of a running node, one thread.
 *
 * <p>To open takes as long as {@code sealAndOpen} takes longer than {@code seal}. What it allocates is what it hands over:
 * the plaintext in an array of its own.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xms256m", "-Xmx256m", "--add-opens=java.base/com.sun.crypto.provider=ALL-UNNAMED"})
public class SealBenchmark {

    private static final String CLUSTER = "benchmark";

    @Param({"aes-256-gcm", "chacha20-poly1305", "sober128-hmac-sha1", "none"})
    private String suite = "";

    @Param({"1400", "16384"})
    private int plaintextBytes;

    private SealSession sender = PlainSeal.create().session(NodeId.of(1), CLUSTER);
    private SealSession receiver = sender;
    private ByteBuffer plaintext = ByteBuffer.allocate(0);
    private ByteBuffer frame = plaintext;

    @Setup(Level.Trial)
    public void start() throws IOException {
        DatagramSeal seal = seal(suite);
        sender = seal.session(NodeId.of(1), CLUSTER);
        receiver = seal.session(NodeId.of(2), CLUSTER);
        plaintext = sender.buffer(plaintextBytes);
        frame = sender.buffer(plaintextBytes + sender.overheadBytes());
        introduce();
    }

    /** Lets the sender prove to the receiver that it is live. */
    private void introduce() {
        sender.seal(plaintext.clear(), frame.clear());
        Opened opened = receiver.open(frame.flip());
        for (SealSession next = sender;
                opened instanceof Opened.Proof proof && proof.reply().isPresent(); ) {
            opened = next.open(proof.reply().get());
            next = next == sender ? receiver : sender;
        }
    }

    @Benchmark
    public ByteBuffer seal() {
        sender.seal(plaintext.clear(), frame.clear());
        return frame;
    }

    @Benchmark
    public ByteBuffer sealAndOpen() {
        sender.seal(plaintext.clear(), frame.clear());
        if (receiver.open(frame.flip()) instanceof Opened.Frame opened) {
            return opened.plaintext();
        }
        throw new IllegalStateException("a frame of " + suite + " did not open");
    }

    private DatagramSeal seal(String name) throws IOException {
        if (name.equals(SuiteName.NONE.text())) {
            return PlainSeal.create();
        }
        Path folder = Files.createTempDirectory("seal-benchmark");
        Path file = folder.resolve("key");
        try {
            KeyFile.create(file);
            return AeadSeal.fromKeyFile(file, name);
        } finally {
            Files.deleteIfExists(file);
            Files.delete(folder);
        }
    }
}
