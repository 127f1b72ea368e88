/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.spring.boot.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.spring.boot.FakeCloud;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.Disposables;

class CloudPeersTest {

    private static final int OWN_PORT = 5_405;
    private static final Map<String, String> NOTHING = Map.of();

    private final FakeCloud cloud = new FakeCloud();
    private final BlockingQueue<Object> seen = new LinkedBlockingQueue<>();
    private final Disposable.Swap search = Disposables.swap();

    @AfterEach
    void end() {
        search.dispose();
    }

    private void search(int ownPort) {
        search.update(new CloudPeers(cloud, "shop", ownPort, Duration.ofMillis(5))
                .candidates()
                .subscribe(seen::add, seen::add));
    }

    private Object next() throws InterruptedException {
        return seen.poll(20, TimeUnit.SECONDS);
    }

    private static InetSocketAddress at(String host, int port) {
        return new InetSocketAddress(host, port);
    }

    @Test
    void findsTheInstancesOfTheServiceAndThoseThatComeLater() throws Exception {
        cloud.knows("shop", FakeCloud.at("shop", "127.0.0.1", NOTHING));
        cloud.knows("others", FakeCloud.at("others", "127.0.0.9", NOTHING));
        search(OWN_PORT);
        assertThat(next()).isEqualTo(Set.of(at("127.0.0.1", OWN_PORT)));

        cloud.knows("shop", FakeCloud.at("shop", "127.0.0.1", NOTHING), FakeCloud.at("shop", "127.0.0.2", NOTHING));

        assertThat(next()).isEqualTo(Set.of(at("127.0.0.1", OWN_PORT), at("127.0.0.2", OWN_PORT)));
    }

    @Test
    void takesThePortOfTheNodeFromTheMetadata() throws Exception {
        cloud.knows("shop", FakeCloud.at("shop", "127.0.0.1", Map.of(CloudPeers.PORT, "7000")));
        search(OWN_PORT);

        assertThat(next()).isEqualTo(Set.of(at("127.0.0.1", 7_000)));
    }

    @Test
    void leavesOutWhoCannotBeReached() throws Exception {
        cloud.knows(
                "shop",
                FakeCloud.at("shop", "127.0.0.1", Map.of(CloudPeers.PORT, "7000")),
                FakeCloud.at("shop", "127.0.0.2", Map.of(CloudPeers.PORT, "70000")),
                FakeCloud.at("shop", "127.0.0.3", Map.of(CloudPeers.PORT, "http")),
                FakeCloud.at("shop", "127.0.0.4", NOTHING),
                FakeCloud.at("shop", "no.such.host.invalid", Map.of(CloudPeers.PORT, "7000")));
        search(0);

        assertThat(next()).isEqualTo(Set.of(at("127.0.0.1", 7_000)));
    }

    @Test
    void saysThatNobodyIsKnown() throws Exception {
        search(OWN_PORT);

        assertThat(next()).isEqualTo(Set.of());
    }

    /** The node subscribes again, later and later. */
    @Test
    void failsWithTheClient() throws Exception {
        RuntimeException failure = new IllegalStateException("no registry");
        cloud.knows("shop", FakeCloud.at("shop", "127.0.0.1", NOTHING));
        search(OWN_PORT);
        assertThat(next()).isEqualTo(Set.of(at("127.0.0.1", OWN_PORT)));

        cloud.fails("shop", failure);

        assertThat(next()).isSameAs(failure);
    }
}
