/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.totem.core.ConfigurationException;
import dev.totem.core.EvsHandle;
import dev.totem.core.GroupName;
import dev.totem.core.Message;
import dev.totem.core.NodeId;
import dev.totem.core.Position;
import dev.totem.core.RingId;
import dev.totem.core.RingProgress;
import dev.totem.core.TotemNode;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

/** {@link TotemNode#progress()} on real nodes. */
class RingProgressTest {

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final NodeId ONE = NodeId.of(1);
    private static final NodeId TWO = NodeId.of(2);

    private TestRing ring;

    @BeforeEach
    void formsARing() {
        ring = TestRing.of(2);
        ring.awaitOneRing().block(SOON);
    }

    @AfterEach
    void ends() {
        ring.close();
    }

    private Position send(int node) {
        EvsHandle handle = ring.node(node).openHandle();
        handle.join("g").block(SOON);
        return Objects.requireNonNull(
                handle.send(Message.to("g").safe().payload(new byte[10])).block(SOON));
    }

    private RingProgress await(int node, Predicate<RingProgress> isWanted) {
        return Objects.requireNonNull(Flux.interval(Duration.ofMillis(5))
                .onBackpressureDrop()
                .concatMap(tick -> ring.node(node).progress())
                .filter(isWanted)
                .next()
                .block(SOON));
    }

    @Test
    void whenNobodySendsAllNumbersAreTheSame() {
        Position first = send(1);
        Position second = send(2);

        for (int node = 1; node <= 2; node++) {
            RingProgress progress = await(node, now -> now.safe() >= second.seq() && now.delivered() == now.highest());

            assertThat(progress.ring()).isEqualTo(second.ring());
            assertThat(progress.received()).isEqualTo(progress.highest());
            assertThat(progress.sent().get(ONE)).isGreaterThanOrEqualTo(first.seq());
            assertThat(progress.sent().get(TWO)).isGreaterThanOrEqualTo(second.seq());
            assertThat(progress.sent().values()).allMatch(seq -> seq <= progress.highest());
        }
    }

    @Test
    void aNewRingBeginsAnew() {
        RingId before = send(2).ring();
        ring.partition(1);
        ring.awaitRing(1).block(SOON);

        RingProgress alone = await(1, now -> !now.ring().equals(before));

        assertThat(alone.sent()).doesNotContainKey(TWO);
    }

    @Test
    void groupsAreToldWithTheirMembersTheFirstByName() {
        ring.node(1).openHandle().join("b", "a").block(SOON);
        ring.node(2).openHandle().join("b", "c").block(SOON);

        assertThat(ring.node(2).groups(2).block(SOON)).containsExactly(entry(GroupName.of("a"), 1), entry(GroupName.of("b"), 2));
        assertThat(ring.node(2).groups(TotemNode.GROUPS_ASKED_MAX).block(SOON)).hasSize(3);
        assertThatThrownBy(() -> ring.node(1).groups(0))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith("groups=0: ");
    }

    @Test
    void anEndedNodeHasNone() {
        TotemNode node = ring.node(1);
        node.leave().block(SOON);

        assertThat(node.progress().blockOptional(SOON)).isEmpty();
    }
}
