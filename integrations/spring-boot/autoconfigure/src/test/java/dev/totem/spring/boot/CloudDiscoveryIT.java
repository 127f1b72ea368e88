/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.TotemNode;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.discovery.ReactiveDiscoveryClient;

/** Applications on loopback that are found by Spring Cloud. */
class CloudDiscoveryIT {

    @TempDir
    Path directory;

    private final FakeCloud cloud = new FakeCloud();
    private ApplicationContextRunner applications;

    @BeforeEach
    void describe() {
        applications = new ApplicationContextRunner()
                .withConfiguration(
                        AutoConfigurations.of(TotemCloudAutoConfiguration.class, TotemAutoConfiguration.class))
                .withPropertyValues(
                        "spring.application.name=shop",
                        "totem.suite=none",
                        "totem.state-directory=" + directory.resolve("state"));
    }

    private ApplicationContextRunner inCloud() {
        return applications.withBean(ReactiveDiscoveryClient.class, () -> cloud);
    }

    private static ServiceInstance node(String service, int port) {
        return FakeCloud.at(service, "127.0.0.1", Map.of("totem-port", String.valueOf(port)));
    }

    private void areARing(ApplicationContextRunner one, ApplicationContextRunner other) {
        one.run(first -> other.run(second -> {
            TotemNode node = first.getBean(TotemNode.class);
            Instances.await(() -> node.membership().members().size() == 2);
            assertThat(second).hasNotFailed();
        }));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "totem.discover=cloud", "totem.discover=cloud:shop", "totem.transport=tcp"})
    void instancesOfOneServiceAreARing(String property) throws Exception {
        int one = freePort();
        int two = freePort();
        cloud.knows("shop", node("shop", one), node("shop", two));

        ApplicationContextRunner common = property.isEmpty() ? inCloud() : inCloud().withPropertyValues(property);
        areARing(
                common.withPropertyValues("totem.id=1", "totem.bind=127.0.0.1:" + one),
                common.withPropertyValues("totem.id=2", "totem.bind=127.0.0.1:" + two));
    }

    @Test
    void whatThePropertiesSayGoesBefore() throws Exception {
        int one = freePort();
        int two = freePort();
        cloud.fails("shop", new IllegalStateException("not to be asked"));

        ApplicationContextRunner common =
                inCloud().withPropertyValues("totem.peers=1@127.0.0.1:" + one + ",2@127.0.0.1:" + two);
        areARing(
                common.withPropertyValues("totem.id=1", "totem.bind=127.0.0.1:" + one),
                common.withPropertyValues("totem.id=2", "totem.bind=127.0.0.1:" + two));
    }

    @Test
    void anApplicationWithoutANameIsToldToHaveOne() {
        inCloud().withPropertyValues("spring.application.name=", "totem.id=1", "totem.bind=127.0.0.1:0")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining("spring.application.name"));
    }

    @Test
    void whereThereIsNoClientTheOtherWaysAreNamed() {
        applications
                .withPropertyValues("totem.id=1", "totem.bind=127.0.0.1:0", "totem.discover=cloud")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining("ReactiveDiscoveryClient"));
        applications
                .withClassLoader(new FilteredClassLoader("org.springframework.cloud"))
                .withPropertyValues("totem.id=1", "totem.bind=127.0.0.1:0")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining("totem.peers=ID@HOST:PORT"));
    }

    private static int freePort() throws SocketException {
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
