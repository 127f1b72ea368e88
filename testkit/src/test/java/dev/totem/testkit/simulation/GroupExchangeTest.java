/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.EvsHandle;
import dev.totem.core.GroupMember;
import dev.totem.core.NodeId;
import dev.totem.core.RingId;
import dev.totem.core.TotemNode;
import dev.totem.core.internal.message.RegularMessage;
import dev.totem.core.internal.protocol.Effect;
import dev.totem.core.internal.protocol.Input;
import dev.totem.core.internal.protocol.RingView;
import dev.totem.core.internal.settings.NodeSettings;
import dev.totem.testkit.internal.sim.Faults;
import dev.totem.testkit.internal.sim.NodeLauncher;
import dev.totem.testkit.internal.sim.RandomSchedule;
import dev.totem.testkit.internal.sim.SimCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * What it costs two halves of a cluster to tell each other who is in which group: frames and bytes, and virtual time. Prints the rows of
 * {@code docs/PERFORMANCE.md}.
 */
class GroupExchangeTest {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Duration STEP = Duration.ofNanos(50_000);
    private static final int NODES = 5;
    private static final int GROUPS_EACH = 10;
    private static final int GROUPS = 1_000;

    private final Map<NodeId, List<EvsHandle>> handles = new TreeMap<>();
    private long frames;
    private long bytes;
    private long installedNanos = -1;
    private RingId ring;
    private SimCluster cluster;

    @ParameterizedTest(name = "{0} handles")
    @ValueSource(ints = {0, 100, 1_000})
    void twoHalvesTellEachOtherTheirMembersOnce(int handlesEach) {
        cluster = SimCluster.create(
                1,
                NODES,
                Faults.none(),
                RandomSchedule.config(),
                (self, config, world, onBound) -> launch(self, config, world, bound -> {
                    onBound.accept(bound);
                    open(bound, world, handlesEach);
                }));
        cluster.startAll();
        assertThat(cluster.runUntil(() -> cluster.isOneRing() && areSeen(handlesEach, 1, 2, 3, 4, 5), LIMIT))
                .isTrue();

        cluster.partition(new int[] {1, 2}, new int[] {3, 4, 5});
        assertThat(cluster.runUntil(
                        () -> areSeen(handlesEach, 1, 2)
                                && areSeen(handlesEach, 3, 4, 5)
                                && isRing(1, 2)
                                && isRing(3, 4, 5),
                        LIMIT))
                .isTrue();
        cluster.run(Duration.ofSeconds(1));
        RingId before = ring;
        cluster.heal();
        while (ring.equals(before) || !areSeen(handlesEach, 1, 2, 3, 4, 5)) {
            assertThat(cluster.now()).isLessThan(LIMIT);
            cluster.run(STEP);
        }
        double millis = (cluster.now().toNanos() - installedNanos) / 1e6;
        cluster.run(Duration.ofMillis(100));
        assertThat(cluster.isOneRing()).isTrue();
        System.out.printf(
                Locale.ROOT,
                "| %,d | %,d | %,d | %,d | %.2f ms |%n",
                handlesEach,
                handlesEach * GROUPS_EACH,
                frames,
                bytes,
                millis);

        long exchanged = bytes;
        joinMore();
        System.out.printf("  a join of one more group: %d bytes in one frame%n", bytes - exchanged);
        assertThat(cluster.failures()).isEmpty();
        assertThat(cluster.checkAtEnd().violations()).isEmpty();
    }

    /** However many groups there are, one that is joined costs the notice of it. */
    private void joinMore() {
        long framesBefore = frames;
        long bytesBefore = bytes;
        EvsHandle handle = handles.get(NodeId.of(2)).get(0);
        handle.join("one more").subscribe(position -> {}, failure -> {});
        assertThat(cluster.runUntil(() -> handle.members("one more").size() == 1, LIMIT))
                .isTrue();
        cluster.run(Duration.ofMillis(100));

        assertThat(frames - framesBefore).isEqualTo(1);
        assertThat(bytes - bytesBefore).isLessThan(50);
    }

    private Mono<TotemNode> launch(
            NodeId self, NodeSettings config, NodeLauncher.World world, Consumer<TotemNode> onBound) {
        NodeLauncher.World seen = new NodeLauncher.World(
                world.link(),
                world.scheduler(),
                world.disk(),
                world.random(),
                world.reserve(),
                world.witness().and(this::stepped));
        return NodeLauncher.production().launch(self, config, seen, onBound);
    }

    /** Counts what is originated on the newest ring, from its first install on. */
    private void stepped(Input input, RingView view, List<Effect> effects) {
        for (Effect effect : effects) {
            if (effect instanceof Effect.Install install
                    && install.change().isRegular()
                    && (ring == null || install.change().ring().compareTo(ring) > 0)) {
                ring = install.change().ring();
                frames = 0;
                bytes = 0;
                installedNanos = cluster.now().toNanos();
            } else if (effect instanceof Effect.Multicast multicast
                    && multicast.message() instanceof RegularMessage message
                    && message.ring().equals(ring)) {
                frames++;
                bytes += message.packet().remaining();
            }
        }
    }

    /** The first handle is there in any case, and in no group. */
    private void open(TotemNode node, NodeLauncher.World world, int count) {
        Scheduler scheduler = Schedulers.fromExecutor(world.scheduler()::execute);
        List<EvsHandle> opened = new ArrayList<>();
        for (int handle = 0; handle < Math.max(1, count); handle++) {
            opened.add(node.openHandle(scheduler));
        }
        handles.put(node.id(), opened);
        for (int handle = 0; handle < count; handle++) {
            String[] names = groups(handle);
            opened.get(handle)
                    .join(names[0], Arrays.copyOfRange(names, 1, names.length))
                    .subscribe(position -> {}, failure -> {});
        }
    }

    private static String[] groups(int handle) {
        return IntStream.range(0, GROUPS_EACH)
                .mapToObj(i -> "group " + (handle * GROUPS_EACH + i) % GROUPS)
                .toArray(String[]::new);
    }

    /** The last groups of all handles have the members of these nodes, at each of them. */
    private boolean areSeen(int handlesEach, int... nodes) {
        if (handlesEach == 0) {
            return true;
        }
        int sharing = Math.max(1, handlesEach * GROUPS_EACH / GROUPS);
        return IntStream.of(nodes)
                .allMatch(node ->
                        handles.getOrDefault(NodeId.of(node), List.of()).size() == handlesEach
                                && IntStream.of(0, handlesEach - 1)
                                        .allMatch(handle -> seen(node, handle).size() == sharing * nodes.length));
    }

    private List<GroupMember> seen(int node, int handle) {
        return handles.get(NodeId.of(node)).get(handle).members(groups(handle)[GROUPS_EACH - 1]);
    }

    private boolean isRing(int... nodes) {
        return cluster.isOneRing(IntStream.of(nodes).mapToObj(NodeId::of).toList());
    }
}
