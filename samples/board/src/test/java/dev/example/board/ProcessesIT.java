/* SPDX-License-Identifier: Apache-2.0 */
package dev.example.board;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three processes, as samples/board/start starts them, but on other ports; skipped where there is no browser. */
class ProcessesIT {

    private static final Path PICTURES = Path.of("target", "pictures");
    private static final int NODES = 3;
    private static final int SECONDS_MAX = 60;

    /** Less than what Spring gives a stop that waits for requests that do not end. */
    private static final int STOP_SECONDS_MAX = 20;

    @TempDir
    Path directory;

    private final List<Integer> ring = new ArrayList<>();
    private final List<Integer> web = new ArrayList<>();
    private final List<Process> instances = new ArrayList<>();
    private final List<Tab> tabs = new ArrayList<>();
    private Browser browser;

    @AfterEach
    void end() {
        if (browser != null) {
            browser.close();
        }
        instances.forEach(Process::destroyForcibly);
    }

    @Test
    void theOthersGoOnWhenOneIsKilledAndItComesBack() throws Exception {
        assumeTrue(Browser.program().isPresent(), "needs Chromium");
        for (int i = 0; i < NODES; i++) {
            try (DatagramSocket udp = new DatagramSocket(0, InetAddress.getLoopbackAddress());
                    ServerSocket tcp = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                ring.add(udp.getLocalPort());
                web.add(tcp.getLocalPort());
            }
        }
        for (int node = 1; node <= NODES; node++) {
            instances.add(start(node));
        }
        browser = new Browser(Browser.program().orElseThrow(), directory.resolve("browser"));
        for (int node = 1; node <= NODES; node++) {
            Servers.await("127.0.0.1", web.get(node - 1), SECONDS_MAX);
            tabs.add(browser.open("http://127.0.0.1:" + web.get(node - 1) + "/", 1_100, 760));
        }
        tabs.forEach(tab -> tab.await("body[data-writable=true] #nodes [data-leads]", text -> true));
        tabs.get(0).value("document.getElementById('text').focus()");
        tabs.get(0).type("survive");
        tabs.get(0).key("Enter", 13);
        tabs.forEach(tab -> tab.await("li[data-text=survive]", text -> true));
        int leader = tabs.get(0)
                .value("+document.querySelector('[data-leads] b').textContent")
                .asInt();
        Tab killed = tabs.get(leader - 1);
        Tab other = tabs.get(leader % NODES);

        instances.get(leader - 1).destroyForcibly().waitFor();

        killed.await("#banner[data-kind=bad]", text -> text.startsWith("This instance does not answer."));
        killed.awaitNone("#nodes li");
        other.await("#banner[data-kind=info]", text -> text.startsWith("Instance " + leader + " is away."));
        other.await("#nodes [data-leads] b", text -> !text.equals(String.valueOf(leader)));
        other.click("li[data-text=survive] .on");
        other.await("[data-lane=DOING] li[data-text=survive]", text -> true);
        other.picture(PICTURES.resolve("one-killed.png"));
        killed.picture(PICTURES.resolve("killed.png"));

        instances.set(leader - 1, start(leader));

        killed.await("[data-lane=DOING] li[data-text=survive]", text -> true);
        tabs.forEach(tab -> tab.awaitNone("#banner"));

        Process stopped = instances.get(leader - 1);
        stopped.destroy();
        assertThat(stopped.waitFor(STOP_SECONDS_MAX, TimeUnit.SECONDS))
                .as("ends although a page listens to it")
                .isTrue();
    }

    private Process start(int node) throws IOException {
        String peers = IntStream.rangeClosed(1, NODES)
                .mapToObj(id -> id + "@127.0.0.1:" + ring.get(id - 1))
                .collect(Collectors.joining(","));
        return BoardProcess.start(
                List.of(),
                "--totem.id=" + node,
                "--totem.bind=127.0.0.1:" + ring.get(node - 1),
                "--totem.peers=" + peers,
                "--totem.state-directory=" + directory.resolve("state"),
                "--server.port=" + web.get(node - 1));
    }
}
