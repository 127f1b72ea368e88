/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.totem.blocks.internal.Settings;
import dev.totem.core.ConfigurationException;
import dev.totem.core.HandleSource;
import dev.totem.core.Quorum;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.random.RandomGenerator;
import reactor.core.publisher.Mono;

/**
 * A block to be opened on nodes, with its settings, which are the same at all nodes. Immutable, any thread.
 *
 * @param <B> the block
 */
public final class BlockBuilder<B> {

    private static final int NAME_BYTES_MAX = 96;
    private static final long SHORTEST_MILLIS = 10;
    private static final int COMPARED_MAX = 1_000;

    private final Settings settings;
    private final RandomGenerator random;
    private final Opening<B> opening;

    /** How a block is made on a node. */
    @FunctionalInterface
    interface Opening<B> {
        Mono<B> open(HandleSource node, Settings settings, long instance);
    }

    private BlockBuilder(Settings settings, RandomGenerator random, Opening<B> opening) {
        this.settings = settings;
        this.random = random;
        this.opening = opening;
    }

    /** @param kind at most 5 characters: blocks of different kinds may have the same name */
    static <B> BlockBuilder<B> of(String kind, String name, Quorum quorum, Opening<B> opening) {
        if (name.isEmpty() || name.getBytes(UTF_8).length > NAME_BYTES_MAX) {
            throw new ConfigurationException("name", name, "a block's name has 1 to 96 bytes of UTF-8");
        }
        return new BlockBuilder<>(Settings.of(kind + "/" + name, quorum), new SecureRandom(), opening);
    }

    private BlockBuilder<B> with(Settings changed) {
        return new BlockBuilder<>(changed, random, opening);
    }

    /**
     * How many replicas must be there before an empty state begins, or one that only a minority knows goes on; all of them by
     * default. With fewer, a crash of a majority can begin an empty state beside an old one.
     */
    public BlockBuilder<B> bootstrapExpect(int replicas) {
        int votes = Settings.replicas(settings.quorum());
        if (replicas < 1 || replicas > votes) {
            throw new ConfigurationException(
                    "expect", String.valueOf(replicas), "from 1 to the " + votes + " nodes of the quorum");
        }
        return with(settings.expecting(replicas));
    }

    /**
     * For how long a member that went away keeps what it holds, such as locks, 10 ms or more; 4 s by default.
     *
     * <p>Nobody else gets it before, and the member itself gives it up after four fifths of that, so clocks may run apart by a
     * tenth. Shorter: what a crashed member held is free sooner. Shorter than about 1.75 × ({@code token} + {@code consensus}):
     * everybody loses what it holds whenever a ring is formed.
     */
    public BlockBuilder<B> lease(Duration lease) {
        if (requireNonNull(lease, "lease").toMillis() < SHORTEST_MILLIS) {
            throw new ConfigurationException("lease", lease.toString(), "10 ms or more");
        }
        return with(settings.leasing(lease));
    }

    /** Lets the ordered time go on by itself, every so often, 10 ms or more; it is also the most by which one message moves it. */
    public BlockBuilder<B> tick(Duration tick) {
        if (requireNonNull(tick, "tick").toMillis() < SHORTEST_MILLIS) {
            throw new ConfigurationException("tick", tick.toString(), "10 ms or more");
        }
        return with(settings.ticking(tick));
    }

    /**
     * Memory.
     *
     * @param keptBytes of applied commands, kept for members that missed them; 4 MiB by default
     * @param waitingBytes of what is delivered while a state comes; 64 MiB by default
     */
    public BlockBuilder<B> memory(long keptBytes, long waitingBytes) {
        if (keptBytes < 0 || waitingBytes < 1) {
            throw new ConfigurationException(
                    "memory", keptBytes + ", " + waitingBytes, "bytes, 0 or more and 1 or more");
        }
        return with(settings.keeping(keptBytes, waitingBytes));
    }

    /**
     * Behind how many entries of the log replicas compare the results that they have had, 0 for never, at most 1,000; 128 by
     * default.
     *
     * <p>Each says it in a message of 4 bytes an entry. A replica whose results differ from those of most others is told so by
     * {@link StateStatus#divergence()} and gets the state of another. What it had answered since the difference was wrong.
     */
    public BlockBuilder<B> compareEvery(int entries) {
        if (entries < 0 || entries > COMPARED_MAX) {
            throw new ConfigurationException(
                    "compareEvery", String.valueOf(entries), "0 for never, or up to " + COMPARED_MAX + " entries");
        }
        return with(settings.comparing(entries));
    }

    /** Another clock and chance than the system's, for tests that repeat. */
    public BlockBuilder<B> repeatable(Clock clock, RandomGenerator chance) {
        return new BlockBuilder<>(
                settings.by(requireNonNull(clock, "clock")), requireNonNull(chance, "chance"), opening);
    }

    /**
     * Opens the block on a node, or on a client at one. Completes when it follows the order, which may be long before it has the state.
     * Cold.
     *
     * <p>Replicas at one node count as one for the quorum and for {@link #bootstrapExpect}. One of a client ends with {@link
     * ReplicaStoppedException} when the client loses its place at its executive; open it again, wherever the client is then.
     */
    public Mono<B> open(HandleSource node) {
        requireNonNull(node, "node");
        return Mono.defer(() -> opening.open(node, settings, random.nextLong()));
    }
}
