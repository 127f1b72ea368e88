/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.security;

import static java.util.Objects.requireNonNull;

import dev.totem.core.ConfigurationException;
import dev.totem.core.NodeId;
import dev.totem.core.spi.DatagramSeal;
import dev.totem.core.spi.SealSession;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
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
    private final RotationPolicy rotation;
    private final Supplier<Hmac> hmacs;
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
        this.rotation = RotationPolicy.NEVER;
        this.hmacs = HmacSha256::new;
    }

    private AeadSeal(KeyRing ring, KeySource source, OneProvider provider) {
        this.suite = CipherSuite.AES_256_GCM;
        this.ring = ring;
        this.source = source;
        this.ciphers = provider::cipher;
        this.random = provider.random();
        this.partFrames = PART_FRAMES;
        this.rotation = RotationPolicy.NEVER;
        this.hmacs = provider::hmac;
    }

    private AeadSeal(AeadSeal other, RotationPolicy rotation) {
        this.suite = other.suite;
        this.ring = other.ring;
        this.source = other.source;
        this.ciphers = other.ciphers;
        this.random = other.random;
        this.partFrames = other.partFrames;
        this.rotation = rotation;
        this.hmacs = other.hmacs;
    }

    /** The names of the suites that take a key, the best first. */
    public static List<String> suites() {
        return CipherSuite.names();
    }

    /**
     * Reads a key file for {@link #DEFAULT_SUITE}. Blocks.
     *
     * @throws ConfigurationException if the file cannot be used, or is not its owner's alone
     */
    public static AeadSeal fromKeyFile(Path file) {
        return fromKeyFile(file, DEFAULT_SUITE);
    }

    /**
     * Reads a key file. Blocks.
     *
     * @param suite one of {@link #suites}
     * @throws ConfigurationException if the file cannot be used, or is not its owner's alone, or there
     *     is no such suite
     */
    public static AeadSeal fromKeyFile(Path file, String suite) {
        requireNonNull(file, "file");
        requireNonNull(suite, "suite");
        CipherSuite named = CipherSuite.of(suite);
        KeyRing ring = KeyFile.read(file);
        return new AeadSeal(
                named, ring, KeySource.file(file), AeadSelection.select(named), LoopRandom.create(), PART_FRAMES);
    }

    /** As {@link #from(KeySource, String)} with {@link #DEFAULT_SUITE}. */
    public static AeadSeal from(KeySource source) {
        return from(source, DEFAULT_SUITE);
    }

    /**
     * Reads keys from where they are kept. Blocks until they are read.
     *
     * @param suite one of {@link #suites}
     * @throws ConfigurationException if they cannot be read, or there is no such suite
     */
    public static AeadSeal from(KeySource source, String suite) {
        requireNonNull(source, "source");
        requireNonNull(suite, "suite");
        CipherSuite named = CipherSuite.of(suite);
        return new AeadSeal(named, read(source), source, AeadSelection.select(named), LoopRandom.create(), PART_FRAMES);
    }

    /**
     * As {@link #from(KeySource)}, with cryptography of one provider only: AES-256-GCM, HMAC-SHA256 and random numbers. For
     * those who may use a certified module and nothing else, such as {@code BCFIPS}. One line in the log says which it is.
     * Nodes with it and nodes without understand each other. Slower than what is chosen otherwise.
     *
     * @param provider the name of a provider of this JVM
     * @throws ConfigurationException also if there is no such provider, or it lacks something
     */
    public static AeadSeal withProvider(KeySource source, String provider) {
        requireNonNull(source, "source");
        requireNonNull(provider, "provider");
        return new AeadSeal(read(source), source, OneProvider.of(provider));
    }

    private static KeyRing read(KeySource source) {
        try {
            return source.read().toCompletableFuture().join();
        } catch (CompletionException failed) {
            throw failed.getCause() instanceof ConfigurationException known
                    ? known
                    : new ConfigurationException(
                            "key", source.toString(), "cannot be read: " + failed.getCause(), failed);
        }
    }

    /**
     * The same seal with a rotation of its own: when the key in use is so old, or this node has sealed so many frames with
     * it, the node proposes the next one of its keys, as {@code TotemNode.rekey} does, if there is one by then. Age counts
     * from the switch, or from the node's start.
     *
     * @param age at least a second
     * @param frames at least 1; a frame has up to 64 KiB
     * @throws ConfigurationException if it is less
     */
    public AeadSeal rotating(Duration age, long frames) {
        return new AeadSeal(this, new RotationPolicy(requireNonNull(age, "age"), frames));
    }

    @Override
    public String suite() {
        return suite.text();
    }

    @Override
    public SealSession session(NodeId self, String cluster) {
        requireNonNull(self, "self");
        requireNonNull(cluster, "cluster");
        SessionKeys keys = new SessionKeys(suite, cluster, self, () -> ring, rotation, hmacs);
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
}
