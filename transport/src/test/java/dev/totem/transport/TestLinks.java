/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import dev.totem.core.NodeId;
import dev.totem.core.Settings;
import dev.totem.core.internal.link.RedundantLink;
import dev.totem.core.internal.link.Spread;
import dev.totem.core.internal.settings.FlowLimits;
import dev.totem.core.internal.settings.NodeSettings;
import dev.totem.core.spi.SealHeader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Links on free ports of one host. */
final class TestLinks {

    /** Over IPv4 a datagram, and so a write with segmentation offload, holds four frames of this length. */
    static final int FOUR_FRAMES_A_WRITE = 16_404;

    static final String CLUSTER = "test";

    private TestLinks() {}

    static List<LinkContract.TestLink> multicast(String host, String group, boolean nativeTransport, int netmtu) {
        Endpoint endpoint = new Endpoint("mcast", group, freePorts(host, 1).get(0));
        List<LinkContract.TestLink> links = new ArrayList<>();
        for (int port : freePorts(host, 3)) {
            LinkPlan plan = plan(links.size() + 1, host, port, nativeTransport, new Traffic(netmtu, 1));
            MulticastLink link = new MulticastLink(plan, endpoint);
            link.open().block();
            links.add(new LinkContract.TestLink(link, plan.loop(), plan.local().address(), link.channels()));
        }
        return links;
    }

    static List<LinkContract.TestLink> unicast(String host, boolean nativeTransport, int netmtu) {
        List<Integer> ports = freePorts(host, 3);
        List<Peer> peers = IntStream.rangeClosed(1, 3)
                .mapToObj(id -> Peer.of(id, host, ports.get(id - 1)))
                .toList();
        List<LinkContract.TestLink> links = new ArrayList<>();
        for (Peer peer : peers) {
            LinkPlan plan = plan(peer.id().value(), host, peer.port(), nativeTransport, new Traffic(netmtu, 2));
            UnicastLink link = new UnicastLink(plan, PeerList.resolve(peer.id(), plan.local(), peers));
            link.open().block();
            links.add(new LinkContract.TestLink(link, plan.loop(), plan.local().address(), link.channels()));
        }
        return links;
    }

    /** Three that have heard of each other, and are told nothing by discovery. */
    static List<LinkContract.TestLink> found(String host, boolean nativeTransport, int netmtu) {
        List<LinkContract.TestLink> links = new ArrayList<>();
        List<Integer> ports = freePorts(host, 3);
        for (int id = 1; id <= 3; id++) {
            LinkPlan plan = plan(id, host, ports.get(id - 1), nativeTransport, new Traffic(netmtu, 2));
            DiscoveredLink link = new DiscoveredLink(plan, List.of(Flux::never), null);
            link.open().block();
            for (int other = 1; other <= 3; other++) {
                link.proven(NodeId.of(other), new InetSocketAddress(host, ports.get(other - 1)), true);
            }
            links.add(new LinkContract.TestLink(link, plan.loop(), plan.local().address(), link.channels()));
        }
        return links;
    }

    /** Three that are connected by TCP, and know each other by a list or by having heard of each other. */
    static List<LinkContract.TestLink> connected(String host, boolean nativeTransport, boolean listed) {
        List<Integer> ports = freeTcpPorts(host, 3);
        List<Peer> peers = IntStream.rangeClosed(1, 3)
                .mapToObj(id -> Peer.of(id, host, ports.get(id - 1)))
                .toList();
        List<LinkContract.TestLink> links = new ArrayList<>();
        for (Peer peer : peers) {
            LinkPlan plan = plan(Carrier.TCP, peer.id().value(), host, peer.port(), nativeTransport, new Traffic(0, 2));
            if (listed) {
                UnicastLink link = new UnicastLink(plan, PeerList.resolve(peer.id(), plan.local(), peers));
                link.open().block();
                links.add(new LinkContract.TestLink(
                        link, plan.loop(), plan.local().address(), link.channels()));
            } else {
                DiscoveredLink link = new DiscoveredLink(plan, List.of(Flux::never), null);
                link.open().block();
                for (Peer other : peers) {
                    link.proven(other.id(), new InetSocketAddress(host, other.port()), true);
                }
                links.add(new LinkContract.TestLink(
                        link, plan.loop(), plan.local().address(), link.channels()));
            }
        }
        return links;
    }

    /** Three on two networks each, one by one. */
    static List<LinkContract.TestLink> redundant(String host, boolean nativeTransport) {
        List<List<Peer>> networks = new ArrayList<>();
        List<Integer> all = freePorts(host, 6);
        for (List<Integer> ports : List.of(all.subList(0, 3), all.subList(3, 6))) {
            networks.add(IntStream.rangeClosed(1, 3)
                    .mapToObj(id -> Peer.of(id, host, ports.get(id - 1)))
                    .toList());
        }
        List<LinkContract.TestLink> links = new ArrayList<>();
        for (int id = 1; id <= 3; id++) {
            List<UnicastLink> both = new ArrayList<>();
            LinkPlan first = plan(id, host, networks.get(0).get(id - 1).port(), nativeTransport, new Traffic(1_500, 2));
            for (List<Peer> peers : networks) {
                LocalAddress local = LocalAddress.resolve(
                        new Endpoint("bind", host, peers.get(id - 1).port()));
                LinkPlan plan = new LinkPlan(
                        first.self(),
                        first.clusterTag(),
                        first.loop(),
                        Carrier.UDP,
                        local,
                        first.sizes(),
                        Mono.empty());
                UnicastLink link = new UnicastLink(plan, PeerList.resolve(first.self(), local, peers));
                link.open().block();
                both.add(link);
            }
            RedundantLink link = new RedundantLink(
                    both,
                    new RedundantLink.Parts(
                            first.self(),
                            Spread.PASSIVE,
                            new EventLoopScheduler(first.loop().eventLoop()),
                            new NetworkLog(new LinkLog(first.self())),
                            id,
                            id,
                            Mono.empty()));
            List<FrameChannel> sockets =
                    both.stream().flatMap(one -> one.channels().stream()).toList();
            links.add(
                    new LinkContract.TestLink(link, first.loop(), first.local().address(), sockets));
        }
        return links;
    }

    record Traffic(int netmtu, int copies) {}

    static LinkPlan plan(int id, String host, int port, boolean nativeTransport, Traffic traffic) {
        return plan(Carrier.UDP, id, host, port, nativeTransport, traffic);
    }

    private static LinkPlan plan(
            Carrier carrier, int id, String host, int port, boolean nativeTransport, Traffic traffic) {
        NodeId self = NodeId.of(id);
        LocalAddress bound = LocalAddress.resolve(new Endpoint("bind", host, port));
        LocalAddress local = carrier == Carrier.TCP ? bound.streaming() : bound;
        FlowLimits flow = NodeSettings.defaults()
                .with(Settings.WINDOW_SIZE, LinkContract.WINDOW)
                .with(Settings.NETMTU, traffic.netmtu())
                .flow();
        LinkSizes sizes = LinkSizes.of(local, flow, flow, traffic.copies());
        return new LinkPlan(
                self,
                SealHeader.clusterTag(CLUSTER),
                UdpLoop.start(self, nativeTransport),
                carrier,
                local,
                sizes,
                Mono.empty());
    }

    /** TCP ports nobody has at this moment. */
    static List<Integer> freeTcpPorts(String host, int count) {
        List<ServerSocket> sockets = new ArrayList<>();
        try {
            List<Integer> ports = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(host));
                sockets.add(socket);
                ports.add(socket.getLocalPort());
            }
            for (ServerSocket socket : sockets) {
                socket.close();
            }
            return ports;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ports nobody has at this moment. */
    static List<Integer> freePorts(String host, int count) {
        List<DatagramSocket> sockets = new ArrayList<>();
        try {
            List<Integer> ports = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                DatagramSocket socket = new DatagramSocket(new InetSocketAddress(InetAddress.getByName(host), 0));
                sockets.add(socket);
                ports.add(socket.getLocalPort());
            }
            return ports;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            sockets.forEach(DatagramSocket::close);
        }
    }
}
