/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.blocks.Member;
import dev.totem.core.Delivery;
import dev.totem.core.GroupName;
import dev.totem.core.Guarantee;
import dev.totem.core.NodeId;
import dev.totem.core.Position;
import dev.totem.core.RingId;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CatchUpTest {

    private static final RingId RING = new RingId(NodeId.of(1), 8);
    private static final NodeId DONOR = NodeId.of(1);
    private static final Member BEHIND = new Member(NodeId.of(3), 33);

    private final CatchUp catchUp = new CatchUp(600, (from, core) -> {
        throw new AssertionError("no state comes as a whole here");
    });

    @Test
    void whatWaitsGoesOnBehindTheCut() {
        assertThat(await(10)).isTrue();
        assertThat(await(11)).isTrue();
        assertThat(await(12)).isTrue();
        assertThat(transfer(11)).contains(List.of(12L));
    }

    @Test
    void aTransferThatWasCutBeforeWhatWasForgottenIsNone() {
        for (long seq = 10; await(seq); seq++) {}
        assertThat(await(20)).isTrue();
        assertThat(transfer(10)).isEmpty();
        assertThat(transfer(20)).contains(List.of());
    }

    @Test
    void aTransferThatWasCutBeforeAnotherIsNone() {
        await(10);
        await(11);
        begin(11);
        await(12);
        assertThat(transfer(10)).isEmpty();
        assertThat(transfer(12)).contains(List.of());
    }

    @Test
    void whatLiesBeforeTheCutTakesNoRoom() {
        for (long seq = 10; seq < 60; seq += 2) {
            assertThat(await(seq)).isTrue();
            assertThat(await(seq + 1)).isTrue();
            begin(seq + 1);
        }
    }

    private boolean await(long seq) {
        byte[] frame = FrameCodec.encode(new Frame.Command(1, seq, 0, new byte[10]));
        return catchUp.await(new CatchUp.Waiting(
                new Delivery(DONOR, List.of(GroupName.of("state")), Guarantee.SAFE, at(seq), frame),
                FrameCodec.decode(frame)));
    }

    private void begin(long cut) {
        take(cut, 0, new Frame.Head(List.of(), Optional.empty(), LogPoint.NOTHING));
    }

    /** What waited behind it, if the transfer is one. */
    private Optional<List<Long>> transfer(long cut) {
        begin(cut);
        return take(cut, 1, new Frame.End(LogPoint.NOTHING))
                .map(result -> result.waiting().stream()
                        .map(one -> one.delivery().position().seq())
                        .toList());
    }

    private Optional<CatchUp.Result> take(long cut, int number, Frame.Body body) {
        return catchUp.take(DONOR, new Frame.Part(RING, BEHIND.instance(), at(cut), number, body));
    }

    private static Position at(long seq) {
        return new Position(RING, seq, 0);
    }
}
