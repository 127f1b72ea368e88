/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.bench;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * corosync with a client in C on each node, which the C compiler of the machine builds for each run. Namespaces only:
 * each corosync has a network, a run directory and shared memory of its own. Any thread.
 *
 * @param encrypted by knet with aes256 and sha256; in the clear it is udp with multicast
 * @param settings of the totem section, put over those chosen here
 */
public record CorosyncContestant(String name, int nodes, boolean encrypted, Map<String, String> settings)
        implements Contestant {

    private static final Path HEADER = Path.of("/usr/include/corosync/cpg.h");
    private static final int PORT = 5405;
    private static final int KEY_BYTES = 256;
    private static final String SOURCE = "cpgload.c";

    @Override
    public Optional<String> obstacle() {
        List<String> missing = new ArrayList<>();
        if (!onPath("corosync")) {
            missing.add("corosync");
        }
        if (!Files.exists(HEADER)) {
            missing.add("libcpg-dev");
        }
        if (!onPath("cc")) {
            missing.add("gcc");
        }
        return missing.isEmpty()
                ? Optional.empty()
                : Optional.of("corosync cannot be run here: install the packages " + String.join(", ", missing));
    }

    private static boolean onPath(String program) {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    @Override
    public List<List<String>> commands(RunSpec run, Site site, Path folder) throws IOException, InterruptedException {
        Path client = compiled(folder);
        Path key = folder.resolve("authkey");
        if (encrypted) {
            byte[] random = new byte[KEY_BYTES];
            new SecureRandom().nextBytes(random);
            Files.write(key, random);
        }
        List<List<String>> commands = new ArrayList<>();
        for (int node = 1; node <= nodes; node++) {
            Path configuration = folder.resolve("corosync-" + node + ".conf");
            Files.writeString(configuration, configuration(site, node, key));
            Path runFolder = Files.createDirectory(folder.resolve("run-" + node));
            List<String> words = new ArrayList<>(site.inside(node));
            words.add(client.toString());
            words.addAll(List.of("--id", String.valueOf(node), "--members", String.valueOf(nodes)));
            words.addAll(run.words());
            words.addAll(List.of("--config", configuration.toString(), "--run-dir", runFolder.toString()));
            words.addAll(
                    List.of("--log", folder.resolve("corosync-" + node + ".log").toString()));
            commands.add(words);
        }
        return commands;
    }

    private static Path compiled(Path folder) throws IOException, InterruptedException {
        Path source = folder.resolve(SOURCE);
        try (InputStream in = CorosyncContestant.class.getResourceAsStream(SOURCE)) {
            if (in == null) {
                throw new IOException(SOURCE + " is missing from this program");
            }
            Files.copy(in, source);
        }
        Path client = folder.resolve("cpgload");
        Process compiler = new ProcessBuilder("cc", "-O2", "-o", client.toString(), source.toString(), "-lcpg")
                .redirectErrorStream(true)
                .start();
        String said = new String(compiler.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!compiler.waitFor(1, TimeUnit.MINUTES) || compiler.exitValue() != 0) {
            throw new IOException("cc: " + said.strip());
        }
        return client;
    }

    /** With the real-time scheduling that is its default: without it, it is slower. */
    String configuration(Site site, int self, Path key) {
        StringBuilder text = new StringBuilder("totem {\n  version: 2\n  cluster_name: totem-bench\n");
        text.append(
                encrypted
                        ? "  transport: knet\n  crypto_cipher: aes256\n  crypto_hash: sha256\n  keyfile: " + key + "\n"
                        : "  transport: udp\n");
        settings.forEach((name, value) -> text.append("  " + name + ": " + value + "\n"));
        if (!encrypted) {
            text.append("  interface {\n    bindnetaddr: " + site.address(self) + "\n    mcastaddr: " + site.group()
                    + "\n    mcastport: " + PORT + "\n    ttl: 1\n  }\n");
        }
        text.append("}\nnodelist {\n");
        for (int node = 1; node <= nodes; node++) {
            text.append("  node {\n    ring0_addr: " + site.address(node) + "\n    nodeid: " + node + "\n    name: node"
                    + node + "\n  }\n");
        }
        return text
                + "}\nlogging {\n  to_stderr: yes\n  to_syslog: no\n  to_logfile: no\n  syslog_priority: notice\n}\n"
                + "system {\n  allow_knet_handle_fallback: yes\n}\n";
    }
}
