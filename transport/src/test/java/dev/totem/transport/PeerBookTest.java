/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.NodeId;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("B4")
class PeerBookTest {

    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

    private final PeerBook book = bookOf(3);
    private long now;

    @Test
    void aPartnerGetsEveryFrameEvenIfItIsNeverHeard() {
        book.partners(List.of(NodeId.of(1)));

        for (int i = 0; i < 100_000; i++) {
            assertThat(flush(1_400)).contains(at(1));
        }
    }

    @Test
    void aSilentPeerIsTriedAtOnceThenLessAndLessButTwiceASecond() {
        int early = 0;
        int late = 0;
        for (int millis = 0; millis < 10_000; millis++) {
            boolean isTried = flush(100).contains(at(2));
            early += isTried && millis < 1_000 ? 1 : 0;
            late += isTried && millis >= 8_000 ? 1 : 0;
            now += MILLI;
        }

        assertThat(early).isBetween(4, 6);
        assertThat(late).isEqualTo(4);
    }

    @Test
    void aSilentPeerThatSpeaksGetsEveryFrameFromThatMoment() {
        for (int i = 0; i < 50; i++) {
            flush(100);
            now += MILLI;
        }

        book.heard(NodeId.of(2), now);

        for (int i = 0; i < 50; i++) {
            assertThat(flush(100)).contains(at(2));
        }
    }

    @Test
    void aPeerThatFallsSilentAndIsNoPartnerCostsLittle() {
        book.heard(NodeId.of(2), now);
        now += TimeUnit.SECONDS.toNanos(3);

        long frames = 0;
        for (int i = 0; i < 1_000; i++) {
            frames += flush(100).contains(at(2)) ? 1 : 0;
            now += MILLI;
        }

        assertThat(frames).isLessThan(8);
    }

    @Test
    void aSilentPeerGetsAllPartsOfAJoinAndNotAllOfAVisit() {
        int frames = 0;
        for (int i = 0; i < 300; i++) {
            frames += book.recipients(1_416, now).contains(at(3)) ? 1 : 0;
        }
        book.flushed();

        assertThat(frames).isBetween(4, 6);
    }

    @Test
    void manySilentPeersHaveTheirTurnsWithinTheBudget() {
        PeerBook many = bookOf(383);
        many.budget(new StrangerBudget(212_992, now), now);
        Set<InetSocketAddress> tried = new HashSet<>();
        long sent = 0;
        for (int millis = 0; millis < 15_000; millis += 50) {
            List<InetSocketAddress> to = many.recipients(500, now);
            many.flushed();
            tried.addAll(to);
            sent += to.size();
            now += 50 * MILLI;
        }

        assertThat(tried).hasSize(383);
        assertThat(sent * (500 + StrangerBudget.CHARGE_BYTES)).isLessThan(212_992L / 2 * 6 + 50_000);
    }

    @Test
    void threeDeadPeersNeverKeepTheSystemFromSendingToTheLiving() {
        PeerBook six = bookOf(6);
        six.budget(new StrangerBudget(ArpQueue.BUFFER_BYTES, now), now);
        six.partners(List.of(NodeId.of(1), NodeId.of(2), NodeId.of(3)));
        Set<InetSocketAddress> dead = Set.of(at(4), at(5), at(6));
        ArpQueue system = new ArpQueue(dead);
        ArpQueue ofOneThatSendsToAll = new ArpQueue(dead);
        List<InetSocketAddress> all = List.of(at(1), at(2), at(3), at(4), at(5), at(6));

        for (int visit = 0; visit < 20_000; visit++) {
            for (int frame = 0; frame < 10; frame++) {
                system.send(six.recipients(1_416, now), 1_416, now);
                ofOneThatSendsToAll.send(all, 1_416, now);
            }
            six.flushed();
            now += MILLI;
        }

        assertThat(system.refused()).isZero();
        assertThat(ofOneThatSendsToAll.refused())
                .as("the model tells them apart")
                .isGreaterThan(100_000);
    }

    @Test
    @Tag("D5")
    void whereAnotherNodeAnswersNothingIsSent() {
        book.isAnother(NodeId.of(2), now);

        assertThat(flush(100)).contains(at(1)).doesNotContain(at(2));
    }

    @Test
    @Tag("D3")
    void aPeerWithoutAnAddressIsLeftOutUntilItIsLocated() {
        PeerBook unknown = new PeerBook(List.of(NodeId.of(1)));
        unknown.budget(new StrangerBudget(212_992, now), now);
        List<InetSocketAddress> before = unknown.recipients(100, now);
        unknown.flushed();

        unknown.locate(NodeId.of(1), at(1));
        now += 5 * MILLI;

        assertThat(before).isEmpty();
        assertThat(unknown.recipients(100, now)).containsExactly(at(1));
        assertThat(unknown.ownerOf(at(1))).contains(NodeId.of(1));
    }

    @Test
    @Tag("D3")
    void theOldAddressOfAPeerThatMovedIsNobodys() {
        book.locate(NodeId.of(1), at(9));

        assertThat(book.ownerOf(at(1))).isEmpty();
        assertThat(book.ownerOf(at(9))).contains(NodeId.of(1));
        assertThat(flush(100)).contains(at(9)).doesNotContain(at(1));
    }

    private List<InetSocketAddress> flush(int frameBytes) {
        List<InetSocketAddress> to = book.recipients(frameBytes, now);
        book.flushed();
        return to;
    }

    private static PeerBook bookOf(int peers) {
        PeerBook made = new PeerBook(
                IntStream.rangeClosed(1, peers).mapToObj(NodeId::of).toList());
        made.budget(new StrangerBudget(212_992, 0), 0);
        IntStream.rangeClosed(1, peers).forEach(id -> made.locate(NodeId.of(id), at(id)));
        return made;
    }

    private static InetSocketAddress at(int id) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 10_000 + id);
    }
}
