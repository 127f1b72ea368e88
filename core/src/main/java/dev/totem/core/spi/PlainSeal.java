/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.spi;

import static java.util.Objects.requireNonNull;

import dev.totem.core.NodeId;
import java.security.SecureRandom;
import java.util.random.RandomGenerator;

/**
 * The suite {@code none}: frames carry the header and protect nothing; other clusters are told apart, strangers are
 * not. Any thread, as far as its random generator is.
 */
public final class PlainSeal implements DatagramSeal {

    /** The suite's name. */
    public static final String SUITE = SuiteName.NONE.text();

    private static final int NO_KEY = 0;

    private final RandomGenerator lives;

    private PlainSeal(RandomGenerator lives) {
        this.lives = lives;
    }

    public static PlainSeal create() {
        return new PlainSeal(new SecureRandom());
    }

    /** A seal that draws the numbers of its lives from a generator, so that a simulation repeats bit by bit. */
    public static PlainSeal seeded(RandomGenerator lives) {
        requireNonNull(lives, "lives");
        return new PlainSeal(lives);
    }

    @Override
    public String suite() {
        return SUITE;
    }

    @Override
    public SealSession session(NodeId self, String cluster) {
        requireNonNull(self, "self");
        requireNonNull(cluster, "cluster");
        SealHeader header = new SealHeader(SuiteName.NONE.number(), NO_KEY, SealHeader.clusterTag(cluster), self);
        return new PlainSession(header, lives.nextLong());
    }
}
