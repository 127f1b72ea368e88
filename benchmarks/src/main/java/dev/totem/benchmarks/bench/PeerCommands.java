/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.bench;

import java.util.ArrayList;
import java.util.List;

/** The command lines of a peer that takes {@code PeerOptions}. Any thread. */
final class PeerCommands {

    private PeerCommands() {}

    /** @param command the words that run the peer, before its options */
    static List<List<String>> of(List<String> command, int nodes, Site site, int groupPort, List<String> common) {
        List<List<String>> commands = new ArrayList<>();
        for (int node = 1; node <= nodes; node++) {
            List<String> words = new ArrayList<>(site.inside(node));
            words.addAll(command);
            words.addAll(List.of("--id", String.valueOf(node), "--members", String.valueOf(nodes)));
            words.addAll(List.of("--host", site.address(node)));
            words.addAll(List.of("--mcast-host", site.group(), "--mcast-port", String.valueOf(groupPort)));
            words.addAll(common);
            commands.add(words);
        }
        return commands;
    }
}
