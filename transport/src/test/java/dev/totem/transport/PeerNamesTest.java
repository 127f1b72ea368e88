/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.NodeId;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("D3")
class PeerNamesTest implements PeerNames.Findings {

    private final LocalAddress local = LocalAddress.resolve(new Endpoint("bind", "127.0.0.1", 5_405));
    private final Map<String, String> zone = new HashMap<>();
    private final List<String> said = new ArrayList<>();

    @Test
    void aNameThatDoesNotResolveYetIsTriedAgain() {
        PeerNames names = names(Peer.of(2, "no-such-host.invalid", 5_406), Peer.of(3, "127.0.0.1", 5_407));

        look(names);
        zone.put("no-such-host.invalid", "127.0.0.9");
        look(names);
        look(names);

        assertThat(said).containsExactly("not found 2", "found 2 at 127.0.0.9:5406");
    }

    @Test
    void aNameThatLeadsElsewhereMovesItsPeerAndOneThatLeadsNowhereDoesNot() {
        PeerNames names = names(Peer.of(2, "two.invalid", 5_406));

        zone.put("two.invalid", "127.0.0.2");
        look(names);
        zone.clear();
        look(names);
        zone.put("two.invalid", "127.0.0.3");
        look(names);

        assertThat(said).containsExactly("found 2 at 127.0.0.2:5406", "found 2 at 127.0.0.3:5406");
    }

    @Test
    void aNameThatLeadsToAnotherNodeMovesNobody() {
        PeerNames names = names(Peer.of(2, "two.invalid", 5_406), Peer.of(3, "127.0.0.1", 5_406));

        zone.put("two.invalid", "127.0.0.1");
        look(names);
        zone.put("two.invalid", "::1");
        look(names);

        assertThat(said)
                .containsExactly(
                        "refused 2: resolves to 127.0.0.1:5406, which is where another node is",
                        "refused 2: bind is an IPv4 address: all peers must have one too");
    }

    @Test
    void addressesAreNotLookedUp() {
        assertThat(names(Peer.of(2, "127.0.0.1", 5_406)).peers()).isEmpty();
    }

    private void look(PeerNames names) {
        names.peers().forEach(peer -> names.look(peer, this));
    }

    private PeerNames names(Peer... peers) {
        PeerList list = PeerList.resolve(NodeId.of(1), local, List.of(peers));
        return new PeerNames(list, () -> local, host -> {
            String address = zone.get(host);
            if (address == null) {
                throw new UnknownHostException(host);
            }
            return InetAddress.getByName(address);
        });
    }

    @Override
    public void found(Peer peer, InetSocketAddress address) {
        said.add("found " + peer.id() + " at " + Endpoint.text(address));
    }

    @Override
    public void notFound(Peer peer) {
        said.add("not found " + peer.id());
    }

    @Override
    public void refused(Peer peer, String why) {
        said.add("refused " + peer.id() + ": " + why);
    }
}
