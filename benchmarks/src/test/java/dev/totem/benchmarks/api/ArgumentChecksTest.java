/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.EvsEvent;
import dev.totem.core.EvsHandle;
import dev.totem.core.GroupMember;
import dev.totem.core.GroupName;
import dev.totem.core.MemberId;
import dev.totem.core.Message;
import dev.totem.core.NodeHealth;
import dev.totem.core.NodeId;
import dev.totem.core.NodeStats;
import dev.totem.core.PeerPlace;
import dev.totem.core.PeerStatus;
import dev.totem.core.Position;
import dev.totem.core.Quorum;
import dev.totem.core.RingId;
import dev.totem.core.Settings;
import dev.totem.core.Statistics;
import dev.totem.core.TotemConfig;
import dev.totem.core.TotemException;
import dev.totem.core.TotemNode;
import dev.totem.core.spi.PeerDiscovery;
import dev.totem.core.spi.PlainSeal;
import dev.totem.security.AeadSeal;
import dev.totem.security.CaptureOpener;
import dev.totem.security.KeyFile;
import dev.totem.security.KeySource;
import dev.totem.testkit.internal.sim.Faults;
import dev.totem.testkit.internal.sim.SimCluster;
import dev.totem.transport.DnsPeers;
import dev.totem.transport.HostAddress;
import dev.totem.transport.MulticastPeers;
import dev.totem.transport.Network;
import dev.totem.transport.Peer;
import dev.totem.transport.TcpTotem;
import dev.totem.transport.UdpTotem;
import java.lang.reflect.Executable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/**
 * Every public method and constructor of the API refuses a null at once, with the parameter's name. All public types are
 * looked at, so what is added later is covered: a type of parameter that is new here needs a sample.
 */
class ArgumentChecksTest {

    private static final NodeId ID = NodeId.of(1);
    private static final RingId RING = new RingId(ID, 4);
    private static final MemberId MEMBER = new MemberId(ID, 1, 1);

    @TempDir
    Path folder;

    private List<Object> samples = List.of();

    @BeforeEach
    void makesSamples() throws Exception {
        Path keys = folder.resolve("keys");
        KeyFile.create(keys);
        TotemNode node = runningNode();
        samples = List.of(
                "a",
                new String[] {"b"},
                new byte[1],
                ByteBuffer.allocate(1),
                Duration.ofSeconds(1),
                keys,
                new IllegalStateException("a cause"),
                new SplittableRandom(1),
                new char[] {'c'},
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 1),
                emptyKeyStore(),
                List.of(),
                new TreeMap<>(),
                Optional.empty(),
                Schedulers.parallel(),
                Flux.empty(),
                ID,
                RING,
                new Position(RING, 1, 0),
                GroupName.of("g"),
                MEMBER,
                new MemberId[] {},
                new NodeId[] {},
                new GroupMember(MEMBER, Optional.empty()),
                Quorum.majority(3),
                Message.of(new byte[1]),
                TotemConfig.defaults(),
                TotemConfig.builder(),
                Settings.TOKEN,
                node,
                node.openHandle(),
                Peer.of(1, "127.0.0.1", 1),
                new Peer[] {},
                new PeerDiscovery[] {},
                DnsPeers.of("localhost", 1),
                MulticastPeers.of("239.192.0.1", 1),
                Network.bound("127.0.0.1", 1),
                HostAddress.find("127.0.0.1", 1),
                new NodeHealth(List.of()),
                new PeerPlace(
                        Optional.empty(),
                        1,
                        Optional.empty(),
                        PeerPlace.Source.HEARD,
                        Optional.empty(),
                        Optional.empty()),
                new PeerStatus(Optional.empty(), false, false, List.of()),
                NodeStats.of(Map.of()),
                Statistics.TOKENS,
                new Network[] {},
                UdpTotem.create(),
                TcpTotem.create(),
                PlainSeal.create(),
                KeySource.file(keys).read().toCompletableFuture().join(),
                CaptureOpener.fromKeyFile(keys, "totem"),
                AeadSeal.fromKeyFile(keys));
    }

    private static KeyStore emptyKeyStore() throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    private static TotemNode runningNode() {
        SimCluster cluster = SimCluster.create(1, 1, Faults.none());
        cluster.startAll();
        cluster.run(Duration.ofSeconds(1));
        return cluster.node(1).node().orElseThrow();
    }

    @Test
    void everyPublicMethodRefusesANullAtOnceAndNamesTheParameter() throws Exception {
        List<String> faults = new ArrayList<>();
        int tried = 0;
        for (Class<?> type : publicTypes()) {
            for (Executable called : callable(type)) {
                for (int at = 0; at < called.getParameterCount(); at++) {
                    if (!called.getParameterTypes()[at].isPrimitive()) {
                        tried++;
                        refusal(called, at).ifPresent(faults::add);
                    }
                }
            }
        }
        assertThat(faults).isEmpty();
        assertThat(tried).isGreaterThan(80);
    }

    /** What is wrong with how it takes a null there. */
    private Optional<String> refusal(Executable called, int at) throws ReflectiveOperationException {
        Parameter parameter = called.getParameters()[at];
        String where = called + ", " + parameter.getName();
        Object[] arguments = new Object[called.getParameterCount()];
        for (int i = 0; i < arguments.length; i++) {
            arguments[i] = i == at ? null : sample(called.getParameterTypes()[i]);
        }
        try {
            if (called instanceof Method method) {
                method.invoke(
                        Modifier.isStatic(method.getModifiers()) ? null : sample(method.getDeclaringClass()),
                        arguments);
            } else if (called instanceof java.lang.reflect.Constructor<?> constructor) {
                constructor.newInstance(arguments);
            }
        } catch (InvocationTargetException thrown) {
            Throwable cause = thrown.getCause();
            boolean isNamed = cause instanceof NullPointerException
                    && String.valueOf(cause.getMessage()).contains(parameter.getName())
                    && !String.valueOf(cause.getMessage()).startsWith("Cannot");
            return isNamed ? Optional.empty() : Optional.of(where + ": " + cause);
        }
        return Optional.of(where + ": no refusal");
    }

    private Object sample(Class<?> type) {
        if (type.isPrimitive()) {
            return type == boolean.class ? (Object) true : type == long.class ? (Object) 1L : (Object) 1;
        }
        if (type.isEnum()) {
            return type.getEnumConstants()[0];
        }
        return samples.stream()
                .filter(type::isInstance)
                .findFirst()
                .or(() -> events(type))
                .orElseGet(() -> stub(type));
    }

    private static Optional<Object> events(Class<?> type) {
        return Stream.<Object>of(
                        new dev.totem.core.Delivery(
                                ID, List.of(), dev.totem.core.Guarantee.AGREED, new Position(RING, 1, 0), new byte[0]),
                        dev.totem.core.ConfigChange.regular(RING, List.of(ID), List.of()))
                .filter(event -> event instanceof EvsEvent && type.isInstance(event))
                .findFirst();
    }

    private static Object stub(Class<?> type) {
        assertThat(type.isInterface()).as("a sample of " + type).isTrue();
        return Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> null);
    }

    private static List<Executable> callable(Class<?> type) {
        return Stream.<Executable>concat(Stream.of(type.getDeclaredMethods()), Stream.of(type.getConstructors()))
                .filter(called -> Modifier.isPublic(called.getModifiers()) && !called.isSynthetic())
                .filter(called ->
                        !called.getName().equals("equals") && !called.getName().equals("compareTo"))
                .filter(called -> !(type.isEnum() && called.getName().equals("valueOf")))
                .filter(called -> !TotemException.class.equals(type))
                .toList();
    }

    /** Those of the packages that applications use; what they implement themselves is not among them. */
    private static List<Class<?>> publicTypes() throws Exception {
        Map<Class<?>, String> packages = Map.of(
                EvsHandle.class, "dev.totem.core",
                PlainSeal.class, "dev.totem.core.spi",
                AeadSeal.class, "dev.totem.security",
                UdpTotem.class, "dev.totem.transport");
        List<Class<?>> types = new ArrayList<>();
        for (Map.Entry<Class<?>, String> one : packages.entrySet()) {
            for (String name : classNames(one.getKey(), one.getValue())) {
                Class<?> type = Class.forName(name, false, one.getKey().getClassLoader());
                if (isPublic(type)) {
                    types.add(type);
                }
            }
        }
        assertThat(types).contains(EvsHandle.class, Message.class, Peer.class, KeyFile.class, PlainSeal.class);
        return types;
    }

    private static boolean isPublic(Class<?> type) {
        Class<?> outer = type.getDeclaringClass();
        boolean isService = type.getPackage().equals(PlainSeal.class.getPackage()) && type != PlainSeal.class;
        return Modifier.isPublic(type.getModifiers()) && (outer == null || isPublic(outer)) && !isService;
    }

    private static List<String> classNames(Class<?> one, String inPackage) throws Exception {
        URI place = one.getProtectionDomain().getCodeSource().getLocation().toURI();
        Path root = Path.of(place);
        if (Files.isDirectory(root)) {
            return classNames(root.resolve(inPackage.replace('.', '/')), inPackage);
        }
        try (FileSystem jar = FileSystems.newFileSystem(root)) {
            return classNames(jar.getPath(inPackage.replace('.', '/')), inPackage);
        }
    }

    private static List<String> classNames(Path folder, String inPackage) throws Exception {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".class") && !name.contains("-"))
                    .map(name -> inPackage + "." + name.substring(0, name.length() - ".class".length()))
                    .sorted()
                    .toList();
        }
    }
}
