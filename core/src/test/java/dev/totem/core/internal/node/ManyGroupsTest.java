/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.totem.core.ConfigurationException;
import dev.totem.core.Delivery;
import dev.totem.core.EvsEvent;
import dev.totem.core.EvsHandle;
import dev.totem.core.GroupChange;
import dev.totem.core.GroupName;
import dev.totem.core.Guarantee;
import dev.totem.core.Message;
import dev.totem.core.NodeClosedException;
import dev.totem.core.NotJoinedException;
import dev.totem.core.Position;
import dev.totem.core.SendFailedException;
import dev.totem.core.Settings;
import dev.totem.core.internal.settings.NodeSettings;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Thousands of groups: joined and left in slices, within limits that have a name. */
class ManyGroupsTest {

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final int SLICE = 512;

    private final StepWorld world = new StepWorld();
    private final StepMember node = StepMember.ring(
                    world, 1, NodeSettings.defaults().with(Settings.TOKEN, Duration.ofMillis(200)))
            .get(0);
    private final EvsHandle handle = node.node.openHandle(world.users);

    private static String[] names(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> "group " + i).toArray(String[]::new);
    }

    private Log<Void> join(int from, int to) {
        return new Log<Void>()
                .follow(handle.join("group " + from, names(from + 1, to)).then());
    }

    private Log<Void> leave(int from, int to) {
        return new Log<Void>()
                .follow(handle.leave("group " + from, names(from + 1, to)).then());
    }

    private void await(Log<?> log) {
        assertThat(world.runUntil(log::hasEnded, SOON)).isTrue();
    }

    /** The most groups by which the handle's set changed from one thing that happened to the next. */
    private int largestStep(Log<?> change) {
        int[] before = {handle.groups().size()};
        int[] largest = {0};
        assertThat(world.runUntil(
                        () -> {
                            int now = handle.groups().size();
                            largest[0] = Math.max(largest[0], Math.abs(now - before[0]));
                            before[0] = now;
                            return change.hasEnded();
                        },
                        SOON))
                .isTrue();
        return largest[0];
    }

    @Test
    void joinsAndLeavesThousandsOfGroupsInSlices() {
        int changes = node.changes().size();
        Log<Void> joined = join(0, 8_000);
        assertThat(largestStep(joined)).isBetween(1, SLICE);
        assertThat(joined.isComplete).isTrue();
        assertThat(handle.groups()).hasSize(8_000);

        Log<Void> left = leave(0, 7_999);
        assertThat(largestStep(left)).isBetween(1, SLICE);
        assertThat(left.isComplete).isTrue();
        assertThat(handle.groups()).containsExactly(GroupName.of("group 7999"));
        assertThat(node.changes()).hasSize(changes);
    }

    /** All changes of one notice have its position. */
    @Test
    void aJoinIsOneNoticeWhateverTheNumberOfGroups() {
        Log<EvsEvent> seen = new Log<EvsEvent>().follow(handle.events());
        await(join(0, 1));
        await(join(1, 4_097));
        await(join(4_097, 8_194));
        world.run(StepMember.REST);

        List<Position> positions = seen.values.stream()
                .filter(GroupChange.class::isInstance)
                .map(change -> ((GroupChange) change).position())
                .toList();

        assertThat(positions).hasSize(8_194);
        assertThat(positions.stream().distinct())
                .as("of 1, 4,096 and 4,097 groups")
                .containsExactly(positions.get(0), positions.get(1), positions.get(4_097), positions.get(8_193));
    }

    @Test
    void changesOfAHandleAreMadeOneAfterAnother() {
        Log<Void> joined = join(0, 3_000);
        Log<Void> left = leave(1_000, 2_000);
        Log<Void> again = join(1_500, 1_501);
        await(again);

        assertThat(List.of(joined, left)).allMatch(log -> log.isComplete);
        assertThat(handle.groups()).hasSize(2_001);
    }

    @Test
    void leavesNoneIfOneOfManyIsNotJoined() {
        await(join(0, 3_000));

        Log<Void> left = leave(1, 3_001);
        await(left);

        assertThat(left.error).isInstanceOf(NotJoinedException.class).hasMessageContaining("group 3000");
        assertThat(handle.groups()).hasSize(3_000);
    }

    @Test
    void joinsNoneAboveTheLimitOfAHandleAndSaysSo() {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> handle.join("group", names(0, EvsHandle.GROUPS_MAX)))
                .withMessageContaining("65537")
                .withMessageContaining("65536");
        await(join(0, 60_000));

        Log<Void> more = join(60_000, 66_000);
        await(more);
        Log<Void> known = join(0, 60_000);
        await(known);

        assertThat(more.error).isInstanceOf(ConfigurationException.class).hasMessageContaining("at most 65536");
        assertThat(known.isComplete).isTrue();
        assertThat(handle.groups()).hasSize(60_000);
    }

    @Test
    void aSendToAllJoinedGroupsIsRefusedWhereTheyAreMoreThanAMessageNames() {
        await(join(0, Message.GROUPS_MAX));
        Log<Position> fits = new Log<Position>().follow(handle.send(new byte[1]));
        await(fits);
        await(join(Message.GROUPS_MAX, Message.GROUPS_MAX + 1));
        Log<Position> refused = new Log<Position>().follow(handle.send(new byte[1]));
        await(refused);

        assertThat(fits.isComplete).isTrue();
        assertThat(refused.error)
                .isInstanceOf(SendFailedException.class)
                .hasMessageContaining("4097")
                .hasMessageContaining("name those it is for");
    }

    @Test
    void aMessageToManyGroupsReachesWhoJoinedTheLastOfThem() {
        Log<Delivery> seen = new Log<Delivery>().follow(handle.deliveries());
        await(join(4_095, 4_096));
        List<GroupName> groups = IntStream.range(0, Message.GROUPS_MAX)
                .mapToObj(i -> GroupName.of("group " + i))
                .toList();

        new Log<Position>().follow(handle.send(new Message(groups, Guarantee.AGREED, new byte[3])));

        assertThat(world.runUntil(() -> !seen.values.isEmpty(), SOON)).isTrue();
        assertThat(seen.values.get(0).groups()).isEqualTo(groups);
    }

    @Test
    void aHandleThatClosesEndsTheJoinUnderWayAndItsGroupsAreForgottenInSlices() {
        await(join(0, 8_000));
        Log<Void> open = join(8_000, 20_000);
        Log<Void> closed = new Log<Void>().follow(handle.close());
        await(open);
        assertThat(largestStep(closed)).isLessThanOrEqualTo(SLICE);
        assertThat(open.error).isInstanceOf(NodeClosedException.class);

        assertThat(world.runUntil(() -> handle.groups().isEmpty(), SOON)).isTrue();
    }
}
