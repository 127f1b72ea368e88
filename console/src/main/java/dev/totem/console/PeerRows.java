/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.console;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.totem.core.NodeId;
import dev.totem.core.PeerPlace;
import dev.totem.core.PeerStatus;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The peers of a node as JSON. Any thread. */
record PeerRows(List<PeerStatus> peers) {

    /** A document a second goes to each reader: what strangers have invented need not be in it. */
    private static final int MOST = 512;

    void write(JsonGenerator json) throws IOException {
        json.writeArrayFieldStart("peers");
        for (PeerStatus peer : peers.subList(0, Math.min(MOST, peers.size()))) {
            json.writeStartObject();
            Optional<NodeId> node = peer.node();
            if (node.isPresent()) {
                json.writeNumberField("node", node.get().value());
            }
            json.writeBooleanField("member", peer.isMember());
            json.writeBooleanField("proven", peer.isProven());
            json.writeBooleanField("answers", peer.isAnswering());
            json.writeArrayFieldStart("places");
            for (PeerPlace place : peer.places()) {
                place(json, place);
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void place(JsonGenerator json, PeerPlace place) throws IOException {
        json.writeStartObject();
        json.writeNumberField("network", place.network());
        Optional<InetSocketAddress> address = place.address();
        if (address.isPresent()) {
            json.writeStringField("address", text(address.get()));
        }
        json.writeStringField("source", place.source().name().toLowerCase(Locale.ROOT));
        Optional<Duration> silence = place.silence();
        if (silence.isPresent()) {
            json.writeNumberField("silenceMillis", silence.get().toMillis());
        }
        Optional<Duration> roundTrip = place.roundTrip();
        if (roundTrip.isPresent()) {
            json.writeNumberField("roundTripMicros", roundTrip.get().toNanos() / 1_000);
        }
        json.writeEndObject();
    }

    /** Names nobody: a name that is not resolved is told as it is, and no address is looked up. */
    private static String text(InetSocketAddress address) {
        InetAddress resolved = address.getAddress();
        String host = resolved == null ? address.getHostString() : resolved.getHostAddress();
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + address.getPort();
    }
}
