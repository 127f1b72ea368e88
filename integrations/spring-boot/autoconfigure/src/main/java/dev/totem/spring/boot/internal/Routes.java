/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.spring.boot.internal;

import dev.totem.core.ConfigurationException;
import dev.totem.core.spi.PeerDiscovery;
import dev.totem.spring.boot.TotemProperties;
import dev.totem.transport.DnsPeers;
import dev.totem.transport.FilePeers;
import dev.totem.transport.MulticastPeers;
import dev.totem.transport.Peer;
import dev.totem.transport.StaticPeers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How a node reaches the others: exactly one of the three. Spring Cloud is asked if it is named, and if nothing else is said and it is
 * there. Immutable, any thread.
 */
record Routes(List<HostPort> multicast, List<Peer> peers, List<PeerDiscovery> discoveries) {

    private static final String DISCOVER = "totem.discover";
    private static final String PEERS = "totem.peers";
    private static final String CLOUD = "cloud";

    /**
     * What the properties say.
     *
     * @param found discoveries of the application's own
     * @param cloud finds nodes of a service, if there is Spring Cloud
     */
    static Routes of(TotemProperties properties, List<PeerDiscovery> found, Optional<CloudDiscovery> cloud) {
        int ownPort = HostPort.parse("totem.bind", properties.bind()).port();
        List<PeerDiscovery> discoveries = new ArrayList<>(found);
        for (String where : properties.discover()) {
            discoveries.add(where.matches("cloud(:.+)?") ? inCloud(where, cloud, ownPort) : discovery(where, ownPort));
        }
        List<Peer> peers = properties.peers().stream().map(Routes::peer).toList();
        String group = properties.multicast();
        List<HostPort> multicast = group == null ? List.of() : List.of(HostPort.parse("totem.multicast", group));
        if (discoveries.isEmpty() && peers.isEmpty() && multicast.isEmpty()) {
            cloud.ifPresent(known -> discoveries.add(known.of(Optional.empty(), ownPort)));
        }
        long ways = List.of(multicast, peers, discoveries).stream()
                .filter(way -> !way.isEmpty())
                .count();
        if (ways != 1) {
            throw new ConfigurationException(
                    "totem.multicast, totem.peers, totem.discover",
                    ways == 0 ? "none" : ways + " of them",
                    "say in one of these ways how this node reaches the others: totem.multicast=GROUP:PORT,"
                            + " totem.peers=ID@HOST:PORT,... or totem.discover=dns:NAME");
        }
        if (!multicast.isEmpty() && properties.transport() == TotemProperties.Transport.TCP) {
            throw new ConfigurationException(
                    "totem.multicast",
                    String.valueOf(group),
                    "TCP has no multicast: give totem.peers or totem.discover");
        }
        return new Routes(multicast, peers, discoveries);
    }

    private static Peer peer(String text) {
        int at = text.indexOf('@');
        if (at <= 0 || !text.substring(0, at).matches("[0-9]{1,9}")) {
            throw new ConfigurationException(PEERS, text, "is not ID@HOST:PORT");
        }
        HostPort address = HostPort.parse(PEERS, text.substring(at + 1));
        return Peer.of(Integer.parseInt(text.substring(0, at)), address.host(), address.port());
    }

    private static PeerDiscovery inCloud(String where, Optional<CloudDiscovery> cloud, int ownPort) {
        Optional<String> service =
                where.equals(CLOUD) ? Optional.empty() : Optional.of(where.substring(CLOUD.length() + 1));
        return cloud.orElseThrow(() -> new ConfigurationException(
                        DISCOVER, where, "needs a bean of type ReactiveDiscoveryClient, which Spring Cloud has"))
                .of(service, ownPort);
    }

    private static PeerDiscovery discovery(String where, int ownPort) {
        int colon = where.indexOf(':');
        String rest = where.substring(colon + 1);
        if (colon < 0 || rest.isEmpty()) {
            throw unknown(where);
        }
        return switch (where.substring(0, colon)) {
            case "dns" -> dns(rest, ownPort);
            case "file" -> FilePeers.of(Path.of(rest));
            case "static" -> StaticPeers.of(rest.split(";", -1));
            case "mcast" -> {
                HostPort group = HostPort.parse(DISCOVER, rest);
                yield MulticastPeers.of(group.host(), group.port());
            }
            default -> throw unknown(where);
        };
    }

    private static PeerDiscovery dns(String name, int ownPort) {
        if (name.indexOf(':') >= 0) {
            HostPort named = HostPort.parse(DISCOVER, name);
            return DnsPeers.of(named.host(), named.port());
        }
        return name.startsWith("_") ? DnsPeers.srv(name) : DnsPeers.of(name, ownPort);
    }

    private static ConfigurationException unknown(String where) {
        return new ConfigurationException(
                DISCOVER,
                where,
                "is none of dns:NAME[:PORT], file:PATH, static:HOST:PORT[;HOST:PORT...], mcast:GROUP:PORT and"
                        + " cloud[:SERVICE]");
    }
}
