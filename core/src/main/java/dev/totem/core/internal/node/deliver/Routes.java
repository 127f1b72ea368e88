/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node.deliver;

import dev.totem.core.GroupName;
import dev.totem.core.internal.group.GroupRouter;
import dev.totem.core.internal.node.crossing.EventSubscription;
import dev.totem.core.internal.node.send.HandleState;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which subscriptions of this node get what. Node loop only. */
public final class Routes {

    private final GroupRouter<HandleState> joined = new GroupRouter<>();
    private final GroupRouter<HandleState> watching = new GroupRouter<>();
    private final Set<HandleState> muted = new LinkedHashSet<>();
    private @Nullable List<GroupName> routedGroups;
    private List<EventSubscription> routed = List.of();

    void join(HandleState handle, GroupName group) {
        joined.join(handle, group);
        changed();
    }

    void leave(HandleState handle, GroupName group) {
        joined.leave(handle, group);
        changed();
    }

    void watch(HandleState handle, GroupName group) {
        watching.join(handle, group);
    }

    void unwatch(HandleState handle, GroupName group) {
        watching.leave(handle, group);
    }

    /** A handle joined or left a group, or a subscription came or went. */
    void changed() {
        routedGroups = null;
        routed = List.of();
    }

    /** Who gets the messages to these groups; a run of messages to the same list looks it up once. */
    List<EventSubscription> of(List<GroupName> groups) {
        if (groups != routedGroups) {
            routed = groups.isEmpty() ? List.of() : subscriptions(heard(joined.targets(groups)));
            routedGroups = groups;
        }
        return routed;
    }

    /** Who gets what is for these handles. */
    List<EventSubscription> ofHandles(Collection<HandleState> handles) {
        return subscriptions(heard(handles));
    }

    /** Who is told of the changes of a group. */
    Set<HandleState> concerned(GroupName group) {
        Set<HandleState> concerned = new LinkedHashSet<>(joined.targets(List.of(group)));
        concerned.addAll(watching.targets(List.of(group)));
        concerned.removeAll(muted);
        return concerned;
    }

    /** A handle is given nothing more; its groups are still to be forgotten. */
    void mute(HandleState handle) {
        muted.add(handle);
        changed();
    }

    /** Forgets a closed handle little by little; says whether there is more to forget. */
    boolean forget(HandleState closed) {
        Optional<GroupName> group = closed.groups().poll();
        group.ifPresent(name -> leave(closed, name));
        Optional<GroupName> watched = closed.watched().poll();
        watched.ifPresent(name -> unwatch(closed, name));
        boolean isMore = group.isPresent() || watched.isPresent();
        if (!isMore) {
            muted.remove(closed);
        }
        return isMore;
    }

    private Collection<HandleState> heard(Collection<HandleState> handles) {
        return muted.isEmpty()
                ? handles
                : handles.stream().filter(handle -> !muted.contains(handle)).toList();
    }

    static List<EventSubscription> subscriptions(Collection<HandleState> handles) {
        List<EventSubscription> subscriptions = new ArrayList<>();
        handles.forEach(handle -> subscriptions.addAll(handle.subscriptions()));
        return subscriptions;
    }
}
