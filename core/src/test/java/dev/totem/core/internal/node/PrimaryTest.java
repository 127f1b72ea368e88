/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.totem.core.ConfigChange;
import dev.totem.core.EvsEvent;
import dev.totem.core.Message;
import dev.totem.core.NodeId;
import dev.totem.core.Position;
import dev.totem.core.Quorum;
import dev.totem.core.SendFailedException;
import dev.totem.core.SendFailedException.Fate;
import dev.totem.core.Settings;
import dev.totem.core.Statistics;
import dev.totem.core.internal.settings.NodeSettings;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class PrimaryTest {

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Message ONLY = Message.to("g").onlyInPrimary();

    private final Logger logger = (Logger) LoggerFactory.getLogger("dev.totem.node");
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final StepWorld world = new StepWorld();

    @BeforeEach
    void listen() {
        lines.start();
        logger.setAdditive(false);
        logger.addAppender(lines);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(lines);
        logger.setAdditive(true);
    }

    private static NodeSettings with(Quorum quorum) {
        return NodeSettings.defaults().with(Settings.QUORUM, quorum.toString());
    }

    private void until(int size, StepMember... members) {
        assertThat(world.runUntil(() -> Stream.of(members).allMatch(member -> member.isInRingOf(size)), SOON))
                .isTrue();
        world.run(StepMember.REST);
    }

    private static void cut(StepMember... members) {
        Stream.of(members).forEach(member -> member.place.link.side = 1);
    }

    private static boolean isPrimary(StepMember member) {
        ConfigChange last = member.changes().get(member.changes().size() - 1);
        assertThat(last.isPrimary()).isEqualTo(member.node.membership().isPrimary());
        assertThat(member.node.stats().ring().isPrimary()).isEqualTo(last.isPrimary());
        return last.isPrimary();
    }

    private SendFailedException failure(Log<Position> sent) {
        assertThat(world.runUntil(() -> sent.error != null, SOON)).isTrue();
        return (SendFailedException) sent.error;
    }

    private static Log<Position> send(StepMember member, Message message) {
        Log<Position> sent = new Log<>();
        sent.follow(member.handle.send(message));
        return sent;
    }

    @Test
    void aMajorityMayDecideAndTheRestMayNot() {
        List<StepMember> ring = StepMember.ring(world, 3, with(Quorum.majority(3)));
        assertThat(ring).allMatch(PrimaryTest::isPrimary);
        assertThat(ring.get(0).changes().get(0).isPrimary()).isFalse();

        cut(ring.get(0));
        until(1, ring.get(0));
        until(2, ring.get(1), ring.get(2));

        assertThat(ring).extracting(PrimaryTest::isPrimary).containsExactly(false, true, true);
        List<ConfigChange> changes = ring.get(0).changes();
        ConfigChange transitional = changes.get(changes.size() - 2);
        assertThat(transitional.isRegular()).isFalse();
        assertThat(transitional.isPrimary()).isTrue();
    }

    @Test
    void refusesInAPartWithoutQuorumAndNamesTheVotes() {
        StepMember one = new StepMember(world, 1, with(Quorum.majority(3)));
        world.run(StepMember.REST);

        SendFailedException refused = failure(send(one, ONLY));

        assertThat(refused.fate()).isEqualTo(Fate.REFUSED);
        assertThat(refused.retryCanHelp()).isTrue();
        assertThat(refused).hasMessageContaining("members [1] have 1 of 3 votes (majority:3)");
        send(one, Message.to("g"));
        assertThat(world.runUntil(() -> one.deliveries().size() == 1, SOON)).isTrue();
    }

    @Test
    void refusesWhatWaitedWhenThePartLosesItsQuorum() {
        List<StepMember> ring = StepMember.ring(world, 3, with(Quorum.majority(3)));
        cut(ring.get(0));
        world.run(Duration.ofMillis(1_500));
        Log<Position> only = send(ring.get(0), ONLY.payload(new byte[30_000]));
        Log<Position> any = send(ring.get(0), Message.to("g"));

        assertThat(failure(only).fate()).isEqualTo(Fate.REFUSED);
        assertThat(world.runUntil(() -> any.values.size() == 1, SOON)).isTrue();
        assertThat(ring.get(0).deliveries()).hasSize(1);
        assertThat(ring.get(1).deliveries()).isEmpty();
    }

    @Test
    void ordersInAPrimary() {
        List<StepMember> ring = StepMember.ring(world, 3, with(Quorum.majority(3)));
        Log<Position> sent = send(ring.get(1), ONLY);

        assertThat(world.runUntil(() -> sent.values.size() == 1, SOON)).isTrue();
        world.run(StepMember.REST);
        assertThat(ring).allMatch(member -> member.positions().equals(sent.values));
    }

    @Test
    void whatABrokenPrimaryOrderedSaysWhereItWasDelivered() {
        List<StepMember> ring = StepMember.ring(world, 3, with(Quorum.majority(3)));
        StepMember one = ring.get(0);
        long before = one.node.stats().get(Statistics.MESSAGES_ORIGINATED);
        Log<Position> sent = send(one, ONLY.safe());
        assertThat(world.runUntil(() -> one.node.stats().get(Statistics.MESSAGES_ORIGINATED) > before, SOON))
                .isTrue();
        cut(one);

        SendFailedException broken = failure(sent);

        assertThat(broken.fate()).isEqualTo(Fate.TRANSITIONAL);
        ConfigChange where = broken.configuration().orElseThrow();
        assertThat(where.kind()).isEqualTo(ConfigChange.Kind.TRANSITIONAL);
        assertThat(where.members()).containsExactly(NodeId.of(1));
        assertThat(where.isPrimary()).isTrue();
        List<EvsEvent> seen = one.log.values;
        assertThat(seen.indexOf(one.deliveries().get(0))).isGreaterThan(seen.indexOf(where));
    }

    @Test
    void aLeaseIsOverBeforeOthersArePrimary() {
        List<StepMember> ring = StepMember.ring(world, 3, with(Quorum.majority(3)));
        StepMember lost = ring.get(0);
        StepMember other = ring.get(1);
        assertThat(ring).allMatch(member -> member.node.lease().isHeld());
        assertThat(lost.node.lease().remaining()).isBetween(Duration.ofMillis(300), Duration.ofMillis(938));

        int changes = other.changes().size();
        cut(lost);
        assertThat(world.runUntil(() -> !lost.node.lease().isHeld(), Duration.ofSeconds(1)))
                .isTrue();
        assertThat(other.changes()).hasSize(changes);
        assertThat(lost.node.membership().isPrimary()).isTrue();
        until(2, other, ring.get(2));
        assertThat(other.node.lease().isHeld()).isTrue();
        assertThat(lost.node.lease().remaining()).isZero();

        other.node.dispose();
        world.run(StepMember.REST);
        assertThat(other.node.lease().isHeld()).isFalse();
    }

    @Test
    void withoutAQuorumThereIsNoLease() {
        List<StepMember> ring = StepMember.ring(world, 2, NodeSettings.defaults());

        assertThat(ring).noneMatch(member -> member.node.lease().isHeld());
    }

    @Test
    void whoOversleptItsLeaseIsTold() {
        List<StepMember> ring = StepMember.ring(world, 3, with(Quorum.majority(3)));
        StepMember asleep = ring.get(2);
        asleep.place.loop.isAsleep = true;
        world.run(Duration.ofMillis(2_500));
        assertThat(asleep.node.lease().isHeld()).isFalse();
        asleep.place.loop.wake();
        world.run(StepMember.REST);

        assertThat(asleep.node.stats().get(Statistics.LEASES_OVERSLEPT)).isEqualTo(1);
        assertThat(asleep.node.stats().get(Statistics.PAUSE_NANOS)).isGreaterThan(1_000_000_000L);
        assertThat(lines.list.stream()
                        .map(ILoggingEvent::getFormattedMessage)
                        .filter(line -> line.contains("nothing ran")))
                .singleElement()
                .asString()
                .startsWith("node 3: nothing ran here for 2")
                .contains("ms, and the lease ended meanwhile");
    }

    @Test
    void membersWithDifferentQuorumsNeverDecideTogether() {
        StepMember one = new StepMember(world, 1, with(Quorum.majority(3)));
        StepMember two = new StepMember(world, 2, with(Quorum.majority(3)));
        StepMember other = new StepMember(world, 3, with(Quorum.majority(3).withTieBreaker(NodeId.of(3))));
        until(3, one, two, other);

        assertThat(List.of(one, two, other)).noneMatch(PrimaryTest::isPrimary);
        assertThat(one.node.stats().get(Statistics.QUORUM_DIFFERING)).isEqualTo(1);
        assertThat(other.node.stats().get(Statistics.QUORUM_DIFFERING)).isEqualTo(2);
        assertThat(lines.list.stream()
                        .map(ILoggingEvent::getFormattedMessage)
                        .filter(line -> line.startsWith("node 1: the quorum")))
                .containsExactly(
                        "node 1: the quorum is majority:3 here and another one at nodes [3]: no ring of both decides;"
                                + " give all nodes the same");
        assertThat(failure(send(one, ONLY))).hasMessageContaining("not the same quorum");

        other.node.dispose();
        until(2, one, two);
        assertThat(List.of(one, two)).allMatch(PrimaryTest::isPrimary);
        assertThat(one.node.stats().get(Statistics.QUORUM_DIFFERING)).isEqualTo(0);
    }

    @Test
    void waitsUntilAsManyAsExpectedWereTogetherOnce() {
        NodeSettings settings = with(Quorum.majority(3).bootstrapExpect(3));
        StepMember one = new StepMember(world, 1, settings);
        StepMember two = new StepMember(world, 2, settings);
        until(2, one, two);
        assertThat(List.of(one, two)).noneMatch(PrimaryTest::isPrimary);

        StepMember three = new StepMember(world, 3, settings);
        until(3, one, two, three);
        assertThat(List.of(one, two, three)).allMatch(PrimaryTest::isPrimary);

        three.node.dispose();
        until(2, one, two);
        assertThat(List.of(one, two)).allMatch(PrimaryTest::isPrimary);

        one.node.dispose();
        until(1, two);
        StepMember late = new StepMember(world, 4, settings);
        until(2, two, late);
        assertThat(List.of(two, late)).allMatch(PrimaryTest::isPrimary);
    }
}
