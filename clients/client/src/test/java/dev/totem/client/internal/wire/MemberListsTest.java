/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.client.internal.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.GroupMember;
import dev.totem.core.MemberId;
import dev.totem.core.NodeId;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MemberListsTest {

    private final Random random = new Random(3);

    private List<GroupMember> some(int most) {
        return IntStream.range(0, random.nextInt(most + 1))
                .mapToObj(i -> new GroupMember(
                        new MemberId(NodeId.of(1 + random.nextInt(3)), 1, random.nextInt(40)),
                        random.nextBoolean() ? Optional.empty() : Optional.of("n" + random.nextInt(3))))
                .toList();
    }

    @Test
    void aChangedListIsThatOfASortedSet() {
        for (int round = 0; round < 2_000; round++) {
            List<GroupMember> before = List.copyOf(new TreeSet<>(some(60)));
            List<GroupMember> joined = some(round % 3 == 0 ? 60 : 3);
            List<GroupMember> left = some(3);
            TreeSet<GroupMember> expected = new TreeSet<>(before);
            expected.addAll(joined);
            left.forEach(expected::remove);

            assertThat(MemberLists.changed(before, joined, left)).isEqualTo(List.copyOf(expected));
        }
    }
}
