/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli.observe;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a node knows of another one, or of an address where one may be. Immutable, any thread.
 *
 * @param node empty of an address from where nobody has answered
 * @param places one a network
 */
record KnownPeer(Optional<Integer> node, boolean isMember, List<Place> places) {

    /** Who is silent for longer is not just waiting for his turn. */
    private static final long SILENT_MILLIS = 2_000;

    /**
     * Where it is.
     *
     * @param address {@code HOST:PORT}, empty if nobody knows
     * @param source why the node knows it: {@code listed}, {@code found}, {@code told} or {@code heard}
     * @param silenceMillis empty if nothing was ever heard from there
     */
    record Place(
            int network, String address, String source, Optional<Long> silenceMillis, Optional<Long> roundTripMicros) {

        /** As in {@code 10.0.0.2:7400, 0.21 ms}. */
        String text() {
            List<String> words = new ArrayList<>();
            words.add((network > 1 ? "network " + network + ": " : "") + (address.isEmpty() ? "nowhere" : address));
            roundTripMicros.ifPresent(micros -> words.add(String.format(Locale.ROOT, "%.2f ms", micros / 1_000.0)));
            if (silenceMillis.isEmpty()) {
                words.add("never heard");
            } else if (silenceMillis.get() >= SILENT_MILLIS) {
                words.add("not heard for " + Moments.length(silenceMillis.get()));
            }
            return String.join(", ", words);
        }

        /** Whether somebody meant it to be a member. */
        boolean isExpected() {
            return source.equals("listed") || source.equals("found");
        }
    }

    KnownPeer {
        places = List.copyOf(places);
    }

    static KnownPeer of(JsonNode peer) {
        List<Place> places = new ArrayList<>();
        for (JsonNode place : peer.path("places")) {
            places.add(new Place(
                    place.path("network").asInt(1),
                    NodeStatus.text(place, "address"),
                    NodeStatus.text(place, "source"),
                    number(place, "silenceMillis"),
                    number(place, "roundTripMicros")));
        }
        return new KnownPeer(
                number(peer, "node").map(Long::intValue), peer.path("member").asBoolean(), places);
    }

    private static Optional<Long> number(JsonNode object, String name) {
        return Optional.ofNullable(object.get(name)).filter(JsonNode::isNumber).map(JsonNode::asLong);
    }

    /** Whether it should be a member and is none. */
    boolean isMissing() {
        return !isMember && places.stream().anyMatch(Place::isExpected);
    }

    /** What is known of it, as in {@code 10.0.0.2:7400, 0.21 ms}; empty if nothing is. */
    List<String> words() {
        return places.stream().map(Place::text).toList();
    }
}
