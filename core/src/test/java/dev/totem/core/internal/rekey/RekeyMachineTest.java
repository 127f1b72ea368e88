/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.rekey;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.ConfigChange;
import dev.totem.core.ConfigurationException;
import dev.totem.core.KeyMissingException;
import dev.totem.core.NodeId;
import dev.totem.core.Position;
import dev.totem.core.RingId;
import dev.totem.core.internal.group.KeyNotice;
import dev.totem.core.internal.group.KeyNotice.Step;
import dev.totem.core.internal.rekey.RekeyEffect.Failed;
import dev.totem.core.internal.rekey.RekeyEffect.Keep;
import dev.totem.core.internal.rekey.RekeyEffect.News;
import dev.totem.core.internal.rekey.RekeyEffect.Purpose;
import dev.totem.core.internal.rekey.RekeyEffect.Read;
import dev.totem.core.internal.rekey.RekeyEffect.RetireOlder;
import dev.totem.core.internal.rekey.RekeyEffect.Say;
import dev.totem.core.internal.rekey.RekeyEffect.SealWith;
import dev.totem.core.internal.rekey.RekeyEffect.Succeeded;
import dev.totem.core.internal.rekey.RekeyEffect.Tell;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The rules of a change of keys, input by input. */
class RekeyMachineTest {

    private static final NodeId SELF = NodeId.of(1);
    private static final NodeId OTHER = NodeId.of(2);
    private static final NodeId THIRD = NodeId.of(3);
    private static final NodeId STRANGER = NodeId.of(9);
    private static final RingId RING = new RingId(SELF, 8);
    private static final List<NodeId> MEMBERS = List.of(SELF, OTHER, THIRD);

    /** Keys by number, from old to new. */
    private static final class Keys implements KnownKeys {

        private final TreeSet<Integer> ids = new TreeSet<>(Set.of(1, 2, 3));
        private int sealing = 1;

        @Override
        public int sealing() {
            return sealing;
        }

        @Override
        public boolean has(int id) {
            return ids.contains(id);
        }

        @Override
        public boolean isNewer(int id) {
            return has(id) && id > sealing;
        }

        @Override
        public int next() {
            return Optional.ofNullable(ids.higher(sealing)).orElse(0);
        }
    }

    private final Keys keys = new Keys();
    private final RekeyMachine machine = new RekeyMachine(SELF, keys);
    private long nowNanos;
    private long seq;

    @Test
    void aRequestIsProposedWhenTheKeysHaveBeenRead() {
        install();

        assertThat(step(requested(1, 2))).containsExactly(new Read(forRequest(1, 2)));
        assertThat(step(read(forRequest(1, 2)))).containsExactly(say(Step.PROPOSED, 2));
    }

    @Test
    void whoHasTheKeyIsReadyAndWhoLacksItLooksOnceMore() {
        install();

        assertThat(step(notice(OTHER, Step.PROPOSED, 2))).containsExactly(say(Step.READY, 2));
        assertThat(step(notice(OTHER, Step.PROPOSED, 4))).containsExactly(new Read(new Purpose.ForProposed(4)));
        assertThat(step(read(new Purpose.ForProposed(4)))).containsExactly(say(Step.LACKING, 4));
    }

    @Test
    void aKeyThatIsFoundAtTheSecondLookWillDo() {
        install();
        step(notice(OTHER, Step.PROPOSED, 4));
        keys.ids.add(4);

        assertThat(step(read(new Purpose.ForProposed(4)))).containsExactly(say(Step.READY, 4));
    }

    @Test
    void whoCannotReadItsKeysSaysThatItLacksTheKeyAndTellsWhy() {
        install();
        step(notice(OTHER, Step.PROPOSED, 4));
        Throwable broken = new IllegalStateException("no disc");

        assertThat(step(new RekeyInput.Read(new Purpose.ForProposed(4), Optional.of(broken))))
                .containsExactly(new Tell(new News.NotRead(broken)), say(Step.LACKING, 4));
    }

    @Test
    void switchesAtTheMessageOfTheLastThatIsReady() {
        install();
        step(notice(OTHER, Step.PROPOSED, 2));
        assertThat(step(notice(SELF, Step.READY, 2))).isEmpty();
        assertThat(step(notice(THIRD, Step.READY, 2))).isEmpty();

        assertThat(step(notice(OTHER, Step.READY, 2))).containsExactly(new SealWith(2), say(Step.SWITCHED, 2));
    }

    @Test
    void forgetsOlderKeysAtTheMessageOfTheLastThatHasSwitchedAndTellsWhereAllDid() {
        install();
        ask(7, 2);
        switchTo(2);
        Position at = position();
        assertThat(step(notice(SELF, Step.SWITCHED, 2))).isEmpty();
        assertThat(step(notice(OTHER, Step.SWITCHED, 2))).isEmpty();

        assertThat(step(notice(THIRD, Step.SWITCHED, 2)))
                .containsExactly(
                        new RetireOlder(), new Keep(2), new Tell(new News.Switched(2, at)), new Succeeded(7, at));
    }

    @Test
    void oneThatLacksTheKeyEndsTheAttemptForAll() {
        install();
        ask(7, 2);
        step(notice(SELF, Step.PROPOSED, 2));
        step(notice(SELF, Step.READY, 2));

        List<RekeyEffect> effects = step(notice(THIRD, Step.LACKING, 2));

        assertThat(effects).hasSize(2);
        assertThat(effects.get(0))
                .isInstanceOfSatisfying(
                        Tell.class,
                        tell -> assertThat(tell.news())
                                .isInstanceOfSatisfying(
                                        News.Refused.class,
                                        refused -> assertThat(refused.lacking()).isEqualTo(THIRD)));
        assertThat(effects.get(1)).isInstanceOfSatisfying(Failed.class, failed -> {
            assertThat(failed.request()).isEqualTo(7);
            assertThat(failed.reason()).isInstanceOfSatisfying(KeyMissingException.class, missing -> {
                assertThat(missing.member()).isEqualTo(THIRD);
                assertThat(missing.key()).isEqualTo(2);
                assertThat(missing.retryCanHelp()).isTrue();
            });
        });
        assertThat(step(notice(OTHER, Step.READY, 2))).isEmpty();
        assertThat(step(notice(THIRD, Step.READY, 2))).isEmpty();
    }

    @Test
    void aChangeEndsTheAttemptAndTheNextRegularOneProposesAgain() {
        install();
        ask(7, 2);
        step(notice(SELF, Step.PROPOSED, 2));
        step(notice(SELF, Step.READY, 2));
        RingId next = new RingId(SELF, 12);

        assertThat(step(new RekeyInput.Changed(
                        ConfigChange.transitional(RING, next, List.of(SELF, OTHER), List.of(THIRD)))))
                .isEmpty();
        assertThat(step(notice(OTHER, Step.READY, 2))).isEmpty();
        assertThat(step(new RekeyInput.Changed(ConfigChange.regular(next, List.of(SELF, OTHER), List.of()))))
                .containsExactly(new RetireOlder(), say(Step.PROPOSED, 2));
    }

    @Test
    void doesNotWaitForWhoIsLeftOutAndDoesNotHeedIt() {
        install();
        step(new RekeyInput.Noticed(OTHER, KeyNotice.expelling(THIRD, 2), position()));
        assertThat(step(notice(THIRD, Step.LACKING, 2))).isEmpty();
        step(notice(SELF, Step.READY, 2));

        assertThat(step(notice(OTHER, Step.READY, 2))).containsExactly(new SealWith(2), say(Step.SWITCHED, 2));
    }

    @Test
    void whoIsLeftOutTakesNoPart() {
        install();

        assertThat(step(new RekeyInput.Noticed(OTHER, KeyNotice.expelling(SELF, 2), position())))
                .containsExactly(new Tell(new News.Expelling(SELF, 2, OTHER)));
        assertThat(step(notice(OTHER, Step.READY, 2))).isEmpty();
    }

    @Test
    void aRequestThatLeavesAMemberOutSaysSoWhileItIsOne() {
        install();
        RekeyEffect.Purpose.ForRequest request = new Purpose.ForRequest(1, 2, Optional.of(THIRD));
        step(new RekeyInput.Requested(1, 2, Optional.of(THIRD)));
        assertThat(step(read(request))).containsExactly(new Say(KeyNotice.expelling(THIRD, 2)));

        assertThat(step(new RekeyInput.Changed(
                        ConfigChange.regular(new RingId(SELF, 12), List.of(SELF, OTHER), List.of()))))
                .contains(say(Step.PROPOSED, 2));
    }

    @Test
    void takesOverANewerKeyWhileARingIsFormedAndProposesItInOne() {
        install();

        assertThat(step(new RekeyInput.HeardNewer(2, false))).containsExactly(new SealWith(2));
        assertThat(step(new RekeyInput.HeardNewer(3, true))).containsExactly(say(Step.PROPOSED, 3));
        assertThat(step(new RekeyInput.HeardNewer(3, true))).isEmpty();
    }

    @Test
    void anOldKeyLetsTheNextBeProposedOnceAMinute() {
        install();
        assertThat(step(new RekeyInput.Due())).containsExactly(new Read(new Purpose.ForNext()));
        assertThat(step(read(new Purpose.ForNext()))).containsExactly(say(Step.PROPOSED, 2));
        nowNanos += RekeyMachine.DUE_NANOS - 1;
        assertThat(step(new RekeyInput.Due())).isEmpty();
        nowNanos++;
        keys.ids.removeAll(Set.of(2, 3));

        assertThat(step(new RekeyInput.Due())).hasSize(1);
        assertThat(step(read(new Purpose.ForNext()))).containsExactly(new Tell(new News.NoNext(1)));
    }

    @Test
    void looksForAMissingKeyOnceInFiveSecondsHoweverManyFramesDoNotOpen() {
        assertThat(step(new RekeyInput.Lacked(5))).containsExactly(new Read(new Purpose.ForLacked(5)));
        assertThat(step(read(new Purpose.ForLacked(5)))).containsExactly(new Tell(new News.Lacking(5, 1)));
        nowNanos += RekeyMachine.RELOAD_NANOS - 1;
        assertThat(step(new RekeyInput.Lacked(5))).isEmpty();
        nowNanos++;
        keys.ids.add(5);

        assertThat(step(new RekeyInput.Lacked(5))).hasSize(1);
        assertThat(step(read(new Purpose.ForLacked(5)))).isEmpty();
    }

    @Test
    void refusesAKeyThatIsMissingHereAndOneThatIsOlder() {
        install();
        keys.sealing = 2;

        assertThat(ask(1, 9))
                .singleElement()
                .isInstanceOfSatisfying(
                        Failed.class,
                        failed -> assertThat(failed.reason())
                                .isInstanceOf(KeyMissingException.class)
                                .hasMessageContaining("node 1 has no such key"));
        assertThat(ask(2, 1))
                .singleElement()
                .isInstanceOfSatisfying(
                        Failed.class,
                        failed -> assertThat(failed.reason())
                                .isInstanceOf(ConfigurationException.class)
                                .hasMessageContaining("older than key 2"));
    }

    @Test
    void aRequestWhoseKeysCannotBeReadFailsWithTheReason() {
        install();
        step(requested(1, 2));
        Throwable broken = new IllegalStateException("no disc");

        assertThat(step(new RekeyInput.Read(forRequest(1, 2), Optional.of(broken))))
                .containsExactly(new Failed(1, broken));
    }

    @Test
    void whoCancelsBeforeTheProposalProposesNothing() {
        install();
        step(requested(1, 2));
        assertThat(step(new RekeyInput.Cancelled(1))).isEmpty();

        assertThat(step(read(forRequest(1, 2)))).isEmpty();
        assertThat(step(new RekeyInput.Changed(ConfigChange.regular(new RingId(SELF, 12), MEMBERS, List.of()))))
                .containsExactly(new RetireOlder());
    }

    @Test
    void requestsForOneKeyEndTogetherThoseForAnOlderOneFailAndTheNextIsProposed() {
        install();
        ask(1, 2);
        assertThat(ask(2, 3)).as("one at a time").isEmpty();
        ask(3, 2);
        ask(4, 3);
        switchTo(2);
        Position at = position();
        MEMBERS.subList(0, 2).forEach(member -> step(notice(member, Step.SWITCHED, 2)));

        assertThat(step(notice(THIRD, Step.SWITCHED, 2)))
                .endsWith(new Succeeded(1, at), new Succeeded(3, at), say(Step.PROPOSED, 3));
    }

    @Test
    void strangersAndNoticesBetweenRingsCountForNothing() {
        assertThat(step(notice(OTHER, Step.PROPOSED, 2))).isEmpty();
        install();

        assertThat(step(notice(STRANGER, Step.PROPOSED, 2))).isEmpty();
    }

    private void install() {
        step(new RekeyInput.Changed(ConfigChange.regular(RING, MEMBERS, List.of())));
    }

    private List<RekeyEffect> ask(long request, int keyId) {
        step(requested(request, keyId));
        return step(read(forRequest(request, keyId)));
    }

    private void switchTo(int keyId) {
        step(notice(SELF, Step.PROPOSED, keyId));
        MEMBERS.forEach(member -> step(notice(member, Step.READY, keyId)));
        assertThat(keys.sealing).isEqualTo(keyId);
    }

    /** As the driver does, the effects are carried out before the next input. */
    private List<RekeyEffect> step(RekeyInput input) {
        List<RekeyEffect> effects = machine.step(nowNanos, input);
        for (RekeyEffect effect : effects) {
            if (effect instanceof SealWith seal) {
                keys.sealing = seal.keyId();
            } else if (effect instanceof RetireOlder) {
                keys.ids.headSet(keys.sealing).clear();
            }
        }
        return effects;
    }

    private static RekeyInput requested(long request, int keyId) {
        return new RekeyInput.Requested(request, keyId, Optional.empty());
    }

    private static Purpose.ForRequest forRequest(long request, int keyId) {
        return new Purpose.ForRequest(request, keyId, Optional.empty());
    }

    private static RekeyInput read(Purpose purpose) {
        return new RekeyInput.Read(purpose, Optional.empty());
    }

    private RekeyInput notice(NodeId sender, Step step, int keyId) {
        seq++;
        return new RekeyInput.Noticed(sender, new KeyNotice(step, keyId), position());
    }

    /** Of the last notice. */
    private Position position() {
        return new Position(RING, seq, 0);
    }

    private static Say say(Step step, int keyId) {
        return new Say(new KeyNotice(step, keyId));
    }
}
