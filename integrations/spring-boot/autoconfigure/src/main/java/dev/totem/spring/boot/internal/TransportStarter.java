/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.spring.boot.internal;

import dev.totem.core.ConfigurationException;
import dev.totem.core.TotemConfig;
import dev.totem.core.TotemNode;
import dev.totem.core.spi.DatagramSeal;
import dev.totem.core.spi.PeerDiscovery;
import dev.totem.spring.boot.TcpTotemCustomizer;
import dev.totem.spring.boot.TotemNodeStarter;
import dev.totem.spring.boot.TotemProperties;
import dev.totem.spring.boot.UdpTotemCustomizer;
import dev.totem.transport.Peer;
import dev.totem.transport.TcpTotem;
import dev.totem.transport.UdpTotem;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;

/** Starts a node on UDP or TCP as the properties say. Any thread. */
public final class TransportStarter implements TotemNodeStarter {

    private static final String AUTO = "auto";

    private final TotemProperties properties;
    private final Supplier<DatagramSeal> seal;
    private final List<PeerDiscovery> discoveries;
    private final Optional<CloudDiscovery> cloud;
    private final List<UdpTotemCustomizer> udp;
    private final List<TcpTotemCustomizer> tcp;

    /** @param seal asked for at each start; may block */
    public TransportStarter(
            TotemProperties properties,
            Supplier<DatagramSeal> seal,
            List<PeerDiscovery> discoveries,
            Optional<CloudDiscovery> cloud,
            List<UdpTotemCustomizer> udp,
            List<TcpTotemCustomizer> tcp) {
        this.properties = properties;
        this.seal = seal;
        this.discoveries = discoveries;
        this.cloud = cloud;
        this.udp = udp;
        this.tcp = tcp;
    }

    @Override
    public Mono<TotemNode> start(TotemConfig settings) {
        return Mono.defer(() -> {
            Routes routes = Routes.of(properties, discoveries, cloud);
            return properties.transport() == TotemProperties.Transport.TCP
                    ? tcp(settings, routes).start()
                    : udp(settings, routes).start();
        });
    }

    private UdpTotem udp(TotemConfig settings, Routes routes) {
        HostPort bind = HostPort.parse("totem.bind", properties.bind());
        UdpTotem totem = UdpTotem.create()
                .bind(bind.host(), bind.port())
                .seal(seal.get())
                .config(settings);
        totem = properties.id().equals(AUTO) ? totem.derivedNodeId() : totem.nodeId(number(properties.id()));
        for (HostPort group : routes.multicast()) {
            totem = totem.multicast(group.host(), group.port());
        }
        totem = routes.peers().isEmpty() ? totem : totem.peers(routes.peers().toArray(Peer[]::new));
        totem = routes.discoveries().isEmpty()
                ? totem
                : totem.discover(routes.discoveries().toArray(PeerDiscovery[]::new));
        String advertise = properties.advertise();
        if (advertise != null) {
            HostPort seen = HostPort.parse("totem.advertise", advertise);
            totem = totem.advertise(seen.host(), seen.port());
        }
        Path directory = properties.stateDirectory();
        totem = directory == null ? totem : totem.stateDirectory(directory);
        for (UdpTotemCustomizer customizer : udp) {
            totem = customizer.apply(totem);
        }
        return totem;
    }

    private TcpTotem tcp(TotemConfig settings, Routes routes) {
        HostPort bind = HostPort.parse("totem.bind", properties.bind());
        TcpTotem totem = TcpTotem.create()
                .bind(bind.host(), bind.port())
                .seal(seal.get())
                .config(settings);
        totem = properties.id().equals(AUTO) ? totem.derivedNodeId() : totem.nodeId(number(properties.id()));
        totem = routes.peers().isEmpty() ? totem : totem.peers(routes.peers().toArray(Peer[]::new));
        totem = routes.discoveries().isEmpty()
                ? totem
                : totem.discover(routes.discoveries().toArray(PeerDiscovery[]::new));
        String advertise = properties.advertise();
        if (advertise != null) {
            HostPort seen = HostPort.parse("totem.advertise", advertise);
            totem = totem.advertise(seen.host(), seen.port());
        }
        Path directory = properties.stateDirectory();
        totem = directory == null ? totem : totem.stateDirectory(directory);
        for (TcpTotemCustomizer customizer : tcp) {
            totem = customizer.apply(totem);
        }
        return totem;
    }

    private static int number(String id) {
        if (!id.matches("[0-9]{1,10}") || Long.parseLong(id) > Integer.MAX_VALUE) {
            throw new ConfigurationException(
                    "totem.id", id, "a node id is auto or a number from 1 to " + Integer.MAX_VALUE);
        }
        return Integer.parseInt(id);
    }
}
