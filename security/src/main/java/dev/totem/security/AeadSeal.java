/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.security;

import static java.util.Objects.requireNonNull;

import dev.totem.core.NodeId;
import dev.totem.core.spi.DatagramSeal;
import dev.totem.core.spi.SealSession;
import dev.totem.core.spi.SideThread;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.random.RandomGenerator;

/**
 * Seals datagrams with keys that all nodes of a cluster share: nobody without them can read a frame, alter one, send one or
 * let one that was sent have an effect again. Any thread.
 */
public final class AeadSeal implements DatagramSeal {

    /** The suite that is used when none is named. */
    public static final String DEFAULT_SUITE = CipherSuite.AES_256_GCM.text();

    /**
     * How many frames one key seals: 2^32 frames of at most 2^12 cipher blocks leave an observer an advantage below
     * 2^-40 of telling them from noise.
     */
    static final long PART_FRAMES = 1L << 32;

    private final CipherSuite suite;
    private final KeySource source;
    private final Aead.Factory ciphers;
    private final RandomGenerator random;
    private final long partFrames;
    private volatile KeyRing ring;

    /** @param ring what the source had at first */
    AeadSeal(
            CipherSuite suite,
            KeyRing ring,
            KeySource source,
            Aead.Factory ciphers,
            RandomGenerator random,
            long partFrames) {
        this.suite = suite;
        this.ring = ring;
        this.source = source;
        this.ciphers = ciphers;
        this.random = random;
        this.partFrames = partFrames;
    }

    /** The names of the suites that take a key, the best first. */
    public static List<String> suites() {
        return CipherSuite.names();
    }

    /**
     * Reads a key file for {@link #DEFAULT_SUITE}. Blocks.
     *
     * @throws dev.totem.core.ConfigurationException if the file cannot be used, or is not its owner's alone
     */
    public static AeadSeal fromKeyFile(Path file) {
        return fromKeyFile(file, DEFAULT_SUITE);
    }

    /**
     * Reads a key file. Blocks.
     *
     * @param suite one of {@link #suites}
     * @throws dev.totem.core.ConfigurationException if the file cannot be used, or is not its owner's alone, or there
     *     is no such suite
     */
    public static AeadSeal fromKeyFile(Path file, String suite) {
        requireNonNull(file, "file");
        requireNonNull(suite, "suite");
        CipherSuite named = CipherSuite.of(suite);
        KeyRing ring = KeyFile.read(file);
        return new AeadSeal(
                named, ring, new InFile(file), AeadSelection.select(named), LoopRandom.create(), PART_FRAMES);
    }

    @Override
    public String suite() {
        return suite.text();
    }

    @Override
    public SealSession session(NodeId self, String cluster) {
        requireNonNull(self, "self");
        requireNonNull(cluster, "cluster");
        SessionKeys keys = new SessionKeys(suite, cluster, self, () -> ring);
        return new AeadSession(keys, ciphers, random, partFrames);
    }

    @Override
    public CompletionStage<Void> reload() {
        return source.read().thenAccept(this::adopt);
    }

    @Override
    public CompletionStage<Void> keepActive(int id) {
        return source.keepActive(id);
    }

    /** Wipes the master keys: no more sessions; those that run go on. */
    public void erase() {
        ring.erase();
    }

    private synchronized void adopt(KeyRing read) {
        ring = ring.followedBy(read);
    }

    /** Keys in a key file; what is noted there is noted in the order of the calls. */
    private static final class InFile implements KeySource {

        private final Path file;
        private final SideThread thread = new SideThread("totem-keys");
        private CompletableFuture<Void> last = CompletableFuture.completedFuture(null);

        InFile(Path file) {
            this.file = file;
        }

        @Override
        public CompletionStage<KeyRing> read() {
            return CompletableFuture.supplyAsync(() -> KeyFile.read(file), thread);
        }

        @Override
        public synchronized CompletionStage<Void> keepActive(int id) {
            last = last.handle((done, failed) -> id).thenAcceptAsync(active -> KeyFile.activate(file, active), thread);
            return last;
        }
    }
}
