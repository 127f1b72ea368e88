/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import static java.util.Objects.requireNonNull;

import dev.totem.core.ConfigurationException;
import dev.totem.core.NodeId;

/**
 * Where another node of the cluster is reached when there is no multicast. Any thread.
 *
 * @param id the other node
 * @param host its address, or a name, which is looked up again and again: it need not resolve at the start, and may
 *     resolve to another address later
 * @param port its UDP port, 1 to 65,535
 */
public record Peer(NodeId id, String host, int port) {

    public Peer {
        requireNonNull(id, "id");
        requireNonNull(host, "host");
        if (host.isEmpty()) {
            throw new ConfigurationException("peer", id + "@:" + port, "a peer is ID@HOST:PORT");
        }
        if (port < 1 || port > 65_535) {
            throw new ConfigurationException("peer", id + "@" + host + ":" + port, "a port is from 1 to 65535");
        }
    }

    public static Peer of(int id, String host, int port) {
        return new Peer(NodeId.of(id), host, port);
    }

    /** As on the command line: {@code ID@HOST:PORT}. */
    @Override
    public String toString() {
        return id + "@" + Endpoint.text(host, port);
    }
}
