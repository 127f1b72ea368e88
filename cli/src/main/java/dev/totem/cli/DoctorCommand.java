/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.totem.core.ConfigurationException;
import dev.totem.core.Settings;
import dev.totem.core.TotemConfig;
import dev.totem.transport.HostAddress;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** {@code totem doctor}: looks at this host with the options of a node, without starting one. Main thread only. */
@Command(
        name = "doctor",
        description = "Looks at this host with the options of a node: what would keep it from working, and what to do.",
        mixinStandardHelpOptions = true,
        versionProvider = TotemCommand.Version.class)
final class DoctorCommand implements Callable<Integer> {

    private static final ObjectMapper JSON = new ObjectMapper();

    @Mixin
    NodeOptions node;

    @Option(names = "--json", description = "a line of JSON a check: check, state, text and remedy")
    boolean json;

    @Option(
            names = "--seconds",
            paramLabel = "S",
            defaultValue = "10",
            description = "how long pauses of this JVM are watched and the group is listened to; default 10")
    int seconds;

    @Mixin
    HttpOptions http;

    @Mixin
    TimeoutOption timeout;

    private boolean isBad;

    @Override
    public Integer call() {
        if (seconds < 1) {
            throw new ParameterException(node.spec.commandLine(), "--seconds is at least 1");
        }
        http.check();
        Duration patience = timeout.duration();
        OwnNode.askFor(node.id, node.bind, node.spec);
        NodeOptions.Transport transport = node.chosenTransport();
        TotemConfig config = node.config();
        Duration time = Duration.ofSeconds(seconds);
        PauseWatch pauses = PauseWatch.start(time);
        examineNetwork(transport, config, time, patience);
        http.examine().ifPresent(this::tell);
        tell(key());
        tell(DoctorHost.state(Optional.ofNullable(node.stateDir)
                .orElseGet(() -> Path.of(System.getProperty("user.home"), ".local", "state", "totem"))));
        tell(DoctorHost.memory(config, Runtime.getRuntime().maxMemory()));
        tell(DoctorHost.entropy(patience));
        tell(DoctorHost.processors(
                Runtime.getRuntime().availableProcessors(), Path.of("/sys/fs/cgroup"), DoctorHost.load()));
        tell(pauses.finding(config.get(Settings.TOKEN)));
        return isBad ? 1 : 0;
    }

    private Finding key() {
        if (!node.isSealed()) {
            return Finding.warn(
                    "key",
                    "suite none: datagrams are neither encrypted nor authenticated",
                    "name another suite and a key, unless everybody on this network is trusted");
        }
        try {
            return DoctorHost.key(node.keys());
        } catch (ConfigurationException none) {
            return Finding.bad("key", String.valueOf(none.getMessage()), "");
        }
    }

    private void examineNetwork(
            NodeOptions.Transport transport, TotemConfig config, Duration time, Duration patience) {
        HostPort bind = Objects.requireNonNull(node.bind);
        HostAddress local;
        try {
            local = HostAddress.find(bind.host(), bind.port());
        } catch (ConfigurationException wrong) {
            tell(Finding.bad("address", String.valueOf(wrong.getMessage()), DoctorNetwork.ADDRESS_REMEDY));
            return;
        }
        tell(DoctorNetwork.address(local));
        boolean isTcp = transport == NodeOptions.Transport.TCP;
        Finding port = DoctorNetwork.port(local.address(), isTcp);
        tell(port);
        if (!isTcp) {
            Finding datagram = DoctorNetwork.datagram(local, config);
            tell(datagram);
            if (datagram.state() == Finding.State.OK) {
                tell(DoctorNetwork.buffers(local, config));
            }
        }
        if (!node.peers.isEmpty()) {
            Finding peers = DoctorNetwork.peers(node.peers);
            int id = GroupProbe.number(Objects.requireNonNull(node.id));
            boolean canAsk = peers.state() == Finding.State.OK && port.state() == Finding.State.OK && !isTcp && id > 0;
            tell(
                    canAsk
                            ? new PeerProbe(local, id, config.get(Settings.CLUSTER_NAME))
                                    .ask(node.peers, time.compareTo(patience) < 0 ? time : patience)
                            : peers);
        }
        HostPort mcast = node.mcast;
        if (transport == NodeOptions.Transport.MULTICAST && mcast != null) {
            GroupProbe group = new GroupProbe(local, mcast);
            Finding loop = group.loop();
            tell(loop);
            if (loop.state() == Finding.State.OK) {
                tell(group.neighbours(Objects.requireNonNull(node.id), config.get(Settings.CLUSTER_NAME), time));
            }
        }
    }

    private void tell(Finding finding) {
        isBad |= finding.state() == Finding.State.BAD;
        PrintWriter out = node.spec.commandLine().getOut();
        out.println(json ? text(finding) : finding.line());
        out.flush();
    }

    private static String text(Finding finding) {
        try {
            return JSON.writeValueAsString(finding.fields());
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("texts are JSON", impossible);
        }
    }
}
