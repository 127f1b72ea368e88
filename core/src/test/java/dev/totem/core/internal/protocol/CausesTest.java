/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.ChangeCause;
import dev.totem.core.NodeId;
import dev.totem.core.internal.message.CauseFact;
import dev.totem.core.internal.message.Join;
import dev.totem.core.internal.message.Origin;
import dev.totem.core.internal.message.Profile;
import dev.totem.core.internal.message.RegularMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CausesTest {

    private static final NodeId SELF = NodeId.of(5);
    private static final long TOKEN = 1_000;

    private final Causes causes = new Causes(SELF, TOKEN);

    private static NodeId id(int value) {
        return NodeId.of(value);
    }

    private static Join from(int origin, List<CauseFact> facts) {
        List<NodeId> proc = List.of(id(origin));
        return new Join(new Origin(id(origin), 1), proc, List.of(), 0, 0, List.of(), Profile.UNTOLD, facts);
    }

    @Test
    void hasTheSameWhateverTheOrderInWhichItWasHeard() {
        Random random = new Random(1);
        List<CauseFact> facts = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            NodeId seenBy = id(1 + random.nextInt(4));
            NodeId about = id(1 + random.nextInt(9));
            facts.add(
                    switch (random.nextInt(4)) {
                        case 0 -> CauseKind.memberLeft(seenBy, about);
                        case 1 -> CauseKind.memberSilent(seenBy, about, 7, false);
                        case 2 -> CauseKind.foreignRing(seenBy, about);
                        default -> CauseKind.tokenLost(seenBy, id(1), 3, 9);
                    });
        }
        facts.forEach(fact -> causes.heard(from(9, List.of(fact)), 0));

        for (int i = 0; i < 50; i++) {
            Collections.shuffle(facts, random);
            Causes other = new Causes(SELF, TOKEN);
            facts.forEach(fact -> other.heard(from(9, List.of(fact)), 0));

            assertThat(other.facts())
                    .isEqualTo(causes.facts())
                    .hasSize(CauseFact.FACTS_MAX)
                    .isSorted();
        }
    }

    @Test
    void saysOnceWhatSeveralNoticed() {
        causes.note(CauseKind.memberLeft(SELF, id(7)), 0);
        causes.heard(from(2, List.of(CauseKind.memberLeft(id(2), id(7)))), 0);
        causes.heard(from(9, List.of(CauseKind.memberLeft(id(9), id(7)))), 0);

        assertThat(causes.told()).containsExactly(new ChangeCause.MemberLeft(id(2), id(7)));
    }

    @Test
    void neverChangesWhatItSaidOnce() {
        causes.leaving(0);
        causes.note(CauseKind.memberSilent(SELF, id(7), 100, false), 0);
        causes.note(CauseKind.memberSilent(SELF, id(7), 900, true), 0);
        causes.heard(from(2, List.of(CauseKind.memberSilent(SELF, id(7), 500, false))), 0);

        assertThat(causes.told())
                .containsExactly(new ChangeCause.MemberSilent(SELF, id(7), Duration.ofNanos(100), false));
    }

    @Test
    void believesOfANodeWhatItSaysItself() {
        causes.heard(from(2, List.of(CauseKind.paused(id(3), 100))), 0);
        causes.heard(from(3, List.of(CauseKind.paused(id(3), 700))), 0);
        causes.heard(from(2, List.of(CauseKind.paused(id(3), 100))), 0);

        assertThat(causes.told()).containsExactly(new ChangeCause.Paused(id(3), Duration.ofNanos(700)));
    }

    @Test
    void forgetsWhatTheRingSurvived() {
        causes.note(CauseKind.paused(SELF, 600), 0);
        causes.note(CauseKind.keyUnknown(SELF, ChangeCause.KeyUnknown.Why.OTHER_KEY), 2 * TOKEN);

        causes.leaving(3 * TOKEN);

        assertThat(causes.told())
                .containsExactly(new ChangeCause.KeyUnknown(SELF, ChangeCause.KeyUnknown.Why.OTHER_KEY));
    }

    @Test
    void tellsWhatWasNoticedLastOfWhatTheRingSurvivedBefore() {
        causes.note(CauseKind.paused(SELF, 600), 0);
        causes.note(CauseKind.paused(SELF, 9_000), 50 * TOKEN);

        causes.leaving(51 * TOKEN);

        assertThat(causes.told()).containsExactly(new ChangeCause.Paused(SELF, Duration.ofNanos(9_000)));
    }

    @Test
    void tellsWhatSaysMostFirst() {
        causes.note(CauseKind.keyUnknown(SELF, ChangeCause.KeyUnknown.Why.NOT_AUTHENTIC), 0);
        causes.leaving(TOKEN);
        causes.note(CauseKind.tokenLost(SELF, id(2), 3, 9), TOKEN);
        causes.note(CauseKind.memberSilent(SELF, id(7), 100, false), TOKEN);
        causes.note(CauseKind.foreignRing(SELF, id(8)), TOKEN);
        causes.note(CauseKind.twin(SELF), TOKEN);
        causes.note(CauseKind.paused(SELF, 600), TOKEN);

        assertThat(causes.told())
                .extracting(ChangeCause::kind)
                .containsExactly("twin", "paused", "member-silent", "foreign-ring", "token-lost", "key-unknown");
        assertThat(causes.facts()).as("as they travel").isSorted();
    }

    @Test
    void passesOnWhatItDoesNotKnowAndTellsNobody() {
        List<CauseFact> strange = List.of(
                new CauseFact(9, 1, id(3), 0, 5, 0), // silent is nobody
                new CauseFact(11, 99, id(3), 2, 5, 0), // a setting that does not exist
                new CauseFact(200, 7, id(3), Integer.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE));

        causes.heard(from(3, strange), 0);

        assertThat(causes.facts()).isEqualTo(strange);
        assertThat(causes.told()).isEmpty();
    }

    @Test
    void namesWhoFailsToReceiveAtAllMembers() {
        MachineRing ring = Pitfalls.together(1, 2, 3);
        ring.lost = hop -> hop.message() instanceof RegularMessage && Pitfalls.isTo(hop, 3);
        for (int i = 0; i < 20; i++) {
            ring.member(1).send("m" + i);
            ring.run(Duration.ofMillis(50));
        }

        assertThat(ring.runUntil(() -> ring.together(1, 2), Duration.ofSeconds(10)))
                .isTrue();

        for (int member : new int[] {1, 2}) {
            assertThat(ring.member(member).config.causes())
                    .anyMatch(cause -> cause instanceof ChangeCause.FailedToReceive deaf
                            && deaf.member().equals(id(3)));
        }
        assertThat(ring.member(1).config.causes())
                .isEqualTo(ring.member(2).config.causes());
    }

    @Test
    void theTransitionalChangeHasTheCausesOfTheRegularOne() {
        MachineRing ring = Pitfalls.together(1, 2, 3);
        ring.crash(3);
        assertThat(ring.runUntil(() -> ring.together(1, 2), Duration.ofSeconds(10)))
                .isTrue();

        List<ChangeCause> regular = ring.member(1).config.causes();
        assertThat(regular).extracting(ChangeCause::kind).contains("token-lost", "member-silent");
        assertThat(Pitfalls.last(ring.member(1), dev.totem.core.ConfigChange.Kind.TRANSITIONAL)
                        .causes())
                .isEqualTo(regular);
    }

    @Test
    void theTokenIsLastHeardOfAtWhoSentTheLastMessage() {
        MachineRing ring = Pitfalls.together(1, 2, 3);
        ring.member(2).send("last");
        ring.lost = hop -> hop.from().equals(id(2)) && hop.to().equals(id(3));
        ring.runUntil(() -> ring.member(1).texts().contains("last"), Duration.ofSeconds(1));
        ring.crash(2);
        ring.crash(3);

        assertThat(ring.runUntil(() -> ring.together(1), Duration.ofSeconds(10)))
                .isTrue();

        assertThat(ring.member(1).config.causes())
                .anyMatch(cause -> cause instanceof ChangeCause.TokenLost lost
                        && lost.lastHeard().equals(id(2)));
    }

    @Test
    void manyNodesHaveRoomForTheFirstInOrder() {
        List<CauseFact> silent = IntStream.rangeClosed(1, 40)
                .mapToObj(node -> CauseKind.memberSilent(SELF, id(node), 1, false))
                .toList();
        silent.forEach(fact -> causes.note(fact, 0));
        causes.note(CauseKind.paused(SELF, 1), 0);

        assertThat(causes.told())
                .hasSize(CauseFact.FACTS_MAX)
                .startsWith(new ChangeCause.Paused(SELF, Duration.ofNanos(1)));
    }
}
