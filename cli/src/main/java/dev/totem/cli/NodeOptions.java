/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli;

import static java.util.Objects.requireNonNull;

import dev.totem.core.ConfigurationException;
import dev.totem.core.Replication;
import dev.totem.core.Settings;
import dev.totem.core.TotemConfig;
import dev.totem.core.spi.DatagramSeal;
import dev.totem.core.spi.PeerDiscovery;
import dev.totem.core.spi.PlainSeal;
import dev.totem.security.AeadSeal;
import dev.totem.security.KeySource;
import dev.totem.transport.Network;
import dev.totem.transport.Peer;
import dev.totem.transport.TcpTotem;
import dev.totem.transport.UdpTotem;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** The options that {@code node} and {@code load} share. Main thread only. */
public final class NodeOptions {

    private static final String NONE = "none";

    @Spec(Spec.Target.MIXEE)
    CommandSpec spec;

    @Option(
            names = "--id",
            paramLabel = "N|auto",
            description =
                    "node id, 1 to 2^31-1, unique in the cluster; auto: one more than the number at the end of the"
                            + " host's name, or else from the address")
    @Nullable
    String id;

    @Option(
            names = "--bind",
            paramLabel = "HOST:PORT",
            converter = HostPort.Converter.class,
            description = "local address; datagrams leave and arrive here")
    @Nullable
    HostPort bind;

    @Option(
            names = "--transport",
            paramLabel = "multicast|unicast|auto|tcp",
            converter = TransportConverter.class,
            description =
                    "one multicast group, one datagram per peer, the group while all hear each other by it and else one datagram"
                            + " per peer, or one connection per peer; default: what --mcast or --peer say; the same at all nodes")
    @Nullable
    Transport transport;

    @Option(
            names = "--mcast",
            paramLabel = "GROUP:PORT",
            converter = HostPort.Converter.class,
            description = "the multicast group, with multicast or auto")
    @Nullable
    HostPort mcast;

    @Option(
            names = "--peer",
            paramLabel = "ID@HOST:PORT",
            converter = PeerConverter.class,
            description = "a peer, with unicast or tcp; repeated; may name this node too")
    List<Peer> peers = List.of();

    @Option(
            names = "--discover",
            paramLabel = "WHERE",
            description =
                    "where others may be found, for unicast or tcp without a list: dns:NAME[:PORT] (without a port that of"
                            + " --bind, or SRV records if NAME begins with _), file:PATH, static:HOST:PORT[,...] or"
                            + " mcast:GROUP:PORT; repeated")
    List<String> discover = List.of();

    @Option(
            names = "--advertise",
            paramLabel = "HOST:PORT",
            converter = HostPort.Converter.class,
            description = "where others reach this node, if that is not where it is bound; with --discover")
    @Nullable
    HostPort advertise;

    @Option(
            names = "--link",
            paramLabel = "N=HOST:PORT[,HOW...]",
            description =
                    "a network that stands in for the first, N from 2 to 4: where this node is bound there, and how it"
                            + " reaches others: with multicast GROUP:PORT (default: as --mcast), else ID@HOST:PORT of each,"
                            + " or HOST:PORT, dns:NAME[:PORT] or file:PATH; repeated; the same networks at all nodes")
    List<String> links = List.of();

    @Option(
            names = "--replication",
            paramLabel = "passive|active",
            converter = ReplicationConverter.class,
            description =
                    "with --link: messages on one network after the other (passive, the default), or all on all (active)")
    @Nullable
    Replication replication;

    @Option(
            names = "--suite",
            paramLabel = "NAME",
            description = "aes-256-gcm (default), chacha20-poly1305, aes-256-gcm-siv, sober128-hmac-sha1 or none")
    String suite = AeadSeal.DEFAULT_SUITE;

    @Option(names = "--key", paramLabel = "FILE", description = "key file made by totem keygen FILE")
    @Nullable
    Path key;

    @Option(
            names = "--key-env",
            paramLabel = "NAME",
            description =
                    "environment variable with the text of a key file, or 64 hexadecimal digits; instead of --key")
    @Nullable
    String keyVariable;

    @Option(
            names = "--key-group",
            description = "the group of the key file may read it, as of a Kubernetes secret with mode 0440")
    boolean keyGroup;

    @Option(
            names = "--state-dir",
            paramLabel = "DIR",
            description = "where the ring sequence number is kept; default: a folder under ~/.local/state/totem")
    @Nullable
    Path stateDir;

    @Option(names = "--join", paramLabel = "GROUP", description = "a group to join at start; repeated")
    List<String> groups = List.of();

    @Option(
            names = "--set",
            paramLabel = "NAME=VALUE",
            description = "a protocol setting, for example token=1s or window-size=256; repeated")
    Map<String, String> settings = new LinkedHashMap<>();

    @Option(
            names = "--quorum",
            paramLabel = "WHICH",
            description =
                    "which part of a partitioned network is primary, the same at all nodes: none (default, every part),"
                            + " majority:N, majority:ID,ID,... or weighted:ID=VOTES,...; behind the latter +tie:ID and +expect:N; the"
                            + " setting quorum")
    @Nullable
    String quorum;

    /** Where frames go, and by what. */
    public enum Transport {
        MULTICAST,
        UNICAST,
        AUTO,
        TCP
    }

    /** The settings as given. */
    public TotemConfig config() {
        if (quorum != null && settings.containsKey(Settings.QUORUM.name())) {
            throw usage("--quorum is the setting quorum: give one of them");
        }
        try {
            TotemConfig config = new ProtocolSettings(settings).config();
            return quorum == null ? config : withQuorum(config, quorum);
        } catch (IllegalArgumentException wrong) {
            throw usage(String.valueOf(wrong.getMessage()));
        }
    }

    private TotemConfig withQuorum(TotemConfig config, String text) {
        try {
            return config.toBuilder().set(Settings.QUORUM, text).build();
        } catch (ConfigurationException wrong) {
            throw usage(String.valueOf(wrong.getMessage()));
        }
    }

    /** The node these options describe, not started. */
    public NodeStart totem() {
        TotemConfig config = config();
        OwnNode.askFor(id, bind, spec);
        HostPort local = requireNonNull(bind);
        String given = requireNonNull(id);
        boolean isDerived = given.equals("auto");
        int number = isDerived ? 0 : checkedId(given);
        Transport chosen = chosenTransport();
        DatagramSeal seal = seal();
        if (chosen == Transport.TCP) {
            TcpTotem totem = reached(TcpTotem.create(), local)
                    .bind(local.host(), local.port())
                    .seal(seal)
                    .config(config);
            totem = isDerived ? totem.derivedNodeId() : totem.nodeId(number);
            totem = links.isEmpty() ? totem : totem.redundant(replication(), networks(chosen));
            TcpTotem complete = stateDir == null ? totem : totem.stateDirectory(stateDir);
            return onBound -> complete.onBound(onBound).start();
        }
        UdpTotem totem = reached(UdpTotem.create(), chosen, local)
                .bind(local.host(), local.port())
                .seal(seal)
                .config(config);
        totem = isDerived ? totem.derivedNodeId() : totem.nodeId(number);
        totem = links.isEmpty() ? totem : totem.redundant(replication(), networks(chosen));
        totem = chosen == Transport.AUTO ? totem.auto(group().host(), group().port()) : totem;
        UdpTotem complete = stateDir == null ? totem : totem.stateDirectory(stateDir);
        return onBound -> complete.onBound(onBound).start();
    }

    private Network[] networks(Transport chosen) {
        return Networks.parse(links, chosen == Transport.MULTICAST, mcast);
    }

    private Replication replication() {
        return replication == null ? Replication.PASSIVE : replication;
    }

    private TcpTotem reached(TcpTotem totem, HostPort local) {
        if (discover.isEmpty()) {
            return totem.peers(peers.toArray(Peer[]::new));
        }
        TcpTotem finding = totem.discover(discoveries(local));
        return advertise == null ? finding : finding.advertise(advertise.host(), advertise.port());
    }

    private UdpTotem reached(UdpTotem totem, Transport chosen, HostPort local) {
        if (chosen == Transport.MULTICAST) {
            return totem.multicast(group().host(), group().port());
        }
        if (discover.isEmpty()) {
            return totem.peers(peers.toArray(Peer[]::new));
        }
        UdpTotem finding = totem.discover(discoveries(local));
        return advertise == null ? finding : finding.advertise(advertise.host(), advertise.port());
    }

    private PeerDiscovery[] discoveries(HostPort local) {
        return discover.stream()
                .map(where -> Discoveries.parse(where, local.port()))
                .toArray(PeerDiscovery[]::new);
    }

    /** Whether datagrams are sealed at all. */
    boolean isSealed() {
        return !suite.equals(NONE);
    }

    /** What describes a node of one's own is not given beside this option. */
    void refuseBeside(String option, String... excepted) {
        OwnNode.refuseBeside(option, List.of(excepted), spec);
    }

    /** The groups to join at start, as given. */
    public List<String> groups() {
        return groups;
    }

    /** Says on stderr what a person should know about the node that has started. */
    public void announce() {
        if (suite.equals(NONE)) {
            PrintWriter err = spec.commandLine().getErr();
            err.println(spec.qualifiedName() + ": suite none: datagrams are neither encrypted nor authenticated"
                    + (key == null ? "" : ", and the key is not used"));
            err.flush();
        }
    }

    private HostPort group() {
        HostPort group = mcast;
        if (group == null) {
            throw usage("--transport multicast or auto needs --mcast GROUP:PORT");
        }
        return group;
    }

    Transport chosenTransport() {
        if (transport == Transport.MULTICAST || transport == Transport.AUTO) {
            group();
        }
        if (replication != null && links.isEmpty()) {
            throw usage("--replication belongs to --link");
        }
        if (transport == Transport.AUTO) {
            return auto();
        }
        if (!discover.isEmpty() && (mcast != null || !peers.isEmpty() || transport == Transport.MULTICAST)) {
            throw usage("--discover takes the place of --mcast and --peer: give one of them");
        }
        if (advertise != null && discover.isEmpty()) {
            throw usage("--advertise belongs to --discover");
        }
        boolean isOneByOne = transport == Transport.UNICAST || transport == Transport.TCP;
        if (mcast != null && (isOneByOne || !peers.isEmpty())) {
            throw usage("--mcast belongs to --transport multicast, and --peer to unicast or tcp: give one of them");
        }
        if (transport == Transport.MULTICAST && !peers.isEmpty()) {
            throw usage("--peer belongs to --transport unicast or tcp");
        }
        if (transport != null) {
            return transport;
        }
        if (mcast == null && peers.isEmpty() && discover.isEmpty()) {
            throw usage("give --transport multicast with --mcast GROUP:PORT, or --transport unicast with --peer"
                    + " ID@HOST:PORT or --discover WHERE");
        }
        return mcast != null ? Transport.MULTICAST : Transport.UNICAST;
    }

    private Transport auto() {
        if (!links.isEmpty()) {
            throw usage("--transport auto does not go with --link");
        }
        if (peers.isEmpty() == discover.isEmpty()) {
            throw usage(
                    "--transport auto needs --peer ID@HOST:PORT or --discover WHERE beside --mcast: give one of them");
        }
        if (advertise != null && discover.isEmpty()) {
            throw usage("--advertise belongs to --discover");
        }
        return Transport.AUTO;
    }

    private int checkedId(String id) {
        try {
            long number = Long.parseLong(id);
            if (number >= 1 && number <= Integer.MAX_VALUE) {
                return (int) number;
            }
        } catch (NumberFormatException notANumber) {
            throw usage("--id " + id + ": neither a number nor auto");
        }
        throw new ConfigurationException(
                "id", id, "a node id is from 1 to " + Integer.MAX_VALUE + ", unique in the cluster");
    }

    private DatagramSeal seal() {
        if (suite.equals(NONE)) {
            return PlainSeal.create();
        }
        if (!AeadSeal.suites().contains(suite)) {
            throw usage("--suite " + suite + ": there is no such suite; known are "
                    + String.join(", ", AeadSeal.suites()) + ", " + NONE);
        }
        return AeadSeal.from(keys(), suite);
    }

    KeySource keys() {
        if (key != null && keyVariable != null) {
            throw usage("give --key or --key-env, not both");
        }
        if (keyVariable != null) {
            return KeySource.environment(keyVariable);
        }
        if (key != null) {
            return keyGroup ? KeySource.groupReadableFile(key) : KeySource.file(key);
        }
        throw new ConfigurationException(
                "suite", suite, "needs --key FILE, made by totem keygen FILE; only --suite none starts without a key");
    }

    private ParameterException usage(String what) {
        return new ParameterException(spec.commandLine(), what);
    }

    /** From the words of {@code --transport}. */
    public static final class TransportConverter implements ITypeConverter<Transport> {
        @Override
        public Transport convert(String value) {
            return switch (value) {
                case "multicast" -> Transport.MULTICAST;
                case "unicast" -> Transport.UNICAST;
                case "auto" -> Transport.AUTO;
                case "tcp" -> Transport.TCP;
                default ->
                    throw new TypeConversionException("'" + value + "' is none of multicast, unicast, auto and tcp");
            };
        }
    }
}
