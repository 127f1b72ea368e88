/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.EvsEvent;
import dev.totem.core.EvsHandle;
import dev.totem.core.GroupChange;
import dev.totem.core.GroupChange.Reason;
import dev.totem.core.GroupMember;
import dev.totem.core.Message;
import dev.totem.core.NodeId;
import dev.totem.core.Position;
import dev.totem.core.Settings;
import dev.totem.core.internal.settings.NodeSettings;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Who is in a group is part of the order. */
class GroupOrderTest {

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final NodeSettings CONFIG = NodeSettings.defaults().with(Settings.TOKEN, Duration.ofMillis(200));

    private final StepWorld world = new StepWorld();
    private final List<StepMember> ring = StepMember.ring(world, 3, CONFIG);
    private final EvsHandle late = ring.get(2).node.openHandle(world.users, "late");
    private final Log<EvsEvent> seen = new Log<EvsEvent>().follow(late.events());

    private void await(BooleanSupplier holds) {
        assertThat(world.runUntil(holds, SOON)).isTrue();
    }

    private Position join() {
        Log<Position> joined = new Log<Position>().follow(late.join("g"));
        await(joined::hasEnded);
        return joined.values.get(0);
    }

    private static List<GroupChange> changes(StepMember member) {
        return changes(member.log);
    }

    private static List<GroupChange> changes(Log<EvsEvent> log) {
        return log.values.stream()
                .filter(GroupChange.class::isInstance)
                .map(GroupChange.class::cast)
                .toList();
    }

    private static GroupChange last(StepMember member) {
        List<GroupChange> all = changes(member);
        return all.get(all.size() - 1);
    }

    private static List<NodeId> nodes(GroupChange change) {
        return change.members().stream().map(member -> member.id().node()).toList();
    }

    @Test
    void aJoinIsAtOnePositionForAllAndTheFirstChangeHasTheHandleInIt() {
        Position position = join();
        await(() -> ring.stream().allMatch(member -> last(member).position().equals(position)));

        GroupChange first = changes(seen).get(0);
        assertThat(first.joined()).extracting(GroupMember::id).containsExactly(late.id());
        assertThat(first.members())
                .hasSize(4)
                .anyMatch(member -> member.toString().contains("late"));
        assertThat(ring).allSatisfy(member -> assertThat(last(member)).isEqualTo(first));
        assertThat(late.members("g")).isEqualTo(first.members());
    }

    @Test
    void aHandleSeesWhatIsBetweenItsJoinAndItsLeave() {
        Log<Position> before = new Log<Position>().follow(ring.get(0).handle.send(new byte[1]));
        await(before::hasEnded);
        join();
        Log<Position> between = new Log<Position>().follow(ring.get(0).handle.send(new byte[2]));
        await(between::hasEnded);
        Log<Position> left = new Log<Position>().follow(late.leave("g"));
        await(left::hasEnded);
        Log<Position> after = new Log<Position>().follow(ring.get(0).handle.send(new byte[3]));
        await(after::hasEnded);
        world.run(Duration.ofMillis(50));

        assertThat(seen.values).hasSize(4);
        assertThat(((GroupChange) seen.values.get(1)).position()).isGreaterThan(before.values.get(0));
        assertThat(seen.values.get(2)).hasFieldOrPropertyWithValue("position", between.values.get(0));
        GroupChange end = (GroupChange) seen.values.get(3);
        assertThat(end.reason()).isEqualTo(Reason.LEFT);
        assertThat(end.left()).extracting(GroupMember::id).containsExactly(late.id());
        assertThat(end.position()).isEqualTo(left.values.get(0));
        assertThat(late.members("g")).isEmpty();
    }

    @Test
    void aJoinIsOrderedBehindWhatTheHandleHasSent() {
        Log<Position> sent =
                new Log<Position>().follow(late.send(Message.to("x").payload(new byte[5_000])));
        Log<Position> joined = new Log<Position>().follow(late.join("g"));
        Log<Position> next = new Log<Position>().follow(late.send(Message.to("x")));
        await(next::hasEnded);

        assertThat(sent.values.get(0)).isLessThan(joined.values.get(0));
        assertThat(joined.values.get(0)).isLessThan(next.values.get(0));
    }

    @Test
    void aHandleThatClosesLeavesAtAPosition() {
        join();
        Log<Void> closed = new Log<Void>().follow(late.close());
        await(closed::hasEnded);
        await(() -> ring.stream().allMatch(member -> last(member).reason() == Reason.CLOSED));

        assertThat(ring).allSatisfy(member -> assertThat(nodes(last(member))).containsExactly(ids(1, 2, 3)));
        assertThat(ring.stream().map(member -> last(member).position()).distinct())
                .hasSize(1);
        assertThat(seen.isComplete).isTrue();
    }

    @Test
    void aNodeThatLeavesInOrderLeavesItsGroupsFirst() {
        ring.get(0).node.leave().subscribe();
        await(() -> last(ring.get(1)).reason() == Reason.CLOSED);

        assertThat(nodes(last(ring.get(1)))).containsExactly(ids(2, 3));
        assertThat(ring.get(1).node.membership().members()).contains(NodeId.of(1));
    }

    @Test
    @Tag("P66")
    void aPartitionCutsTheViewsAndAMergeJoinsThem() {
        ring.get(0).place.link.side = 1;
        await(() -> last(ring.get(0)).members().size() == 1
                && last(ring.get(1)).members().size() == 2);
        assertThat(last(ring.get(1)).reason()).isEqualTo(Reason.NODE_GONE);
        assertThat(nodes(last(ring.get(0)))).containsExactly(ids(1));
        assertThat(nodes(last(ring.get(1)))).containsExactly(ids(2, 3));

        join();
        ring.get(0).place.link.side = 0;
        await(() -> ring.stream().allMatch(member -> last(member).members().size() == 4)
                && late.members("g").size() == 4);

        assertThat(ring).allSatisfy(member -> {
            assertThat(last(member).reason()).isEqualTo(Reason.MERGED);
            assertThat(last(member).members()).isEqualTo(late.members("g"));
            assertThat(last(member).position().seq()).isZero();
        });
    }

    @Test
    void whoWatchesIsToldAndIsNotAMember() {
        new Log<Void>().follow(late.watch("g"));
        await(() -> changes(seen).size() == 1);
        assertThat(nodes(changes(seen).get(0))).containsExactly(ids(1, 2, 3));

        Log<Position> left = new Log<Position>().follow(ring.get(1).handle.leave("g"));
        await(() -> left.hasEnded() && changes(seen).size() == 2);
        assertThat(nodes(changes(seen).get(1))).containsExactly(ids(1, 3));
        assertThat(late.groups()).isEmpty();

        new Log<Void>().follow(late.unwatch("g"));
        Log<Position> back = new Log<Position>().follow(ring.get(1).handle.join("g"));
        await(back::hasEnded);
        world.run(Duration.ofMillis(50));
        assertThat(changes(seen)).hasSize(2);
        assertThat(late.members("g")).isEmpty();
    }

    @Test
    void whoSubscribesLaterIsToldOfTheGroupsAsTheyAre() {
        join();
        Log<EvsEvent> later = new Log<EvsEvent>().follow(late.events());
        await(() -> later.values.size() == 2);

        GroupChange current = changes(later).get(0);
        assertThat(current.members()).hasSize(4);
        assertThat(current.joined()).isEmpty();
    }

    private static NodeId[] ids(int... ids) {
        return IntStream.of(ids).mapToObj(NodeId::of).toArray(NodeId[]::new);
    }
}
