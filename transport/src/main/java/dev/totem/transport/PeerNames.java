/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import dev.totem.core.NodeId;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The peers that are listed by name, looked up again and again: a name may resolve later than the node starts, or to another
 * address than before. Blocks; any thread.
 */
final class PeerNames {

    /** Names are looked up by this; tests have one of their own. */
    @FunctionalInterface
    interface Lookup {
        InetAddress find(String host) throws UnknownHostException;
    }

    /** What comes of looking; called on the thread that looks. */
    interface Findings {

        /** This is another address than the last, or the first. */
        void found(Peer peer, InetSocketAddress address);

        /** The name does not resolve, and never has. */
        void notFound(Peer peer);

        /** What it resolves to cannot be meant. */
        void refused(Peer peer, String why);
    }

    private final List<Peer> named;
    private final Supplier<LocalAddress> local;
    private final Lookup lookup;
    private final Map<NodeId, InetSocketAddress> last = new HashMap<>();

    PeerNames(PeerList list, Supplier<LocalAddress> local, Lookup lookup) {
        this.named = list.peers().stream().filter(PeerNames::isName).toList();
        this.local = local;
        this.lookup = lookup;
        last.putAll(list.addresses());
    }

    /** Whose names there are. */
    List<Peer> peers() {
        return named;
    }

    /** Looks one of them up. */
    void look(Peer peer, Findings findings) {
        try {
            InetAddress found = lookup.find(peer.host());
            LocalAddress here = local.get();
            PeerList.refusal(found, here)
                    .ifPresentOrElse(
                            why -> findings.refused(peer, why),
                            () -> found(peer, PeerList.at(found, peer, here), findings));
        } catch (UnknownHostException notNow) {
            // A name that has resolved before is as good as it was.
            if (!isKnown(peer)) {
                findings.notFound(peer);
            }
        }
    }

    private synchronized boolean isKnown(Peer peer) {
        return last.containsKey(peer.id());
    }

    private synchronized void found(Peer peer, InetSocketAddress address, Findings findings) {
        if (address.equals(last.get(peer.id()))) {
            return;
        }
        if (address.equals(local.get().address()) || last.containsValue(address)) {
            findings.refused(peer, "resolves to " + Endpoint.text(address) + ", which is where another node is");
            return;
        }
        last.put(peer.id(), address);
        findings.found(peer, address);
    }

    static boolean isName(Peer peer) {
        return !NetUtil.isValidIpV4Address(peer.host()) && !NetUtil.isValidIpV6Address(peer.host());
    }
}
