/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.ChangeCause;
import dev.totem.core.ConfigChange;
import dev.totem.core.Guarantee;
import dev.totem.core.NodeId;
import dev.totem.core.Settings;
import dev.totem.testkit.internal.sim.Faults;
import dev.totem.testkit.internal.sim.NodeLauncher;
import dev.totem.testkit.internal.sim.RandomSchedule;
import dev.totem.testkit.internal.sim.SimCluster;
import dev.totem.testkit.internal.sim.SimNode;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Each staged fault is named by the configuration that follows, at every member of it and with the same words. */
class CauseScenariosTest {

    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final int LONG_BYTES = 600;

    private final SimCluster cluster = SimCluster.create(
            3,
            4,
            Faults.none(),
            RandomSchedule.config().with(Settings.FAIL_RECV_CONST, 300),
            NodeLauncher.production());

    CauseScenariosTest() {
        cluster.startAll();
        assertThat(cluster.runUntil(cluster::isOneRing, LIMIT)).isTrue();
        cluster.run(Duration.ofMillis(500));
    }

    @AfterEach
    void comesToRest() {
        assertThat(cluster.quiesce(LIMIT)).as(cluster.state()).isTrue();
        assertThat(cluster.failures()).isEmpty();
        assertThat(cluster.checkAtEnd().violations())
                .as(cluster.checkAtEnd().text())
                .isEmpty();
    }

    @Test
    void aCrash() {
        cluster.crash(3);

        assertThat(causesIn(1, 2, 4)).contains("token-lost", "member-silent 3").doesNotContain("member-silent 1");
    }

    @Test
    void aCutLink() {
        cluster.partition(new int[] {1, 2}, new int[] {3, 4});

        assertThat(causesIn(1, 2)).contains("token-lost", "member-silent 3", "member-silent 4");
        assertThat(causesIn(3, 4)).contains("member-silent 1", "member-silent 2");
    }

    @Test
    void aForeignRing() {
        cluster.partition(new int[] {1, 2}, new int[] {3, 4});
        causesIn(1, 2);
        causesIn(3, 4);

        cluster.heal();

        assertThat(causesIn(1, 2, 3, 4))
                .anyMatch(cause -> cause.startsWith("foreign-ring"))
                .noneMatch(cause -> cause.startsWith("member-silent"));
    }

    /** 1 does not hear 4, so that the token is lost between them; the part of each tells of it. */
    @Test
    void aLinkThatWorksOneWay() {
        cluster.cut(4, 1);
        cluster.run(Duration.ofSeconds(2));

        for (SimNode node : cluster.nodes()) {
            assertThat(causes(node).stream().map(CauseScenariosTest::words))
                    .as("causes at node %s: %s", node.id(), causes(node))
                    .contains("member-silent 4");
        }
        cluster.heal();
    }

    @Test
    void aMemberThatLeaves() {
        cluster.node(3).leave();

        assertThat(causesIn(1, 2, 4)).containsExactly("member-left 3");
    }

    @Test
    void aPause() {
        cluster.node(2).pause();
        assertThat(causesIn(1, 3, 4)).contains("token-lost", "member-silent 2");

        cluster.node(2).resume();

        assertThat(causesIn(1, 2, 3, 4)).contains("paused 2");
    }

    @Test
    void aPauseThatTheRingSurvivedIsNoCause() {
        cluster.node(2).pause();
        cluster.run(Duration.ofMillis(70));
        cluster.node(2).resume();
        cluster.run(Duration.ofSeconds(1));

        cluster.node(3).leave();

        assertThat(causesIn(1, 2, 4)).containsExactly("member-left 3");
    }

    /** 3 gets tokens and Joins, and nothing that is as long as the message. */
    @Test
    void aMemberThatDoesNotReceive() {
        cluster.faults(1, 3, Faults.none().withLargeLoss(LONG_BYTES, 1));
        cluster.faults(2, 3, Faults.none().withLargeLoss(LONG_BYTES, 1));
        cluster.faults(4, 3, Faults.none().withLargeLoss(LONG_BYTES, 1));
        cluster.node(1).send(0, 0, Guarantee.AGREED, LONG_BYTES + 1);

        assertThat(causesIn(1, 2, 4)).contains("failed-to-receive 3");
        cluster.faults(Faults.none());
    }

    @Test
    void aNewLife() {
        cluster.crash(2);
        cluster.run(Duration.ofMillis(2));
        cluster.restart(2);

        assertThat(causesIn(1, 2, 3, 4)).contains("new-life 2");
    }

    /** Waits for the ring; its members have the same causes. */
    private List<String> causesIn(int... members) {
        List<NodeId> ids = IntStream.of(members).mapToObj(NodeId::of).toList();
        assertThat(cluster.runUntil(() -> cluster.isOneRing(ids), LIMIT))
                .as(cluster.state())
                .isTrue();
        List<ChangeCause> first = causes(cluster.node(members[0]));
        for (int member : members) {
            assertThat(causes(cluster.node(member)))
                    .as("causes at node %d", member)
                    .isEqualTo(first);
        }
        return first.stream().map(CauseScenariosTest::words).distinct().toList();
    }

    private static List<ChangeCause> causes(SimNode node) {
        return node.configuration().map(ConfigChange::causes).orElse(List.of());
    }

    /** The kind, and whom it is about. */
    private static String words(ChangeCause cause) {
        Stream<NodeId> about = Stream.empty();
        if (cause instanceof ChangeCause.MemberSilent silent) {
            about = Stream.of(silent.member());
        } else if (cause instanceof ChangeCause.MemberLeft left) {
            about = Stream.of(left.member());
        } else if (cause instanceof ChangeCause.FailedToReceive deaf) {
            about = Stream.of(deaf.member());
        } else if (cause instanceof ChangeCause.NewLife again) {
            about = Stream.of(again.member());
        } else if (cause instanceof ChangeCause.Paused paused) {
            about = Stream.of(paused.seenBy());
        } else if (cause instanceof ChangeCause.ForeignRing foreign) {
            about = Stream.of(foreign.heard());
        }
        return cause.kind() + about.map(node -> " " + node).findFirst().orElse("");
    }
}
