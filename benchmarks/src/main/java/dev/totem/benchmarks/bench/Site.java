/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.bench;

import dev.totem.core.ConfigurationException;
import dev.totem.testkit.internal.lab.NetLab;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The network between the processes of a run: loopback, or a namespace a node on one bridge. One thread. */
public final class Site implements AutoCloseable {

    public static final String GROUP = "239.192.7.1";

    private final @Nullable NetLab lab;

    private Site(@Nullable NetLab lab) {
        this.lab = lab;
    }

    public static Site loopback() {
        return new Site(null);
    }

    /** Makes a namespace a node, with a veth pair of MTU 1500 to a bridge; {@link #close} removes them. */
    public static Site namespaces(int nodes) throws IOException, InterruptedException {
        Optional<String> obstacle = NetLab.obstacle();
        if (obstacle.isPresent()) {
            throw new ConfigurationException(
                    "link", "namespaces", obstacle.get() + ": run as root on Linux, or take --link loopback");
        }
        return new Site(NetLab.of(nodes));
    }

    boolean isLoopback() {
        return lab == null;
    }

    /** The address of a node, from 1. */
    String address(int node) {
        return lab == null ? "127.0.0.1" : lab.address(node);
    }

    /** The words before a command that runs at a node. */
    List<String> inside(int node) {
        return lab == null ? List.of() : lab.inside(node);
    }

    /** A multicast group for all nodes. */
    public String group() {
        return GROUP;
    }

    /** UDP ports that nobody uses now. */
    public static int[] freePorts(int count) throws IOException {
        List<DatagramSocket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                sockets.add(new DatagramSocket(0, InetAddress.getLoopbackAddress()));
            }
            return sockets.stream().mapToInt(DatagramSocket::getLocalPort).toArray();
        } finally {
            sockets.forEach(DatagramSocket::close);
        }
    }

    @Override
    public void close() {
        if (lab != null) {
            lab.close();
        }
    }
}
