/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.group;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.GroupMember;
import dev.totem.core.GroupName;
import dev.totem.core.MemberId;
import dev.totem.core.NodeId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class GroupViewsTest {

    private static final GroupName A = GroupName.of("a");
    private static final GroupName B = GroupName.of("b");
    private static final GroupMember ONE = member(1, 1);
    private static final GroupMember OTHER = member(1, 2);
    private static final GroupMember TWO = member(2, 1);

    private final GroupViews views = new GroupViews();

    private static GroupMember member(int node, int handle) {
        return new GroupMember(new MemberId(NodeId.of(node), 5, handle), Optional.empty());
    }

    private static Map<GroupName, List<List<GroupMember>>> said(ViewChanges changes) {
        Map<GroupName, List<List<GroupMember>>> all = new TreeMap<>();
        changes.forEach((group, difference) ->
                all.put(group, List.of(List.copyOf(difference.joined()), List.copyOf(difference.left()))));
        return all;
    }

    private ViewChanges join(GroupMember member, GroupName group) {
        ViewChanges changes = new ViewChanges();
        views.join(member, group, changes);
        return changes;
    }

    @Test
    void aJoinIsSaidOnce() {
        assertThat(said(join(ONE, A))).isEqualTo(Map.of(A, List.of(List.of(ONE), List.of())));
        assertThat(said(join(ONE, A))).isEmpty();
        assertThat(views.members(A)).containsExactly(ONE);
    }

    @Test
    void membersAreAscending() {
        join(TWO, A);
        join(OTHER, A);
        join(ONE, A);

        assertThat(views.members(A)).containsExactly(ONE, OTHER, TWO);
    }

    @Test
    void whoClosesIsInNoGroup() {
        join(ONE, A);
        join(ONE, B);
        join(TWO, B);
        ViewChanges changes = new ViewChanges();

        views.close(ONE.id(), changes);

        assertThat(said(changes))
                .isEqualTo(Map.of(A, List.of(List.of(), List.of(ONE)), B, List.of(List.of(), List.of(ONE))));
        assertThat(views.members(A)).isEmpty();
        assertThat(views.members(B)).containsExactly(TWO);
        assertThat(views.size()).isEqualTo(1);
    }

    @Test
    void aCutLeavesTheMembersOfTheProcessorsThatStay() {
        join(ONE, A);
        join(TWO, A);
        ViewChanges changes = new ViewChanges();

        views.cut(Set.of(NodeId.of(2)), changes);

        assertThat(said(changes)).isEqualTo(Map.of(A, List.of(List.of(), List.of(ONE))));
        assertThat(views.part(NodeId.of(1))).isEmpty();
    }

    @Test
    void aListReplacesWhatWasKnownOfItsProcessorAndSaysTheDifferenceOnly() {
        join(ONE, A);
        join(ONE, B);
        join(TWO, B);
        ViewChanges changes = new ViewChanges();

        views.replace(
                NodeId.of(1),
                List.of(
                        new GroupViews.Listed(ONE, new TreeSet<>(Set.of(A))),
                        new GroupViews.Listed(OTHER, new TreeSet<>(Set.of(B)))),
                changes);

        assertThat(said(changes)).isEqualTo(Map.of(B, List.of(List.of(OTHER), List.of(ONE))));
        assertThat(views.members(A)).containsExactly(ONE);
        assertThat(views.members(B)).containsExactly(OTHER, TWO);
    }

    @Test
    void leavingWhatWasNotJoinedChangesNothing() {
        join(ONE, A);
        ViewChanges changes = new ViewChanges();

        views.leave(ONE.id(), B, changes);
        views.leave(TWO.id(), A, changes);

        assertThat(said(changes)).isEmpty();
    }
}
