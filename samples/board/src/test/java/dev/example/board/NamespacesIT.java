/* SPDX-License-Identifier: Apache-2.0 */
package dev.example.board;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.totem.testkit.internal.lab.NetLab;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three processes on three hosts, between which the network is cut; the browser has a way of its own to each. */
class NamespacesIT {

    private static final int NODES = 3;
    private static final int SECONDS_MAX = 90;
    private static final int RING_PORT = 5491;
    private static final int WEB_PORT = 8081;

    @TempDir
    Path directory;

    private final List<Process> instances = new ArrayList<>();
    private final List<Tab> tabs = new ArrayList<>();
    private NetLab lab;
    private Browser browser;

    @AfterEach
    void end() {
        if (browser != null) {
            browser.close();
        }
        instances.forEach(Process::destroyForcibly);
        if (lab != null) {
            lab.close();
        }
    }

    @Test
    void theSmallerPartOfACutNetworkSaysSoAndGetsWhatItMissed() throws Exception {
        assumeTrue(Browser.program().isPresent(), "needs Chromium");
        assumeTrue(NetLab.obstacle().isEmpty(), () -> "needs network namespaces");
        lab = NetLab.of(NODES);
        for (int node = 1; node <= NODES; node++) {
            giveWay(node);
            instances.add(start(node));
        }
        browser = new Browser(Browser.program().orElseThrow(), directory.resolve("browser"));
        for (int node = 1; node <= NODES; node++) {
            Servers.await(web(node), WEB_PORT, SECONDS_MAX);
            tabs.add(browser.open("http://" + web(node) + ":" + WEB_PORT + "/", 1_100, 760));
        }
        tabs.forEach(tab -> tab.await("body[data-writable=true] #nodes [data-leads]", text -> true));
        add(1, "before");
        tabs.forEach(tab -> tab.await("li[data-text=before]", text -> true));

        lab.partition(List.of(List.of(1, 2), List.of(3)));

        tab(3).await("#banner[data-kind=bad]", text -> text.startsWith("Cut off: this instance is alone"));
        tab(1).await("#banner[data-kind=info]", text -> text.startsWith("Instance 3 is away."));
        add(1, "meanwhile");
        tab(2).await("li[data-text=meanwhile]", text -> true);
        add(3, "refused");
        tab(3).await("#told", text -> text.startsWith("Nothing has changed"));
        tab(3).awaitNone("li[data-text=meanwhile]");

        lab.heal();

        tab(3).await("li[data-text=meanwhile]", text -> true);
        tabs.forEach(tab -> tab.awaitNone("#banner"));
        tabs.forEach(tab -> tab.awaitNone("li[data-text=refused]"));
        add(3, "afterwards");
        tabs.forEach(tab -> tab.await("li[data-text=afterwards]", text -> true));
        for (int node = 1; node <= NODES; node++) {
            String own = "http://" + web(node) + ":" + WEB_PORT + "/";
            assertThat(tab(node).requests()).isNotEmpty().allMatch(url -> url.startsWith(own));
        }
    }

    private Tab tab(int node) {
        return tabs.get(node - 1);
    }

    private void add(int node, String text) {
        tab(node).value("document.getElementById('text').select()"); // a text that was refused stands there still
        tab(node).type(text);
        tab(node).key("Enter", 13);
    }

    private static String web(int node) {
        return "10.99." + (100 + node) + ".2";
    }

    /** A cable from here to a host; both ends go with the host. */
    private void giveWay(int node) throws IOException, InterruptedException {
        List<String> inside = lab.inside(node);
        String space = inside.get(inside.size() - 1);
        String here = space + "w";
        ip("link", "add", here, "type", "veth", "peer", "name", "web", "netns", space);
        ip("addr", "add", "10.99." + (100 + node) + ".1/30", "dev", here);
        ip("link", "set", here, "up");
        ip("-n", space, "addr", "add", web(node) + "/30", "dev", "web");
        ip("-n", space, "link", "set", "web", "up");
    }

    private static void ip(String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("ip"));
        command.addAll(List.of(words));
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor())
                .as(String.join(" ", command))
                .isZero();
    }

    private Process start(int node) throws IOException {
        String peers = IntStream.rangeClosed(1, NODES)
                .mapToObj(id -> id + "@" + lab.address(id) + ":" + RING_PORT)
                .collect(Collectors.joining(","));
        return BoardProcess.start(
                lab.inside(node),
                "--totem.id=" + node,
                "--totem.bind=" + lab.address(node) + ":" + RING_PORT,
                "--totem.peers=" + peers,
                "--totem.state-directory=" + directory.resolve("state" + node),
                "--server.address=" + web(node),
                "--server.port=" + WEB_PORT);
    }
}
