/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core;

import static java.util.Objects.requireNonNull;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;

/**
 * Where a node is, or may be, on one network, as another one knows it at a moment. Immutable, any thread.
 *
 * @param node who is there; empty as long as nobody has answered from there
 * @param network from 1; 1 where there is one
 * @param address where it is reached; unresolved if only a name is known so far, empty if nothing is
 * @param source how this node knows of it
 * @param silence for how long nothing has come from there that could be read; empty if nothing ever has
 * @param roundTrip how long a datagram and its answer take, smoothed; of members only, and empty until somebody has asked for it
 */
public record PeerPlace(
        Optional<NodeId> node,
        int network,
        Optional<InetSocketAddress> address,
        Source source,
        Optional<Duration> silence,
        Optional<Duration> roundTrip) {

    /** Longer than nobody says anything in a ring that works. */
    private static final Duration ANSWERS = Duration.ofSeconds(2);

    /** How a node knows of a place; what is said first holds if several do. */
    public enum Source {
        /** It was configured. */
        LISTED,
        /** Discovery leads there. */
        FOUND,
        /** A member says so. */
        TOLD,
        /** It was heard from there. */
        HEARD
    }

    public PeerPlace {
        requireNonNull(node, "node");
        requireNonNull(address, "address");
        requireNonNull(source, "source");
        requireNonNull(silence, "silence");
        requireNonNull(roundTrip, "roundTrip");
        if (network < 1) {
            throw new ConfigurationException("network", String.valueOf(network), "networks are counted from 1");
        }
    }

    /** Whether something has come from there within the last two seconds. */
    public boolean isAnswering() {
        return silence.filter(time -> time.compareTo(ANSWERS) < 0).isPresent();
    }

    /** The same on another network. */
    public PeerPlace onNetwork(int number) {
        return new PeerPlace(node, number, address, source, silence, roundTrip);
    }

    /** The same with a round trip that was measured. */
    public PeerPlace withRoundTrip(Duration measured) {
        requireNonNull(measured, "measured");
        return new PeerPlace(node, network, address, source, silence, Optional.of(measured));
    }
}
