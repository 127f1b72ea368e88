/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.ConfigChange;
import dev.totem.core.NodeId;
import dev.totem.core.internal.message.RegularMessage;
import dev.totem.core.internal.protocol.MachineRing.Hop;
import dev.totem.core.internal.protocol.MachineRing.Member;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/** What the tests of {@code PROTOCOL.md} 10 with several machines have in common. */
final class Pitfalls {

    static final Duration SECOND = Duration.ofSeconds(1);

    private Pitfalls() {}

    static MachineRing together(int... ids) {
        MachineRing ring = MachineRing.of(ids);
        assertThat(ring.runUntil(() -> ring.together(boxed(ids)), SECOND)).isTrue();
        return ring;
    }

    static Integer[] boxed(int... ids) {
        return IntStream.of(ids).boxed().toArray(Integer[]::new);
    }

    static void meetAgain(MachineRing ring, int... ids) {
        assertThat(ring.runUntil(() -> ring.together(boxed(ids)), Duration.ofSeconds(10)))
                .as("%s meet again", List.of(boxed(ids)))
                .isTrue();
    }

    static void sendMany(MachineRing ring, int count) {
        List<Member> members = List.copyOf(ring.members.values());
        for (int i = 0; i < count; i++) {
            members.get(i % members.size()).send("m" + i);
        }
    }

    static boolean allHave(MachineRing ring, int count) {
        return ring.members.values().stream().allMatch(member -> member.texts().size() == count);
    }

    static boolean isOrdinary(Hop hop) {
        return hop.message() instanceof RegularMessage;
    }

    static boolean isTo(Hop hop, int id) {
        return hop.to().equals(NodeId.of(id));
    }

    static boolean isFrom(Hop hop, int id) {
        return hop.from().equals(NodeId.of(id));
    }

    static ConfigChange last(Member member, ConfigChange.Kind kind) {
        return member.changes().stream()
                .filter(change -> change.kind() == kind)
                .reduce((a, b) -> b)
                .orElseThrow();
    }
}
