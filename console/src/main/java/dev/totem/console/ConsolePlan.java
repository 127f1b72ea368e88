/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.console;

import dev.totem.core.ConfigurationException;
import dev.totem.core.TotemNode;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * What a console shows, where, and to whom. Immutable, any thread.
 *
 * @param node what is shown; empty if it is told later
 * @param isRemote whether it may listen where others reach it
 * @param hosts names by which it may be asked, in lower case
 * @param readers the most streams at once
 */
record ConsolePlan(
        Optional<TotemNode> node,
        HostPort at,
        boolean isRemote,
        Set<String> hosts,
        int readers,
        Pace pace,
        Blocks blocks) {

    static final int READERS_MAX = 256;

    ConsolePlan {
        hosts = Set.copyOf(hosts);
    }

    /** Where it listens, as it was said. */
    record HostPort(String host, int port) {
        @Override
        public String toString() {
            return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
        }
    }

    /**
     * How fast events come, and how slow readers may be.
     *
     * @param period between two events
     * @param patience how long what was written may wait to be taken, and a connection for a request
     */
    record Pace(Duration period, Duration patience) {}

    static ConsolePlan of(Optional<TotemNode> node) {
        return new ConsolePlan(
                node,
                new HostPort("127.0.0.1", 0),
                false,
                Set.of(),
                16,
                new Pace(Duration.ofSeconds(1), Duration.ofSeconds(10)),
                Blocks.NONE);
    }

    ConsolePlan withAt(HostPort where) {
        return new ConsolePlan(node, where, isRemote, hosts, readers, pace, blocks);
    }

    ConsolePlan withRemote() {
        return new ConsolePlan(node, at, true, hosts, readers, pace, blocks);
    }

    ConsolePlan withHost(String name) {
        Set<String> more = new HashSet<>(hosts);
        more.add(HostNames.lowerCase(name));
        return new ConsolePlan(node, at, isRemote, more, readers, pace, blocks);
    }

    ConsolePlan withReaders(int most) {
        return new ConsolePlan(node, at, isRemote, hosts, most, pace, blocks);
    }

    ConsolePlan withPace(Pace other) {
        return new ConsolePlan(node, at, isRemote, hosts, readers, other, blocks);
    }

    ConsolePlan withBlock(String name, Supplier<String> state) {
        return new ConsolePlan(node, at, isRemote, hosts, readers, pace, blocks.with(name, state));
    }

    /** The names by which it may be asked: those that are listed, and that of where it listens. */
    HostNames names() {
        return new HostNames(withHost(at.host()).hosts());
    }

    /** The address to listen at; blocks while a name is looked up. */
    InetSocketAddress address() {
        InetAddress found;
        try {
            found = InetAddress.getByName(at.host());
        } catch (UnknownHostException unknown) {
            throw refused("there is no such host: name an address of this one", unknown);
        }
        if (!found.isLoopbackAddress() && !isRemote) {
            throw new ConfigurationException(
                    "http",
                    at.toString(),
                    "others could read it from there, and it has no password: take a loopback address, or allow that"
                            + " (--http-remote, allowRemote())");
        }
        return new InetSocketAddress(found, at.port());
    }

    ConfigurationException refused(String remedy, Throwable cause) {
        return new ConfigurationException("http", at.toString(), remedy, cause);
    }
}
