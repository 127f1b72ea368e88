/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.server;

import dev.totem.client.ExecutiveAddress;
import dev.totem.client.TotemClient;
import dev.totem.core.Statistic;
import dev.totem.core.TotemNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.function.UnaryOperator;

/** Servers on sockets in a folder of their own, and clients of theirs. */
final class Executives implements AutoCloseable {

    static final Duration SOON = Duration.ofSeconds(20);

    private final Path folder;
    private final List<TotemServer> servers = new ArrayList<>();
    private final List<TotemClient> clients = new ArrayList<>();

    Executives() throws IOException {
        folder = Files.createTempDirectory("totem");
    }

    Path path(String name) {
        return folder.resolve(name);
    }

    TotemServer serve(TotemNode node, String name, UnaryOperator<TotemServer.Builder> with) {
        TotemServer server =
                with.apply(TotemServer.on(node).unixSocket(path(name))).bind().block(SOON);
        servers.add(server);
        return server;
    }

    SortedMap<Statistic, Long> stats(int server) {
        return servers.get(server).stats();
    }

    TotemServer serve(TotemNode node, String name) {
        return serve(node, name, builder -> builder);
    }

    TotemClient attach(String... names) {
        ExecutiveAddress[] all = java.util.Arrays.stream(names)
                .map(name -> ExecutiveAddress.unix(path(name)))
                .toArray(ExecutiveAddress[]::new);
        TotemClient client = TotemClient.at(all[0], java.util.Arrays.copyOfRange(all, 1, all.length))
                .patience(Duration.ofSeconds(5))
                .connect()
                .block(SOON);
        clients.add(client);
        return client;
    }

    @Override
    public void close() throws IOException {
        clients.forEach(client -> client.close().onErrorComplete().block(SOON));
        servers.forEach(server -> server.close().block(SOON));
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }
}
