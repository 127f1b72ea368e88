/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.security;

import dev.totem.core.NodeId;
import dev.totem.core.seal.SealHeader;
import dev.totem.core.spi.DatagramSeal;
import dev.totem.core.spi.SealSession;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Seals datagrams with a key that all nodes of a cluster share: nobody without it can read a frame, alter one or send
 * one. Any thread.
 *
 * <p>A frame that was recorded opens again: nothing here tells a replay.
 */
public final class AeadSeal implements DatagramSeal {

    /** The suite that is used when none is named. */
    public static final String DEFAULT_SUITE = CipherSuite.AES_256_GCM.text();

    /**
     * How many frames one key seals: 2^32 frames of at most 2^12 cipher blocks leave an observer an advantage below
     * 2^-40 of telling them from noise.
     */
    private static final long LIFE_FRAMES_MAX = 1L << 32;

    private final CipherSuite suite;
    private final MasterKey master;
    private final Aead.Factory ciphers;
    private final RandomGenerator lives;
    private final long lifeFramesMax;

    AeadSeal(CipherSuite suite, MasterKey master, Aead.Factory ciphers, RandomGenerator lives, long lifeFramesMax) {
        this.suite = suite;
        this.master = master;
        this.ciphers = ciphers;
        this.lives = lives;
        this.lifeFramesMax = lifeFramesMax;
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
        CipherSuite named = CipherSuite.of(suite);
        MasterKey master = KeyFile.read(file);
        return new AeadSeal(named, master, AeadSelection.select(named), new SecureRandom(), LIFE_FRAMES_MAX);
    }

    @Override
    public String suite() {
        return suite.text();
    }

    @Override
    public SealSession session(NodeId self, String cluster) {
        SealHeader header = new SealHeader(suite.id(), master.id(), SealHeader.clusterTag(cluster), self);
        KeyDerivation keys = new KeyDerivation(master.key(), suite.text(), cluster);
        return new AeadSession(header, keys, ciphers, lives, lifeFramesMax);
    }

    /** Wipes the master key: no more sessions; those that run go on. */
    public void erase() {
        master.key().erase();
    }
}
