/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli;

import dev.totem.core.ConfigurationException;
import dev.totem.core.NodeId;
import dev.totem.core.spi.PeerDiscovery;
import dev.totem.transport.Network;
import dev.totem.transport.Peer;
import dev.totem.transport.StaticPeers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.TypeConversionException;

/**
 * The words of {@code --link}: {@code N=BIND[,HOW…]}, where {@code HOW} is a group, peers, or where others may be found. Any
 * thread.
 */
final class Networks {

    private static final String SHAPE = "is not N=HOST:PORT[,HOW...] with N from 2 to 4";

    private static final List<String> KINDS = List.of("dns:", "file:", "static:", "mcast:");

    private Networks() {}

    /**
     * Reads all of them; the first of a node is said by other options.
     *
     * @param isMulticast whether nodes meet in groups
     * @param group of the first network, if it has one
     * @throws ConfigurationException if one is nothing like it, or one is missing
     */
    static Network[] parse(List<String> texts, boolean isMulticast, @Nullable HostPort group) {
        Map<Integer, Network> networks = new TreeMap<>();
        for (String text : texts) {
            if (!text.matches("[2-4]=.+")) {
                throw refused(text, SHAPE);
            }
            int number = text.charAt(0) - '0';
            if (networks.put(number, one(text, text.substring(2), isMulticast, group)) != null) {
                throw refused(text, "network " + number + " is said twice");
            }
        }
        for (int number = 2; number < 2 + networks.size(); number++) {
            if (!networks.containsKey(number)) {
                throw refused(texts.get(0), "network " + number + " is missing: number them from 2 without a gap");
            }
        }
        return networks.values().toArray(Network[]::new);
    }

    private static Network one(String text, String words, boolean isMulticast, @Nullable HostPort group) {
        List<String> parts = Arrays.asList(words.split(",", -1));
        HostPort bind = hostPort(text, parts.get(0));
        Network bound = Network.bound(bind.host(), bind.port());
        List<String> hows = parts.subList(1, parts.size());
        if (isMulticast) {
            return inGroup(text, bound, hows, group);
        }
        if (hows.isEmpty()) {
            throw refused(
                    text,
                    "say how the others are reached there: ID@HOST:PORT of each, or HOST:PORT or dns:NAME of some");
        }
        return hows.get(0).indexOf('@') > 0 ? listed(text, bound, hows) : found(text, bound, hows, bind.port());
    }

    private static Network inGroup(String text, Network bound, List<String> hows, @Nullable HostPort group) {
        if (hows.size() > 1) {
            throw refused(text, "with --transport multicast a network has one group");
        }
        HostPort there = hows.isEmpty() ? group : hostPort(text, hows.get(0));
        if (there == null) {
            throw refused(text, "name the group of this network");
        }
        return bound.multicast(there.host(), there.port());
    }

    private static Network listed(String text, Network bound, List<String> hows) {
        List<Peer> peers = new ArrayList<>();
        for (String how : hows) {
            int at = how.indexOf('@');
            if (at < 1 || !how.substring(0, at).matches("[0-9]{1,9}")) {
                throw refused(text, "'" + how + "' is not ID@HOST:PORT, as others there are");
            }
            HostPort address = hostPort(text, how.substring(at + 1));
            NodeId id = NodeId.of(Integer.parseInt(how.substring(0, at)));
            peers.add(new Peer(id, address.host(), address.port()));
        }
        return bound.peers(peers.toArray(Peer[]::new));
    }

    private static Network found(String text, Network bound, List<String> hows, int ownPort) {
        List<PeerDiscovery> discoveries = new ArrayList<>();
        for (String how : hows) {
            if (KINDS.stream().anyMatch(how::startsWith)) {
                discoveries.add(Discoveries.parse(how, ownPort));
            } else {
                hostPort(text, how);
                discoveries.add(StaticPeers.of(how));
            }
        }
        return bound.discover(discoveries.toArray(PeerDiscovery[]::new));
    }

    private static HostPort hostPort(String text, String address) {
        try {
            return HostPort.parse(address);
        } catch (TypeConversionException wrong) {
            throw new ConfigurationException("link", text, String.valueOf(wrong.getMessage()), wrong);
        }
    }

    private static ConfigurationException refused(String text, String why) {
        return new ConfigurationException("link", text, why);
    }
}
