/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.Disposables;

class DnsPeersIT {

    private final BlockingQueue<Set<InetSocketAddress>> found = new LinkedBlockingQueue<>();
    private Disposable search = Disposables.disposed();
    private NameServer server;

    @BeforeEach
    void startsAServer() throws Exception {
        server = new NameServer();
    }

    @AfterEach
    void ends() {
        search.dispose();
        server.close();
    }

    @Test
    void aNameThatIsEmptyAtFirstIsFollowed() throws Exception {
        look(DnsPeers.of(NameServer.NAME, 5_405));
        assertThat(found.poll(1_500, TimeUnit.MILLISECONDS)).isNull();

        server.says(1, 0, "10.0.0.1", "10.0.0.2");
        assertThat(next()).isEqualTo(at(5_405, "10.0.0.1", "10.0.0.2"));
        server.says(1, 0, "10.0.0.2", "10.0.0.3");
        assertThat(next()).isEqualTo(at(5_405, "10.0.0.2", "10.0.0.3"));
    }

    @Test
    void whileTheServerIsDownOrKnowsNothingTheLastAddressesStay() throws Exception {
        server.says(1, 0, "10.0.0.1");
        look(DnsPeers.of(NameServer.NAME, 5_405));
        assertThat(next()).isEqualTo(at(5_405, "10.0.0.1"));

        server.down(true);
        assertThat(found.poll(4, TimeUnit.SECONDS)).isNull();
        server.down(false);
        server.says(1, 0);
        assertThat(found.poll(3, TimeUnit.SECONDS)).isNull();
        server.says(1, 0, "10.0.0.9");
        assertThat(next()).isEqualTo(at(5_405, "10.0.0.9"));
    }

    @Test
    void asksAgainOnlyWhenTheTimeToLiveIsOver() throws Exception {
        server.says(60, 0, "10.0.0.1");
        look(DnsPeers.of(NameServer.NAME, 5_405));
        next();
        int asked = server.questions();

        assertThat(found.poll(3, TimeUnit.SECONDS)).isNull();
        assertThat(server.questions()).isEqualTo(asked);
    }

    @Test
    void aServiceSaysPortsToo() throws Exception {
        server.says(1, 7_001, "10.0.0.1", "10.0.0.2");
        look(DnsPeers.srv(NameServer.SERVICE));
        assertThat(next()).isEqualTo(at(7_001, "10.0.0.1", "10.0.0.2"));

        server.says(1, 7_002, "10.0.0.2");
        Set<InetSocketAddress> last = next();
        while (!last.equals(at(7_002, "10.0.0.2"))) {
            last = next();
        }
    }

    @Test
    void endsItsThreadWhenItIsCancelled() throws Exception {
        server.says(1, 0, "10.0.0.1");
        look(DnsPeers.of(NameServer.NAME, 5_405));
        next();
        search.dispose();

        long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (hasThread() && System.nanoTime() < limit) {
            Thread.onSpinWait();
        }
        assertThat(hasThread()).isFalse();
    }

    private static boolean hasThread() {
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().startsWith("totem-dns-peers"));
    }

    private void look(DnsPeers peers) {
        search = peers.askedAt(server.address()).candidates().subscribe(found::add, failed -> found.add(Set.of()));
    }

    private Set<InetSocketAddress> next() throws InterruptedException {
        Set<InetSocketAddress> set = found.poll(10, TimeUnit.SECONDS);
        assertThat(set).isNotNull();
        return set;
    }

    private static Set<InetSocketAddress> at(int port, String... hosts) {
        return Set.copyOf(Arrays.stream(hosts)
                .map(host -> new InetSocketAddress(host, port))
                .toList());
    }
}
