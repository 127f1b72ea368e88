/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.EvsEvent;
import dev.totem.core.Message;
import dev.totem.core.NodeHealth;
import dev.totem.core.NodeHealth.Code;
import dev.totem.core.NodeHealth.Reason;
import dev.totem.core.NodeId;
import dev.totem.core.Quorum;
import dev.totem.core.Settings;
import dev.totem.core.internal.settings.NodeSettings;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
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
}
