/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.ConfigChange;
import dev.totem.core.EvsEvent;
import dev.totem.core.Message;
import dev.totem.core.NodeHealth.Code;
import dev.totem.core.NodeHealth.Reason;
import dev.totem.core.NodeHealth;
import dev.totem.core.NodeId;
import dev.totem.core.Quorum;
import dev.totem.core.RingId;
import dev.totem.core.Settings;
import dev.totem.core.Statistics;
import dev.totem.core.internal.node.observe.HealthWatch;
import dev.totem.core.internal.node.observe.RefusedFrame;
import dev.totem.core.internal.node.observe.Sightings;
import dev.totem.core.internal.protocol.RingCounter;
import dev.totem.core.internal.settings.NodeSettings;
import dev.totem.core.spi.OpenFailure;
import dev.totem.core.spi.SealHeader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;

class NodeHealthTest {

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Duration TOKEN = Duration.ofSeconds(1);

    private final StepWorld world = new StepWorld();

    private static NodeSettings majority(Quorum quorum) {
        return NodeSettings.defaults().with(Settings.QUORUM, quorum.toString());
    }

    private static List<Code> codes(StepMember member) {
        return member.node.health().reasons().stream().map(Reason::code).toList();
    }

    private void untilReady(StepMember member) {
        assertThat(world.runUntil(() -> member.node.health().isReady(), SOON)).isTrue();
    }

    private void untilWaits(StepMember member) {
        assertThat(world.runUntil(() -> !member.node.health().isReady(), SOON)).isTrue();
    }

    @Test
    void aMemberOfARingIsReadyAndHasNothingToTell() {
        assertThat(StepMember.ring(world, 3, NodeSettings.defaults())).allSatisfy(member -> {
            assertThat(member.node.health().isReady()).isTrue();
            assertThat(member.node.health().isLive()).isTrue();
            assertThat(member.node.health()).hasToString("ready");
        });
    }

    @Test
    void whoLooksForARingSaysSinceWhenAndWhyAndRecovers() {
        List<StepMember> ring = StepMember.ring(world, 3, NodeSettings.defaults());
        StepMember two = ring.get(1);

        ring.get(0).place.link.side = 1;
        untilWaits(two);
        world.run(Duration.ofMillis(200));

        NodeHealth health = two.node.health();
        assertThat(health.isLive()).isTrue();
        assertThat(health.reasons()).singleElement().satisfies(reason -> {
            assertThat(reason.code()).isEqualTo(Code.NO_RING);
            assertThat(reason.text())
                    .matches("no ring for 2\\d\\d ms: no token came; nodes \\[1, 2, 3] may be in the next one.*");
        });
        untilReady(two);
        assertThat(two.isInRingOf(2)).isTrue();
    }

    @Test
    void aPartWithoutQuorumIsNotReadyAndNamesTheVotes() {
        List<StepMember> ring = StepMember.ring(world, 3, majority(Quorum.majority(3)));
        StepMember lost = ring.get(0);
        lost.place.link.side = 1;
        assertThat(world.runUntil(() -> lost.isInRingOf(1), SOON)).isTrue();
        world.run(StepMember.REST);

        assertThat(lost.node.health().reasons())
                .containsExactly(new Reason(Code.NOT_PRIMARY, "members [1] have 1 of 3 votes (majority:3)"));
        assertThat(lost.node.health().isLive()).isTrue();
        untilReady(ring.get(1));

        lost.place.link.side = 0;
        untilReady(lost);
        assertThat(lost.isInRingOf(3)).isTrue();
    }

    @Test
    void anotherQuorumIsNamedBesideWhatFollowsFromIt() {
        StepMember one = new StepMember(world, 1, majority(Quorum.majority(2)));
        StepMember two = new StepMember(world, 2, majority(Quorum.majority(3)));
        assertThat(world.runUntil(() -> one.isInRingOf(2) && two.isInRingOf(2), SOON))
                .isTrue();
        world.run(StepMember.REST);

        assertThat(codes(one)).containsExactly(Code.NOT_PRIMARY, Code.QUORUM_DIFFERS);
        assertThat(one.node.health().toString())
                .startsWith(
                        "not ready: NOT_PRIMARY, of the members [1, 2], [2] have another quorum than majority:2 here")
                .contains("nodes [2] have another quorum")
                .doesNotContain(" 0 ");
    }

    @Test
    void whoHasNoVoteIsToldSoAndNotThatItHasNone() {
        StepMember four = new StepMember(world, 4, majority(Quorum.majority(NodeId.of(1), NodeId.of(2), NodeId.of(3))));
        world.run(StepMember.REST);

        assertThat(four.node.health().reasons())
                .containsExactly(new Reason(Code.NOT_PRIMARY, "none of the members [4] has a vote (majority:1,2,3)"));
    }

    @Test
    void whoHasTheVotesAndWaitsForMoreSaysForHowMany() {
        StepMember one = new StepMember(world, 1, majority(Quorum.majority(3).bootstrapExpect(3)));
        StepMember two = new StepMember(world, 2, majority(Quorum.majority(3).bootstrapExpect(3)));
        assertThat(world.runUntil(() -> one.isInRingOf(2) && two.isInRingOf(2), SOON))
                .isTrue();
        world.run(StepMember.REST);

        assertThat(one.node.health().reasons())
                .containsExactly(new Reason(
                        Code.NOT_PRIMARY,
                        "members [1, 2] have the votes, but fewer than the 3 that it expects were members together"));
    }

    @Test
    void aSettingThatDiffersIsNotedAndTheNodeIsReady() {
        StepMember one = new StepMember(world, 1, NodeSettings.defaults());
        StepMember two = new StepMember(world, 2, NodeSettings.defaults().with(Settings.MISS_COUNT_CONST, 3));
        assertThat(world.runUntil(() -> one.isInRingOf(2) && two.isInRingOf(2), SOON))
                .isTrue();
        world.run(StepMember.REST);

        assertThat(one.node.health().reasons())
                .containsExactly(new Reason(
                        Code.SETTINGS_DIFFER,
                        "1 settings of members are not as here: setting miss-count-const is 2 here and 3 at node 2"));
        assertThat(one.node.health().isReady()).isTrue();
    }

    @Test
    void whoStandsStillIsNotReadyAndAfterLongNotLive() {
        StepMember one = StepMember.ring(world, 2, NodeSettings.defaults()).get(0);

        one.place.loop.isAsleep = true;
        world.run(TOKEN.multipliedBy(3));
        assertThat(codes(one)).contains(Code.STANDS_STILL);
        assertThat(one.node.health().isReady()).isFalse();
        assertThat(one.node.health().isLive()).isTrue();

        world.run(Duration.ofSeconds(28));
        assertThat(codes(one)).contains(Code.STUCK);
        assertThat(one.node.health().isLive()).isFalse();

        one.place.loop.wake();
        untilReady(one);
        assertThat(codes(one)).isEmpty();
    }

    @Test
    void anIdleRingNeverSeemsToStandStill() {
        List<StepMember> ring = StepMember.ring(world, 3, NodeSettings.defaults());

        assertThat(world.runUntil(
                        () -> ring.stream().anyMatch(member -> !codes(member).isEmpty()), Duration.ofMinutes(1)))
                .isFalse();
    }

    @Test
    void whoLeavesSaysSoAndWhoHasLeftIsNotLive() {
        StepMember one = StepMember.ring(world, 2, NodeSettings.defaults()).get(0);

        one.node.dispose();
        untilWaits(one);
        assertThat(codes(one)).containsExactly(Code.LEAVING);
        assertThat(one.node.health().isLive()).isTrue();

        world.run(Duration.ofSeconds(5));
        assertThat(codes(one)).containsExactly(Code.CLOSED);
        assertThat(one.node.health().isLive()).isFalse();
    }

    @Test
    void whoStoppedItselfSaysWhy() {
        StepMember one = StepMember.ring(world, 2, NodeSettings.defaults()).get(0);

        one.place.link.isBroken = true;
        one.handle.send(new byte[1]).subscribe(position -> {}, failed -> {});
        untilWaits(one);

        assertThat(one.node.health().isLive()).isFalse();
        assertThat(one.node.health().reasons()).singleElement().satisfies(reason -> {
            assertThat(reason.code()).isEqualTo(Code.STOPPED);
            assertThat(reason.text()).contains("the link is broken");
        });
    }

    @Test
    void aSubscriberThatDoesNotFollowIsNotedUntilItDoes() {
        StepMember one = new StepMember(world, 1, NodeSettings.defaults().with(Settings.SUBSCRIBER_EVENTS, 64));
        world.run(StepMember.REST);
        Lazy lazy = new Lazy();
        one.handle.events().subscribe(lazy);
        for (int i = 0; i < 200; i++) {
            one.handle.send(Message.to("g")).subscribe(position -> {}, failed -> {});
        }
        world.run(Duration.ofSeconds(1));

        assertThat(codes(one)).containsExactly(Code.HELD_BACK);
        assertThat(one.node.health().isReady()).isTrue();
        lazy.request(1_000);
        world.run(Duration.ofSeconds(1));
        assertThat(codes(one)).isEmpty();
    }

    private static final class Lazy extends BaseSubscriber<EvsEvent> {
        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            subscription.request(1);
        }
    }

    // what the watch makes of what it is told

    private long nowNanos = 5_000_000_000L;

    private HealthWatch watch() {
        Sightings sightings = new Sightings(
                new Sightings.Ours(NodeId.of(1), "lab", "none", TOKEN, 1_400),
                () -> nowNanos,
                reason -> said.add(reason.code()));
        HealthWatch watch = new HealthWatch(TOKEN, () -> nowNanos, sightings);
        watch.entered(dev.totem.core.internal.protocol.RingPhase.OPERATIONAL, "");
        return watch;
    }

    private static final ConfigChange RING_OF_TWO = ConfigChange.regular(
            new RingId(NodeId.of(1), 4), List.of(NodeId.of(1), NodeId.of(2)), List.of(NodeId.of(2)));

    private final List<Code> said = new ArrayList<>();

    /** As of node 2, of the cluster lab, with key 3. */
    private static RefusedFrame frame(OpenFailure failure, int suite) {
        ByteBuffer frame = ByteBuffer.allocate(100);
        new SealHeader(suite, 3, SealHeader.clusterTag("totem"), NodeId.of(2)).write(frame, 100, 5, 6);
        return new RefusedFrame(failure, InetSocketAddress.createUnresolved("b", 5405), frame.flip(), 0);
    }

    private NodeHealth told(HealthWatch watch) {
        watch.ran(nowNanos);
        return watch.now(Map.of());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            NOT_AUTHENTIC | KEY_DIFFERS     | the last as of node 2 at b/<unresolved>:5405
            OTHER_KEY     | KEY_LACKING     | the last with key 3, as of node 2 at b/<unresolved>:5405
            OTHER_SUITE   | SUITE_DIFFERS   | the last with aes-256-gcm, ours is none, as of node 2 at b/<unresolved>:5405
            OTHER_CLUSTER | CLUSTER_DIFFERS | the last with the tag 7b1b3e91, ours is lab with a51146d3, as of node 2 at b/<unresolved>:5405
            UNPROVEN      | NOT_PROVEN_HERE | the last as of node 2 at b/<unresolved>:5405""")
    void framesThatAreRefusedAreNotedForAWhile(OpenFailure failure, Code code, String words) {
        HealthWatch watch = watch();
        watch.installed(RING_OF_TWO);

        watch.sightings().refused(frame(failure, 1));
        nowNanos += Sightings.MEMORY.toNanos() / 2;
        assertThat(told(watch).reasons()).containsExactly(new Reason(code, words + "; seen 5000 ms ago"));
        assertThat(told(watch).isReady()).isTrue();

        nowNanos += Sightings.MEMORY.toNanos() / 2 + 1;
        assertThat(told(watch).reasons()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"NOT_AUTHENTIC, KEY_DIFFERS", "OTHER_KEY, KEY_LACKING", "OTHER_SUITE, SUITE_DIFFERS"})
    void whoHasBeenWithNobodyIsNotReadyWhileWhatItHearsDoesNotOpen(OpenFailure failure, Code code) {
        HealthWatch watch = watch();

        watch.sightings().refused(frame(failure, 1));
        nowNanos += Sightings.MEMORY.toNanos() / 2;
        assertThat(told(watch).isReady()).isFalse();
        assertThat(told(watch).reasons()).extracting(Reason::code).containsExactly(Code.KEPT_OUT, code);

        watch.installed(RING_OF_TWO);
        assertThat(told(watch).isReady()).isTrue();
        watch.installed(ConfigChange.regular(new RingId(NodeId.of(1), 8), List.of(NodeId.of(1)), List.of()));
        watch.sightings().refused(frame(failure, 1));
        assertThat(told(watch).isReady()).as("it has the key of somebody").isTrue();
        assertThat(told(watch).has(code)).isTrue();
    }

    @Test
    void whoIsWhereNoPeerIsListedIsNoted() {
        HealthWatch watch = watch();
        watch.installed(RING_OF_TWO);
        InetSocketAddress there = new InetSocketAddress(InetAddress.getLoopbackAddress(), 7_000);

        watch.sightings().misplaced(NodeId.of(3), there, Optional.empty());
        assertThat(told(watch).reasons())
                .containsExactly(new Reason(
                        Code.PEER_UNLISTED,
                        "node 3 speaks from localhost/127.0.0.1:7000, where no peer is listed; seen 0 ms ago"));

        nowNanos += 1_000_000_000;
        watch.sightings().misplaced(NodeId.of(3), there, Optional.of(NodeId.of(4)));
        assertThat(told(watch).toString()).contains("node 3 speaks from", ", where node 4 is listed; seen 0 ms ago");
        assertThat(told(watch).isReady()).isTrue();
    }

    @Test
    void theIdOfThisNodeOrAMemberFromElsewhereIsTaken() {
        HealthWatch watch = watch();
        watch.installed(RING_OF_TWO);
        InetSocketAddress there = InetSocketAddress.createUnresolved("b", 7_000);

        watch.sightings().misplaced(NodeId.of(1), there, Optional.empty());
        assertThat(told(watch).reasons())
                .containsExactly(new Reason(
                        Code.ID_TAKEN, "another process with the id 1 speaks from b/<unresolved>:7000; seen 0 ms ago"));

        nowNanos += 1_000_000_000;
        watch.sightings().misplaced(NodeId.of(2), there, Optional.empty());
        assertThat(told(watch).reasons())
                .containsExactly(new Reason(
                        Code.ID_TAKEN,
                        "node 2 is a member, and another process with its id speaks from b/<unresolved>:7000;"
                                + " seen 0 ms ago"));
    }

    @ParameterizedTest
    @CsvSource({"OTHER_CLUSTER, CLUSTER_DIFFERS", "UNPROVEN, NOT_PROVEN_HERE"})
    void whoIsAloneSaysOnceWhatLasts(OpenFailure failure, Code code) {
        HealthWatch watch = watch();

        for (long millis = 0; millis <= TOKEN.toMillis(); millis += 100) {
            assertThat(said).hasSizeLessThan(2);
            watch.sightings().refused(frame(failure, 0));
            nowNanos += 100_000_000;
        }

        assertThat(said).containsExactly(code);
    }

    @Test
    void whoIsInARingWithOthersDoesNotMindOtherClusters() {
        HealthWatch watch = watch();
        watch.installed(RING_OF_TWO);

        for (int i = 0; i < 100; i++) {
            watch.sightings().refused(frame(OpenFailure.OTHER_CLUSTER, 0));
            nowNanos += 100_000_000;
        }

        assertThat(said).isEmpty();
        assertThat(told(watch).has(Code.CLUSTER_DIFFERS)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"MALFORMED", "OTHER_RECEIVER", "REPLAYED", "COPIED", "OVER_LIMIT"})
    void whatANetworkDoesAnywayIsNotNoted(OpenFailure failure) {
        HealthWatch watch = watch();

        watch.sightings().refused(frame(failure, 0));

        assertThat(told(watch).reasons()).isEmpty();
    }

    @Test
    void aTakenIdAndALostNetworkAreNoted() {
        HealthWatch watch = watch();

        watch.sightings().duplicateId(NodeId.of(1));
        watch.ran(nowNanos);

        NodeHealth health = watch.now(Map.of(Statistics.LINK_NETWORKS_FAULTY, 1L));
        assertThat(health.reasons()).extracting(Reason::code).containsExactly(Code.ID_TAKEN, Code.NETWORK_FAULTY);
        assertThat(health.has(Code.NETWORK_FAULTY)).isTrue();
        assertThat(health.has(Code.HELD_BACK)).isFalse();
    }

    @Test
    void aNewLifeIsUnprovenUntilTheTokenHasComeRound() {
        List<StepMember> ring = StepMember.ring(world, 2, NodeSettings.defaults());
        HealthWatch watch = watch();
        watch.installed(ring.get(0).changes().get(ring.get(0).changes().size() - 1));

        watch.renewed();
        watch.counted(RingCounter.TOKENS, 1);
        assertThat(told(watch).reasons()).extracting(Reason::code).containsExactly(Code.UNPROVEN);
        assertThat(told(watch).isReady()).isFalse();

        watch.counted(RingCounter.TOKENS, 1);
        assertThat(told(watch).isReady()).isTrue();
    }

    @Test
    void aNewLifeAloneHasNobodyToProveItTo() {
        HealthWatch watch = watch();

        watch.renewed();

        assertThat(told(watch).isReady()).isTrue();
    }
}
