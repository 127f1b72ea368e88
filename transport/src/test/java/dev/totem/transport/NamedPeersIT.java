/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.totem.core.ConfigurationException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.Disposable;

@SuppressWarnings("AddressSelection")
class NamedPeersIT {

    private static final Duration LIMIT = Duration.ofSeconds(10);

    @TempDir
    Path folder;

    @Test
    void aListIsWhatItSaysWithoutNamesThatDoNotResolve() {
        assertThat(StaticPeers.of("127.0.0.1:5405", "no-such-host.invalid:5405", "[::1]:5406")
                        .candidates()
                        .blockFirst(LIMIT))
                .containsExactlyInAnyOrder(
                        new InetSocketAddress("127.0.0.1", 5_405), new InetSocketAddress("::1", 5_406));
    }

    @Test
    void refusesWhatIsNoAddressNamingIt() {
        for (String wrong :
                new String[] {"", "host", "host:", ":5405", "::1:5405", "host:0", "host:65536", "host:1x"}) {
            assertThatThrownBy(() -> StaticPeers.of(wrong))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("discover=" + wrong);
        }
        assertThatThrownBy(StaticPeers::of).isInstanceOf(ConfigurationException.class);
    }

    @Test
    void aFileIsFollowedAndWhileItIsBrokenOrGoneTheLastAddressesStay() throws Exception {
        Path file = folder.resolve("peers");
        BlockingQueue<Set<InetSocketAddress>> found = new LinkedBlockingQueue<>();
        Disposable search = FilePeers.of(file).candidates().subscribe(found::add, failed -> found.add(Set.of()));

        assertThat(next(found)).isEmpty();
        replace(file, "# two\n127.0.0.1:1 # one\n\n  127.0.0.1:2\n");
        assertThat(next(found)).containsExactlyInAnyOrder(at(1), at(2));
        replace(file, "127.0.0.1:1\nnonsense\n");
        assertThat(found.poll(1_500, TimeUnit.MILLISECONDS)).isNull();
        Files.delete(file);
        assertThat(found.poll(1_500, TimeUnit.MILLISECONDS)).isNull();
        replace(file, "127.0.0.1:3");
        assertThat(next(found)).containsExactly(at(3));
        search.dispose();
    }

    private static void replace(Path file, String text) throws Exception {
        Path made = Files.writeString(Path.of(file + ".new"), text);
        Files.move(made, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static Set<InetSocketAddress> next(BlockingQueue<Set<InetSocketAddress>> found)
            throws InterruptedException {
        Set<InetSocketAddress> set = found.poll(LIMIT.toSeconds(), TimeUnit.SECONDS);
        assertThat(set).isNotNull();
        return set;
    }

    private static InetSocketAddress at(int port) {
        return new InetSocketAddress("127.0.0.1", port);
    }
}
