/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.bench;

import dev.totem.benchmarks.peer.LimitLoad;
import io.netty.channel.epoll.Epoll;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The bare loop of {@link LimitLoad}. Any thread.
 *
 * @param settings {@code datagram} bytes, {@code burst} datagrams per turn
 * @param jvmOptions after those of this JVM
 */
public record LimitContestant(String name, int nodes, Map<String, String> settings, List<String> jvmOptions)
        implements Contestant {

    public static final List<String> SETTINGS = List.of("datagram", "burst");

    @Override
    public Optional<String> obstacle() {
        return Epoll.isAvailable()
                ? Optional.empty()
                : Optional.of("the limit cannot be measured here: it needs Linux and Netty's native epoll");
    }

    @Override
    public List<List<String>> commands(RunSpec run, Site site, Path folder) throws IOException {
        List<String> common = new ArrayList<>(run.words());
        settings.forEach((name, value) -> common.addAll(List.of("--" + name, value)));
        List<String> options = new ArrayList<>(JavaCommand.ownOptions());
        options.addAll(jvmOptions);
        return PeerCommands.of(
                JavaCommand.of(LimitLoad.class.getName(), options), nodes, site, Site.freePorts(1)[0], common);
    }
}
