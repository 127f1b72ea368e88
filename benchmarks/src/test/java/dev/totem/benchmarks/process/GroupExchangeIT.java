/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.ConfigChange;
import dev.totem.core.EvsEvent;
import dev.totem.core.EvsHandle;
import dev.totem.core.GroupChange;
import dev.totem.core.TotemNode;
import dev.totem.core.spi.PlainSeal;
import dev.totem.transport.UdpTotem;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Two halves of five nodes on UDP, with a thousand handles each in ten groups, find each other: each handle of each node ends up with all
 * members. Prints how long that took after the ring of all was installed; {@code docs/PERFORMANCE.md} has such numbers.
 */
class GroupExchangeIT {

    private static final int NODES = 5;
    private static final int GROUPS_EACH = 10;
    private static final int GROUPS = 1_000;
    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private final List<TotemNode> nodes = new ArrayList<>();

    /** Where a node finds others, until both halves find each other. */
    private final Sinks.Many<Set<InetSocketAddress>> found =
            Sinks.many().replay().latest();

    /** One handle that sees all events, and the times of two of them. */
    private static final class Probe {

        private final int members;
        final CompletableFuture<Long> merged = new CompletableFuture<>();
        final CompletableFuture<Long> told = new CompletableFuture<>();

        Probe(int members) {
            this.members = members;
        }

        void event(EvsEvent event) {
            if (event instanceof ConfigChange change
                    && change.isRegular()
                    && change.members().size() == NODES) {
                merged.complete(System.nanoTime());
            } else if (event instanceof GroupChange change && change.members().size() == members) {
                told.complete(System.nanoTime());
            }
        }
    }

    @AfterEach
    void end() {
        Flux.fromIterable(nodes)
                .flatMap(TotemNode::leave)
                .onErrorResume(late -> Mono.empty())
                .blockLast(SOON);
    }

    @ParameterizedTest(name = "{0} handles")
    @ValueSource(ints = {100, 1_000})
    void twoHalvesTellEachOtherTheirMembers(int handlesEach) throws Exception {
        int[] ports = Cluster.freePorts(NODES);
        for (int id = 1; id <= NODES; id++) {
            nodes.add(start(id, ports));
        }
        await(
                "two rings",
                () -> ringOf(0) == 2 && ringOf(1) == 2 && ringOf(2) == 3 && ringOf(3) == 3 && ringOf(4) == 3);
        int sharing = handlesEach * GROUPS_EACH / GROUPS;
        List<Probe> probes = new ArrayList<>();
        List<List<EvsHandle>> handles = new ArrayList<>();
        for (TotemNode node : nodes) {
            Probe probe = new Probe(NODES * sharing);
            probes.add(probe);
            handles.add(open(node, handlesEach, probe));
        }
        await("the members of each half", () -> areSeen(handles, sharing, 0, 2) && areSeen(handles, sharing, 2, NODES));

        assertThat(found.tryEmitNext(addresses(ports, 1, NODES)).isSuccess()).isTrue();
        long slowest = 0;
        for (Probe probe : probes) {
            long merged = probe.merged.get(SOON.toSeconds(), TimeUnit.SECONDS);
            slowest = Math.max(slowest, probe.told.get(SOON.toSeconds(), TimeUnit.SECONDS) - merged);
        }
        await("the members of all", () -> areSeen(handles, sharing, 0, NODES));
        Totem.say(String.format(
                Locale.ROOT,
                "%d nodes, %,d handles x %d groups each: told %.1f ms after the configuration, at the slowest node",
                NODES,
                handlesEach,
                GROUPS_EACH,
                slowest / 1e6));
        assertThat(nodes)
                .allSatisfy(node -> assertThat(node.stats().groups().groups()).isEqualTo(GROUPS));
    }

    /** Finds its own half first. */
    private TotemNode start(int id, int[] ports) {
        Set<InetSocketAddress> half = id <= 2 ? addresses(ports, 1, 2) : addresses(ports, 3, NODES);
        return UdpTotem.create()
                .nodeId(id)
                .bind("127.0.0.1", ports[id - 1])
                .discover(() -> Flux.concat(Mono.just(half), found.asFlux()))
                .seal(PlainSeal.create())
                .stateDirectory(folder)
                .start()
                .block(SOON);
    }

    private static Set<InetSocketAddress> addresses(int[] ports, int first, int last) {
        return IntStream.rangeClosed(first, last)
                .mapToObj(id -> new InetSocketAddress(InetAddress.getLoopbackAddress(), ports[id - 1]))
                .collect(Collectors.toSet());
    }

    private static List<EvsHandle> open(TotemNode node, int count, Probe probe) {
        List<EvsHandle> handles = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            handles.add(node.openHandle());
        }
        handles.get(count - 1).events().subscribe(probe::event, ended -> {});
        Flux.range(0, count)
                .flatMap(i -> {
                    String[] names = groups(i);
                    return handles.get(i).join(names[0], Arrays.copyOfRange(names, 1, names.length));
                })
                .blockLast(SOON);
        return handles;
    }

    private static String[] groups(int handle) {
        return IntStream.range(0, GROUPS_EACH)
                .mapToObj(i -> "group " + (handle * GROUPS_EACH + i) % GROUPS)
                .toArray(String[]::new);
    }

    private int ringOf(int node) {
        return nodes.get(node).membership().members().size();
    }

    /** All handles of these nodes see the members of these nodes in all of their groups. */
    private static boolean areSeen(List<List<EvsHandle>> handles, int sharing, int from, int to) {
        for (int node = from; node < to; node++) {
            List<EvsHandle> all = handles.get(node);
            for (int i = 0; i < all.size(); i++) {
                for (String group : groups(i)) {
                    if (all.get(i).members(group).size() != sharing * (to - from)) {
                        return false;
                    }
                }
            }
        }
        return true;
    }

    private static void await(String what, BooleanSupplier holds) throws Exception {
        Deadline deadline = Deadline.in(SOON);
        while (!holds.getAsBoolean()) {
            assertThat(deadline.millisLeft()).as(what).isPositive();
            Deadline.after(Duration.ofMillis(20), () -> {}).get();
        }
    }
}
