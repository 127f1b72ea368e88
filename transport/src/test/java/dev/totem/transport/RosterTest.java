/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.NodeId;
import dev.totem.core.PeerPlace;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RosterTest {

    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

    private final Roster roster = new Roster();
    private long now;

    @BeforeEach
    void mayTryStrangers() {
        roster.budget(new StrangerBudget(1 << 22, now), now);
    }

    @Test
    void tellsWhoIsAtACandidateOnlyByWhatIsHeardFromThere() {
        roster.candidates(Set.of(at(1)), now);

        assertThat(roster.addressOf(NodeId.of(1))).isEmpty();
        roster.learn(NodeId.of(1), at(1), now);
        assertThat(roster.addressOf(NodeId.of(1))).containsExactly(at(1));
    }

    @Test
    void triesCandidatesAndThoseItWasToldOf() {
        roster.candidates(Set.of(at(1)), now);
        roster.told(at(2), now);

        assertThat(flush()).containsExactlyInAnyOrder(at(1), at(2));
    }

    @Test
    void knowsOfEachPlaceWhyAndSinceWhenItIsSilent() {
        roster.candidates(Set.of(at(1), at(2)), now);
        roster.told(at(3), now);
        roster.learn(NodeId.of(2), at(2), now);
        roster.learn(NodeId.of(4), at(4), now);
        now += 5 * MILLI;

        assertThat(roster.places(now))
                .containsExactlyInAnyOrder(
                        place(Optional.empty(), 1, PeerPlace.Source.FOUND, Optional.empty()),
                        place(Optional.of(NodeId.of(2)), 2, PeerPlace.Source.FOUND, Optional.of(Duration.ofMillis(5))),
                        place(Optional.empty(), 3, PeerPlace.Source.TOLD, Optional.empty()),
                        place(Optional.of(NodeId.of(4)), 4, PeerPlace.Source.HEARD, Optional.of(Duration.ofMillis(5))));
    }

    private static PeerPlace place(Optional<NodeId> node, int at, PeerPlace.Source source, Optional<Duration> silence) {
        return new PeerPlace(node, 1, Optional.of(at(at)), source, silence, Optional.empty());
    }

    @Test
    void neverTriesItself() {
        roster.own(Set.of(at(1)));
        roster.candidates(Set.of(at(1), at(2)), now);
        roster.told(at(1), now);

        assertThat(flush()).containsExactly(at(2));
    }

    @Test
    void anEmptySetRemovesNoMember() {
        roster.candidates(Set.of(at(1), at(2)), now);
        roster.learn(NodeId.of(1), at(1), now);
        roster.partners(List.of(NodeId.of(1)));

        roster.candidates(Set.of(), now);
        now += TimeUnit.HOURS.toNanos(2);

        assertThat(flush()).containsExactly(at(1));
    }

    @Test
    void aNodeThatSpeaksFromElsewhereIsThereAtOnce() {
        roster.learn(NodeId.of(1), at(1), now);
        roster.partners(List.of(NodeId.of(1)));

        assertThat(roster.learn(NodeId.of(1), at(5), now)).isTrue();

        assertThat(roster.addressOf(NodeId.of(1))).containsExactly(at(5));
        now += TimeUnit.SECONDS.toNanos(3);
        assertThat(flush()).contains(at(5));
    }

    @Test
    void anotherNodeWhereOneWasTakesItsPlace() {
        roster.learn(NodeId.of(1), at(1), now);

        roster.learn(NodeId.of(2), at(1), now);

        assertThat(roster.addressOf(NodeId.of(1))).isEmpty();
        assertThat(roster.addressOf(NodeId.of(2))).containsExactly(at(1));
    }

    @Test
    void aMemberThatFellSilentIsTriedForAnHourAndOneThatWasOnlyToldOfForAMinute() {
        roster.learn(NodeId.of(1), at(1), now);
        roster.told(at(2), now);

        now += TimeUnit.SECONDS.toNanos(61);
        assertThat(flush()).containsExactly(at(1));
        now += TimeUnit.HOURS.toNanos(1);
        assertThat(flush()).isEmpty();
        assertThat(roster.size()).isZero();
    }

    @Test
    void inventedNodesPushOutNoMemberAndNoCandidate() {
        roster.candidates(Set.of(at(2)), now);
        roster.learn(NodeId.of(1), at(1), now);
        roster.partners(List.of(NodeId.of(1)));

        for (int i = 0; i < 10 * Roster.OTHERS_MAX; i++) {
            roster.learn(NodeId.of(1_000 + i), at(100 + i), now);
        }

        assertThat(roster.addressOf(NodeId.of(1))).containsExactly(at(1));
        assertThat(flush()).contains(at(1), at(2));
        assertThat(roster.size()).isEqualTo(Roster.OTHERS_MAX + 2);
    }

    @Test
    void tellsOfMembersAndOfThoseHeardOfLate() {
        roster.candidates(Set.of(at(9)), now);
        roster.learn(NodeId.of(1), at(1), now);
        roster.partners(List.of(NodeId.of(1)));
        now += TimeUnit.SECONDS.toNanos(3);
        roster.learn(NodeId.of(2), at(2), now);

        assertThat(roster.worthTelling(now)).containsExactlyInAnyOrder(at(1), at(2));
    }

    private List<InetSocketAddress> flush() {
        now += 10 * MILLI;
        List<InetSocketAddress> to = roster.recipients(100, now + TimeUnit.MILLISECONDS.toNanos(500));
        roster.flushed();
        return to;
    }

    private static InetSocketAddress at(int id) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 10_000 + id);
    }
}
