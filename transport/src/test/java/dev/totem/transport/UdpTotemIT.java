/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.totem.core.ConfigurationException;
import dev.totem.core.NodeId;
import dev.totem.core.TotemNode;
import dev.totem.core.spi.DatagramSeal;
import dev.totem.core.spi.PlainSeal;
import dev.totem.core.spi.SealSession;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UdpTotemIT {

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void namesAPortThatIsTaken(boolean nativeTransport) throws Exception {
        try (DatagramSocket holder = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            int port = holder.getLocalPort();

            assertThatThrownBy(() -> unicast(port)
                            .nativeTransport(nativeTransport)
                            .start()
                            .block())
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessage("bind=127.0.0.1:" + port
                            + ": the port is taken: choose another, or end the process that holds it");
        }
    }

    @Test
    void givesBackThePortAndTheStateOfANodeThatDoesNotComeToBe() throws Exception {
        int port = TestLinks.freePorts("127.0.0.1", 1).get(0);
        UdpTotem failing = unicast(port).link(link -> {
            throw new IllegalStateException("no");
        });

        assertThatThrownBy(() -> failing.start().block()).hasMessage("no");

        FileRingSequenceStore.open(directory, NodeId.of(1)).close().block();
        try (DatagramSocket again = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))) {
            assertThat(again.getLocalPort()).isEqualTo(port);
        }
    }

    @Test
    @Tag("D3")
    void startsWithoutAPeerWhoseNameDoesNotResolve() {
        int port = TestLinks.freePorts("127.0.0.1", 1).get(0);

        TotemNode node = unicast(port)
                .peers(Peer.of(2, "127.0.0.1", 9), Peer.of(3, "no-such-host.invalid", 5_405))
                .seal(PlainSeal.create())
                .start()
                .block(Duration.ofSeconds(20));

        assertThat(node).isNotNull();
        assertThat(node.membership().members()).containsExactly(NodeId.of(1));
        node.leave().block(Duration.ofSeconds(10));
    }

    @Test
    void signalsWhatCannotBeLinkedOnTheLoop() {
        UdpTotem failing = unicast(TestLinks.freePorts("127.0.0.1", 1).get(0)).link(link -> {
            throw new NoSuchFieldError("INET");
        });

        isRefused(failing);
    }

    @Test
    void signalsASealThatCannotBeLinked() {
        UdpTotem failing = unicast(TestLinks.freePorts("127.0.0.1", 1).get(0)).seal(new UnlinkedSeal());

        isRefused(failing);
    }

    private static void isRefused(UdpTotem failing) {
        assertThatThrownBy(() -> failing.start().block(Duration.ofSeconds(20)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith("class-path=java.lang.NoSuchFieldError: INET: a library has another version")
                .hasCauseInstanceOf(NoSuchFieldError.class);
    }

    @Test
    void refusesASecondNodeOfTheSameIdAndState() {
        FileRingSequenceStore first = FileRingSequenceStore.open(directory, NodeId.of(1));
        try {
            int port = TestLinks.freePorts("127.0.0.1", 1).get(0);

            assertThatThrownBy(() -> unicast(port).start().block())
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("state-dir=" + directory)
                    .hasMessageContaining("node 1 already runs");
        } finally {
            first.close();
        }
    }

    private UdpTotem unicast(int port) {
        return UdpTotem.create()
                .nodeId(1)
                .bind("127.0.0.1", port)
                .peers(Peer.of(2, "127.0.0.1", port == 1 ? 2 : 1))
                .seal(new NoSeal())
                .stateDirectory(directory);
    }

    private record UnlinkedSeal() implements DatagramSeal {

        @Override
        public String suite() {
            return "none";
        }

        @Override
        public SealSession session(NodeId self, String cluster) {
            throw new NoSuchFieldError("INET");
        }
    }

    /** Never used: nothing here starts. */
    private record NoSeal() implements DatagramSeal {

        @Override
        public String suite() {
            return "none";
        }

        @Override
        public SealSession session(NodeId self, String cluster) {
            throw new AssertionError("a node that does not come to be seals nothing");
        }
    }
}
