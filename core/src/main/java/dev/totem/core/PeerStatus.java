/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a node knows of another one, or of an address where one may be, at a moment. Immutable, any thread.
 *
 * @param node who it is; empty of an address from where nobody has answered
 * @param isMember whether it is in the present configuration
 * @param isProven whether a life of it has proven to be live under the keys; never where nothing is sealed
 * @param places where it is, one a network; empty where the link does not know, and of members that were not heard directly
 */
public record PeerStatus(Optional<NodeId> node, boolean isMember, boolean isProven, List<PeerPlace> places) {

    public PeerStatus {
        requireNonNull(node, "node");
        requireNonNull(places, "places");
        places = List.copyOf(places);
    }

    /** Whether it was heard within the last two seconds. */
    public boolean isAnswering() {
        return places.stream().anyMatch(PeerPlace::isAnswering);
    }

    /** For how long it was heard nowhere; empty if it never was. */
    public Optional<Duration> silence() {
        return least(places.stream().map(PeerPlace::silence));
    }

    /** The shortest of its round trips; empty if none is known. */
    public Optional<Duration> roundTrip() {
        return least(places.stream().map(PeerPlace::roundTrip));
    }

    private static Optional<Duration> least(Stream<Optional<Duration>> times) {
        return times.flatMap(Optional::stream).min(Duration::compareTo);
    }
}
