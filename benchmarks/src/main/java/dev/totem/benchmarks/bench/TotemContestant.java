/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.bench;

import dev.totem.cli.NodeOptions;
import dev.totem.core.Guarantee;
import dev.totem.core.spi.SuiteName;
import dev.totem.security.KeyFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * {@code totem load} as it is started by a person. Any thread.
 *
 * @param settings of {@code --set}
 * @param jvmOptions after those of this JVM
 * @param realTime loop, lane and sender have real-time scheduling, as corosync has
 */
public record TotemContestant(
        String name,
        int nodes,
        String suite,
        Guarantee guarantee,
        NodeOptions.Transport transport,
        Map<String, String> settings,
        List<String> jvmOptions,
        boolean realTime)
        implements Contestant {

    private static final String THREADS = "totem-";
    private static final String MAIN_CLASS = "dev.totem.benchmarks.Totem";

    @Override
    public String realTimeThreads() {
        return realTime ? THREADS : "";
    }

    @Override
    public List<List<String>> commands(RunSpec run, Site site, Path folder) throws IOException {
        List<String> common = new ArrayList<>(List.of("--suite", suite));
        if (!suite.equals(SuiteName.NONE.text())) {
            Path key = folder.resolve("cluster.key");
            KeyFile.create(key);
            common.addAll(List.of("--key", key.toString()));
        }
        int[] ports = Site.freePorts(nodes + 1);
        if (transport == NodeOptions.Transport.MULTICAST) {
            common.addAll(List.of("--mcast", site.group() + ":" + ports[nodes]));
        } else {
            common.addAll(List.of("--transport", transport.name().toLowerCase(Locale.ROOT)));
            for (int node = 1; node <= nodes; node++) {
                common.addAll(List.of("--peer", node + "@" + site.address(node) + ":" + ports[node - 1]));
            }
        }
        settings.forEach((name, value) -> common.addAll(List.of("--set", name + "=" + value)));
        common.addAll(List.of(
                "--send",
                "--members",
                String.valueOf(nodes),
                "--guarantee",
                guarantee.name().toLowerCase(Locale.ROOT)));
        common.addAll(run.words());
        List<String> options = new ArrayList<>(JavaCommand.ownOptions());
        options.addAll(jvmOptions);
        List<List<String>> commands = new ArrayList<>();
        for (int node = 1; node <= nodes; node++) {
            Path state = Files.createDirectory(folder.resolve("state-" + node));
            List<String> words = new ArrayList<>(site.inside(node));
            words.addAll(JavaCommand.of(MAIN_CLASS, options));
            words.addAll(List.of("load", "--id", String.valueOf(node), "--state-dir", state.toString()));
            words.addAll(List.of("--bind", site.address(node) + ":" + ports[node - 1]));
            words.addAll(common);
            commands.add(words);
        }
        return commands;
    }
}
