/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.bench;

import dev.totem.benchmarks.peer.JGroupsKeyStore;
import dev.totem.benchmarks.peer.JGroupsLoad;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * JGroups with a SEQUENCER, the tuned stack of {@link JGroupsLoad}. Any thread.
 *
 * @param encrypted with AES-GCM, 128 bits
 * @param tcp over TCP, and not over UDP with multicast
 * @param settings {@code bundle}, {@code bundler}, {@code credits}
 * @param jvmOptions after {@link #JVM_OPTIONS}
 */
public record JGroupsContestant(
        String name, int nodes, boolean encrypted, boolean tcp, Map<String, String> settings, List<String> jvmOptions)
        implements Contestant {

    public static final List<String> SETTINGS = List.of("bundle", "bundler", "credits");

    /**
     * Its best here: a larger young generation is slower, and so is the serial collector; with a smaller old one it spends its
     * time collecting when messages are small.
     */
    private static final List<String> JVM_OPTIONS =
            List.of("-XX:+UseParallelGC", "-Xms768m", "-Xmx768m", "-Xmn224m", "-XX:+AlwaysPreTouch");

    @Override
    public List<List<String>> commands(RunSpec run, Site site, Path folder) throws IOException {
        List<String> common = new ArrayList<>(run.words());
        settings.forEach((name, value) -> common.addAll(List.of("--" + name, value)));
        if (encrypted) {
            Path store = folder.resolve("jgroups.p12");
            JGroupsKeyStore.create(store);
            common.addAll(List.of("--key-store", store.toString()));
        }
        if (tcp) {
            int[] ports = Site.freePorts(nodes);
            for (int node = 1; node <= nodes; node++) {
                common.addAll(List.of("--tcp", site.address(node) + "[" + ports[node - 1] + "]"));
            }
        }
        List<String> options = new ArrayList<>(JVM_OPTIONS);
        options.add("-Djava.net.preferIPv4Stack=true");
        options.addAll(jvmOptions);
        return PeerCommands.of(
                JavaCommand.of(JGroupsLoad.class.getName(), options), nodes, site, Site.freePorts(1)[0], common);
    }
}
