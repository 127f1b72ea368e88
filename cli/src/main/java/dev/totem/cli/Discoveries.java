/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli;

import dev.totem.core.ConfigurationException;
import dev.totem.core.spi.PeerDiscovery;
import dev.totem.transport.DnsPeers;
import dev.totem.transport.FilePeers;
import dev.totem.transport.MulticastPeers;
import dev.totem.transport.StaticPeers;
import java.nio.file.Path;
import picocli.CommandLine.TypeConversionException;

/** The words of {@code --discover}. Any thread. */
final class Discoveries {

    private Discoveries() {}

    /**
     * Reads one.
     *
     * @param ownPort of all nodes, if no other is said
     * @throws ConfigurationException if it is nothing like one
     */
    static PeerDiscovery parse(String where, int ownPort) {
        int colon = where.indexOf(':');
        String kind = colon < 0 ? where : where.substring(0, colon);
        String rest = where.substring(colon + 1);
        if (colon < 0 || rest.isEmpty()) {
            throw unknown(where);
        }
        return switch (kind) {
            case "dns" -> dns(where, rest, ownPort);
            case "file" -> FilePeers.of(Path.of(rest));
            case "static" -> StaticPeers.of(rest.split(",", -1));
            case "mcast" -> multicast(where, rest);
            default -> throw unknown(where);
        };
    }

    private static PeerDiscovery dns(String where, String name, int ownPort) {
        int colon = name.lastIndexOf(':');
        if (colon >= 0) {
            HostPort named = hostPort(where, name);
            return DnsPeers.of(named.host(), named.port());
        }
        return name.startsWith("_") ? DnsPeers.srv(name) : DnsPeers.of(name, ownPort);
    }

    private static PeerDiscovery multicast(String where, String group) {
        HostPort at = hostPort(where, group);
        return MulticastPeers.of(at.host(), at.port());
    }

    private static HostPort hostPort(String where, String text) {
        try {
            return HostPort.parse(text);
        } catch (TypeConversionException wrong) {
            throw new ConfigurationException("discover", where, String.valueOf(wrong.getMessage()), wrong);
        }
    }

    private static ConfigurationException unknown(String where) {
        return new ConfigurationException(
                "discover",
                where,
                "is none of dns:NAME[:PORT], file:PATH, static:HOST:PORT[,HOST:PORT...] and mcast:GROUP:PORT");
    }
}
