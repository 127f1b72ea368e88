/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.group;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.GroupMember;
import dev.totem.core.GroupName;
import dev.totem.core.Guarantee;
import dev.totem.core.MemberId;
import dev.totem.core.NodeId;
import dev.totem.core.RingId;
import dev.totem.core.internal.message.Origin;
import dev.totem.core.internal.packing.MessageBytes;
import dev.totem.core.internal.packing.OutgoingMessage;
import dev.totem.core.internal.packing.Packer;
import dev.totem.core.internal.packing.Unpacker;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GroupNoticeTest {

    private static final Origin ORIGIN = new Origin(NodeId.of(3), 77);
    private static final RingId RING = new RingId(NodeId.of(1), 1L << 45);
    private static final List<GroupName> GROUPS = List.of(GroupName.of("a"), GroupName.of("\u00e4\u00f6"));

    static Stream<GroupNotice> kinds() {
        return Stream.of(
                new GroupNotice.Join(7, Optional.of("lock"), GROUPS),
                new GroupNotice.Join(Integer.MAX_VALUE, Optional.empty(), GROUPS),
                new GroupNotice.Leave(1, GROUPS),
                new GroupNotice.Close(300),
                new GroupNotice.CloseAll(),
                new GroupNotice.Roll(
                        RING,
                        true,
                        GroupRoll.of(List.of(listed(2, "named", "a"), listed(200, "", "a", "b")))
                                .get(0)));
    }

    private static GroupViews.Listed listed(int handle, String name, String... groups) {
        return new GroupViews.Listed(
                new GroupMember(
                        new MemberId(ORIGIN.node(), ORIGIN.incarnation(), handle),
                        Optional.of(name).filter(given -> !given.isEmpty())),
                new TreeSet<>(Stream.of(groups).map(GroupName::of).toList()));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void readsWhatItWrote(GroupNotice notice) {
        MessageBytes message = message(notice.encode());

        assertThat(GroupNotice.isNext(message)).isTrue();
        assertThat(GroupNotice.decode(message)).contains(notice);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void refusesWhatIsCutOrTooLong(GroupNotice notice) {
        byte[] whole = notice.encode();

        for (int bytes = 2; bytes < whole.length; bytes++) {
            assertThat(GroupNotice.decode(message(Arrays.copyOf(whole, bytes)))).isEmpty();
        }
        assertThat(GroupNotice.decode(message(Arrays.copyOf(whole, whole.length + 1))))
                .isEmpty();
    }

    /** What a member sends must not stop those who hear it. */
    @ParameterizedTest
    @MethodSource("kinds")
    void neverThrowsWhicheverByteIsAnother(GroupNotice notice) {
        byte[] whole = notice.encode();

        for (int at = 2; at < whole.length; at++) {
            for (int value = 0; value < 256; value++) {
                byte[] changed = whole.clone();
                changed[at] = (byte) value;
                GroupNotice.decode(message(changed));
            }
        }
    }

    @Test
    void refusesAGroupWithoutANameAndOneWhoseNameIsTooLong() {
        assertThat(GroupNotice.decode(message(new byte[] {(byte) 0xFE, 2, 0, 0, 0, 1, 0, 1, 0})))
                .isEmpty();
        byte[] tooLong = new GroupNotice.Leave(1, List.of(GroupName.of("g".repeat(GroupName.BYTES_MAX)))).encode();
        tooLong[8]++;
        assertThat(GroupNotice.decode(message(Arrays.copyOf(tooLong, tooLong.length + 1))))
                .isEmpty();
    }

    @Test
    void leavesEnvelopesAndNoticesOfKeysAlone() {
        assertThat(GroupNotice.isNext(message(new byte[] {0, 1, 1, 'a'}))).isFalse();
        assertThat(GroupNotice.isNext(message(new byte[] {-1, 1, 1}))).isFalse();
    }

    @Test
    void refusesAKindOfALaterVersion() {
        assertThat(GroupNotice.decode(message(new byte[] {(byte) 0xFE, 99, 0}))).isEmpty();
    }

    /** More handles of one group than a part holds, more groups, and names. */
    @Test
    void saysALongListInPartsThatTogetherAreTheList() {
        List<GroupViews.Listed> all = new ArrayList<>();
        IntStream.rangeClosed(1, 40_000)
                .forEach(handle -> all.add(listed(handle, handle % 2 == 0 ? "n" + handle : "", "all")));
        all.add(listed(
                50_000, "", IntStream.range(0, 5_000).mapToObj(i -> "g" + i).toArray(String[]::new)));

        List<GroupRoll> parts = GroupRoll.of(all);

        assertThat(parts).hasSizeGreaterThan(3);
        List<GroupRoll> read = new ArrayList<>();
        parts.forEach(part -> GroupNotice.decode(message(new GroupNotice.Roll(RING, false, part).encode()))
                .ifPresent(notice -> read.add(((GroupNotice.Roll) notice).roll())));
        assertThat(GroupRoll.together(ORIGIN, read)).containsExactlyElementsOf(all);
    }

    private static MessageBytes message(byte[] bytes) {
        Packer<String> packer = new Packer<>(65_000);
        packer.add(new OutgoingMessage<>(Guarantee.AGREED, bytes, new byte[0], ""));
        List<MessageBytes> messages = new ArrayList<>();
        Unpacker unpacker = new Unpacker(1 << 24);
        while (packer.backlog() > 0) {
            packer.next()
                    .ifPresent(packet ->
                            unpacker.unpack(ORIGIN, packet.bytes(), (index, number, message) -> messages.add(message)));
        }
        return messages.get(0);
    }
}
