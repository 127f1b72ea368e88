/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.TotemNode;
import dev.totem.security.KeyFile;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Two applications on loopback, described by properties alone. */
class UdpInstancesIT {

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"udp", "tcp"})
    void twoInstancesAreARing(String transport) throws Exception {
        KeyFile.create(directory.resolve("key"));
        int one = freePort();
        int two = freePort();
        String peers = "totem.peers=1@127.0.0.1:" + one + ",2@127.0.0.1:" + two;
        ApplicationContextRunner common = new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(TotemAutoConfiguration.class))
                .withBean(ListenerTest.Quick.class)
                .withPropertyValues(
                        peers,
                        "totem.transport=" + transport,
                        "totem.key-file=" + directory.resolve("key"),
                        "totem.state-directory=" + directory.resolve("state"));
        common.withPropertyValues("totem.id=1", "totem.bind=127.0.0.1:" + one)
                .run(first -> common.withPropertyValues("totem.id=2", "totem.bind=127.0.0.1:" + two)
                        .run(second -> {
                            TotemNode node = first.getBean(TotemNode.class);
                            Instances.await(() -> node.membership().members().size() == 2);
                            first.getBean(TotemTemplate.class)
                                    .send("work", "hello")
                                    .block(Instances.PATIENCE);
                            assertThat(second.getBean(ListenerTest.Quick.class).next())
                                    .isEqualTo("hello");
                        }));
    }

    private static int freePort() throws SocketException {
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Test
    void aWrongRouteNamesItsProperty() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(TotemAutoConfiguration.class))
                .withPropertyValues("totem.suite=none", "totem.peers=127.0.0.1:5405")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining("totem.peers")
                        .hasMessageContaining("ID@HOST:PORT"));
    }
}
