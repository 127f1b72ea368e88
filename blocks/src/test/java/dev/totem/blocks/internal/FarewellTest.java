/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.blocks.Codec;
import dev.totem.blocks.Context;
import dev.totem.blocks.Member;
import dev.totem.blocks.MergePolicy;
import dev.totem.blocks.StateMachine;
import dev.totem.core.NodeId;
import dev.totem.core.Position;
import dev.totem.core.RingId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

/** A member closes after it has said what it knows, and before it is said what the configuration goes on with. */
class FarewellTest {

    private static final RingId RING = new RingId(NodeId.of(1), 8);
    private static final Member STAYS = new Member(NodeId.of(2), 22);
    private static final Member LEAVES = new Member(NodeId.of(1), 11);
    private static final Frame.Adopt BOTH = new Frame.Adopt(
            RING,
            true,
            LogPoint.beginning(RING),
            List.of(LEAVES, STAYS),
            List.of(LEAVES.node(), STAYS.node()),
            List.of());

    @Test
    void itDecidesNothingAndHandsOverNothing() {
        Round round = new Round(RING, BOTH.nodes(), Set.of(LEAVES, STAYS));
        round.exchanged(exchange(LEAVES));
        round.exchanged(exchange(STAYS));
        round.left(LEAVES);
        round.adopted(BOTH.inState());
        round.exchanged(exchange(LEAVES));
        round.entered(LEAVES);
        assertThat(round.inState()).containsExactly(STAYS);
        assertThat(round.isDonor(STAYS)).isTrue();
        assertThat(round.behind()).isEmpty();
    }

    @Test
    void itIsNoMemberOfTheState() {
        Members members = new Members();
        Applied applied =
                new Applied(new Machine<>(() -> members, Codec.utf8(), MergePolicy.primaryWins()), 1_000, BOTH.total());
        applied.apply(entry(5, new Frame.Leave(LEAVES)));
        applied.apply(entry(6, BOTH));
        assertThat(members.now).containsExactly(STAYS);
        assertThat(applied.isPresent(LEAVES)).isFalse();
    }

    private static Frame.Exchange exchange(Member member) {
        return new Frame.Exchange(
                RING, member, Optional.empty(), LogPoint.NOTHING, LogPoint.NOTHING, false, false, List.of());
    }

    private static Entry entry(long seq, Frame frame) {
        return new Entry(new Position(RING, seq, 0), STAYS.node(), FrameCodec.encode(frame));
    }

    /** Knows who takes part. */
    private static final class Members implements StateMachine<String, String> {

        private final List<Member> now = new ArrayList<>();

        @Override
        public String apply(Context at, String command) {
            return command;
        }

        @Override
        public void joined(Context at, Member member) {
            now.add(member);
        }

        @Override
        public void ended(Context at, Member member) {
            now.remove(member);
        }

        @Override
        public Flux<byte[]> snapshot() {
            return Flux.fromIterable(now).map(member -> member.toString().getBytes(UTF_8));
        }

        @Override
        public void restore(byte[] chunk) {
            throw new UnsupportedOperationException("not in this test");
        }
    }
}
