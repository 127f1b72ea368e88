/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.totem.core.ConfigurationException;
import dev.totem.core.NodeId;
import dev.totem.core.Settings;
import dev.totem.core.internal.settings.FlowLimits;
import dev.totem.core.internal.settings.NodeSettings;
import dev.totem.core.spi.DatagramSeal;
import dev.totem.core.spi.SealSession;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UdpTotemTest {

    @TempDir
    Path directory;

    private UdpTotem complete;

    @BeforeEach
    void everythingIsSaid() {
        complete = UdpTotem.create()
                .nodeId(1)
                .bind("127.0.0.1", 5_405)
                .multicast("239.192.0.1", 5_405)
                .seal(new NoSeal())
                .stateDirectory(directory);
    }

    @Test
    void namesAMissingId() {
        UdpTotem anonymous = UdpTotem.create()
                .bind("127.0.0.1", 5_405)
                .multicast("239.192.0.1", 5_405)
                .seal(new NoSeal());

        refuses(anonymous, "id", "id=missing: set the node's id with nodeId(…), from 1 to 2147483647");
    }

    @Test
    void refusesTheIdZeroAtOnce() {
        refusedAtOnce(() -> complete.nodeId(0), "id=0: a node id is from 1 to 2147483647");
    }

    @Test
    void namesAMissingSeal() {
        UdpTotem open = UdpTotem.create().nodeId(1).bind("127.0.0.1", 5_405).multicast("239.192.0.1", 5_405);

        refuses(
                open,
                "seal",
                "seal=missing: say what protects the datagrams with seal(…), for example a seal from a key file");
    }

    @Test
    void namesAMissingAddress() {
        UdpTotem nowhere =
                UdpTotem.create().nodeId(1).multicast("239.192.0.1", 5_405).seal(new NoSeal());

        refuses(nowhere, "bind", "bind=missing: name an address of this host with bind(host, port)");
    }

    @Test
    void namesAMissingRoute() {
        UdpTotem alone = UdpTotem.create().nodeId(1).bind("127.0.0.1", 5_405).seal(new NoSeal());

        refuses(
                alone,
                "mcast",
                "mcast=missing: say how the others are reached: multicast(group, port), peers(…)" + " or discover(…)");
    }

    @Test
    void refusesPortsOutOfRangeAtOnce() {
        refusedAtOnce(() -> complete.bind("127.0.0.1", 65_536), "bind=127.0.0.1:65536: a port is from 1 to 65535");
        refusedAtOnce(() -> complete.bind("127.0.0.1", -1), "bind=127.0.0.1:-1: a port is from 1 to 65535");
        refusedAtOnce(() -> complete.multicast("ff15::1", 65_536), "mcast=[ff15::1]:65536: a port is from 1 to 65535");
        refusedAtOnce(() -> Peer.of(2, "::1", 0), "peer=2@::1:0: a port is from 1 to 65535");
    }

    @Test
    void refusesAMissingHostAtOnce() {
        refusedAtOnce(() -> complete.bind("", 5_405), "bind=:5405: a host is missing before the colon");
        refusedAtOnce(() -> Peer.of(2, "", 5_405), "peer=2@:5405: a peer is ID@HOST:PORT");
    }

    @Test
    void refusesAnAddressThatIsNotOfThisHost() {
        refuses(
                complete.bind("192.0.2.77", 5_405),
                "bind",
                "bind=192.0.2.77:5405: no interface of this host has this address");
    }

    @Test
    void refusesANetworkThatIsNone() {
        refuses(complete.bind("10.0.0.0/33", 5_405), "bind", "bind=10.0.0.0/33:5405: a prefix has at most 32 bits");
    }

    @Test
    void refusesANameThatDoesNotResolve() {
        refuses(
                complete.bind("no-such-host.invalid", 5_405),
                "bind",
                "bind=no-such-host.invalid:5405: the name does not resolve");
    }

    @Test
    void refusesAGroupThatIsNone() {
        refuses(
                complete.multicast("10.0.0.1", 5_405),
                "mcast",
                "mcast=10.0.0.1:5405: not a multicast address: take one of 239.0.0.0/8 or ff15::/16, or use peers");
    }

    @Test
    void refusesAGroupWithoutAPort() {
        refuses(
                complete.multicast("239.192.0.1", 0),
                "mcast",
                "mcast=239.192.0.1:0: all nodes of a group share its port: name one from 1 to 65535");
    }

    @Test
    void refusesAGroupOfTheOtherFamily() {
        refuses(
                complete.multicast("ff15::1", 5_405),
                "mcast",
                "mcast=[ff15::1]:5405: bind is an IPv4 address: the group must be one too");
    }

    @Test
    void refusesAnIpv6GroupOnLoopback() {
        LocalAddress local = LocalAddress.resolve(new Endpoint("bind", "127.0.0.1", 1));
        LocalAddress loopback = new LocalAddress(
                local.endpoint(),
                new InetSocketAddress(new Endpoint("bind", "::1", 1).resolve(), 1),
                local.nic(),
                65_536);

        refusedAtOnce(
                () -> MulticastLink.groupAddress(new Endpoint("mcast", "ff15::1", 5_405), loopback),
                "mcast=[ff15::1]:5405: the loopback interface carries no IPv6 multicast: bind 127.0.0.1 with an IPv4 group,"
                        + " another interface, or use peers");
    }

    @Test
    void refusesUnicastWithoutPeers() {
        refuses(complete.peers(), "peer", "peer=none: unicast needs the list of nodes: name at least one peer");
    }

    @Test
    void refusesAnIdThatIsListedTwice() {
        refuses(
                complete.peers(Peer.of(2, "127.0.0.1", 5_406), Peer.of(2, "127.0.0.1", 5_407)),
                "peer",
                "peer=2@127.0.0.1:5407: the id 2 is listed twice");
    }

    @Test
    void refusesTwoPeersAtOneAddress() {
        refuses(
                complete.peers(Peer.of(2, "127.0.0.1", 5_406), Peer.of(3, "127.0.0.1", 5_406)),
                "peer",
                "peer=3@127.0.0.1:5406: has the address of 2@127.0.0.1:5406");
    }

    @Test
    void refusesAPeerWhereTheNodeItselfIs() {
        refuses(
                complete.peers(Peer.of(2, "127.0.0.1", 5_405)),
                "peer",
                "peer=2@127.0.0.1:5405: this is where node 1 itself is bound");
    }

    @Test
    void refusesAPeerOfTheOtherFamily() {
        refuses(
                complete.peers(Peer.of(2, "::1", 5_406)),
                "peer",
                "peer=2@[::1]:5406: bind is an IPv4 address: all peers must have one too");
    }

    @Test
    void refusesAPeerThatIsAGroup() {
        refuses(
                complete.peers(Peer.of(2, "239.192.0.1", 5_406)),
                "peer",
                "peer=2@239.192.0.1:5406: name the address of one host");
    }

    @Test
    void refusesUnicastWithoutAPort() {
        refuses(
                complete.bind("127.0.0.1", 0).peers(Peer.of(2, "127.0.0.1", 5_406)),
                "bind",
                "bind=127.0.0.1:0: peers must know the port: name one from 1 to 65535");
    }

    @Test
    void refusesPacketsBeyondTheProtocolAtOnce() {
        refusedAtOnce(
                () -> complete.config(c -> c.set(Settings.NETMTU, 65_536)), "netmtu=65536: must be from 0 to 65535");
    }

    @Test
    void refusesPacketsBeyondTheInterface() {
        LocalAddress local = LocalAddress.resolve(new Endpoint("bind", "127.0.0.1", 1));
        LocalAddress ethernet = new LocalAddress(local.endpoint(), local.address(), local.nic(), 1_500);

        assertThat(ethernet.frameBytesMax(1_500)).isEqualTo(1_472);
        assertThatThrownBy(() -> ethernet.frameBytesMax(1_501))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("netmtu=1501: the interface " + local.nic().getName()
                        + " carries packets of at most 1500 bytes");
    }

    @Test
    void choosesFramesThatFillThePacketsOfTheInterface() {
        LocalAddress local = LocalAddress.resolve(new Endpoint("bind", "127.0.0.1", 1));

        assertThat(new LocalAddress(local.endpoint(), local.address(), local.nic(), 1_500).frameBytesMax(0))
                .isEqualTo(1_472);
        assertThat(new LocalAddress(local.endpoint(), local.address(), local.nic(), 65_536).frameBytesMax(0))
                .isEqualTo(LocalAddress.FRAME_BYTES_CHOSEN);
    }

    @Test
    void usesFewerFramesWhereTheyAreLonger() {
        LocalAddress local = LocalAddress.resolve(new Endpoint("bind", "127.0.0.1", 1));
        LocalAddress ethernet = new LocalAddress(local.endpoint(), local.address(), local.nic(), 1_500);
        LocalAddress jumbo = new LocalAddress(local.endpoint(), local.address(), local.nic(), 9_000);
        LocalAddress loopback = new LocalAddress(local.endpoint(), local.address(), local.nic(), 65_536);
        FlowLimits limits =
                NodeSettings.defaults().with(Settings.ACCELERATED_WINDOW, 10).flow();

        assertThat(ethernet.inFrames(limits)).isEqualTo(limits);
        assertThat(jumbo.inFrames(limits)).isEqualTo(new FlowLimits(512, 192, 2, 5, 0, 8_192));
        assertThat(loopback.inFrames(limits)).isEqualTo(new FlowLimits(64, 24, 2, 1, 0, 1_024));
        FlowLimits cut = NodeSettings.defaults().with(Settings.NETMTU, 1_500).flow();
        assertThat(loopback.inFrames(cut)).isEqualTo(cut);
        assertThat(loopback.inFrames(new FlowLimits(3, 2, 1, 0, 0, 16))).isEqualTo(new FlowLimits(1, 1, 1, 0, 0, 4));
    }

    @Test
    void usesFewerFramesWhereTheReceiveBufferIsSmall() {
        FlowLimits limits = NodeSettings.defaults().flow();

        assertThat(SocketBuffers.fit(limits, 1_472, 4 << 20)).isEqualTo(limits);
        assertThat(SocketBuffers.fit(limits, 1_472, 1_024 * 1_472)).isEqualTo(limits);
        assertThat(SocketBuffers.fit(limits, 1_472, 1_024 * 1_472 - 1).windowSize())
                .isEqualTo(512);
        assertThat(SocketBuffers.fit(limits, 1_472, 212_992)).isEqualTo(new FlowLimits(256, 96, 2, 32, 0, 4_096));
        assertThat(SocketBuffers.fit(limits, 1_472, 1).windowSize()).isEqualTo(256);
    }

    @Test
    void saysWhatALargerReceiveBufferWouldChange() {
        LinkSizes sizes = new LinkSizes(1_472, 1_024, 256, 96, 1);

        assertThat(new SocketBuffers(4 << 20, 4 << 20, 4 << 20).remedy(sizes)).isEmpty();
        assertThat(new SocketBuffers(4 << 20, 212_992, 212_992).remedy(sizes))
                .contains("the receive buffer holds 212992 bytes, a window of 1024 frames of 1472 bytes needs 1507328:"
                        + " raise it with 'sysctl -w net.core.rmem_max=1507328', or lower window-size or netmtu;"
                        + " until then the window is 256 frames, and bursts may be lost and sent again");
    }

    @Test
    void namesAStateDirectoryThatCannotBeUsed() throws Exception {
        Path occupied = Files.writeString(directory.resolve("occupied"), "a file");

        assertThatThrownBy(() -> complete.stateDirectory(occupied).start().block())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith("state-dir=" + occupied + ": cannot be used");
    }

    @Test
    void leavesTheValueItCameFromAsItWas() {
        UdpTotem other = complete.bind("192.0.2.77", 1);

        assertThat(other).isNotSameAs(complete);
        refuses(complete.multicast("10.0.0.1", 5_405), "mcast", null);
        refuses(other, "bind", null);
    }

    @Test
    void doesNothingBeforeItIsSubscribed() {
        assertThat(complete.start()).isNotNull();

        assertThat(directory).isEmptyDirectory();
    }

    private static void refuses(UdpTotem totem, String setting, String message) {
        assertThatThrownBy(() -> totem.start().block())
                .isInstanceOfSatisfying(ConfigurationException.class, refused -> {
                    assertThat(refused.setting()).isEqualTo(setting);
                    assertThat(refused.retryCanHelp()).isFalse();
                    if (message != null) {
                        assertThat(refused).hasMessage(message);
                    }
                });
    }

    private static void refusedAtOnce(ThrowingCallable call, String message) {
        assertThatThrownBy(call).isInstanceOf(ConfigurationException.class).hasMessage(message);
    }

    /** Never used: nothing here starts. */
    private record NoSeal() implements DatagramSeal {

        @Override
        public String suite() {
            return "none";
        }

        @Override
        public SealSession session(NodeId self, String cluster) {
            throw new AssertionError("a refused start seals nothing");
        }
    }
}
