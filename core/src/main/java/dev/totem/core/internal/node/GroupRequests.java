/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node;

import dev.totem.core.ConfigurationException;
import dev.totem.core.EvsHandle;
import dev.totem.core.GroupName;
import dev.totem.core.NotJoinedException;
import dev.totem.core.Position;
import dev.totem.core.TotemException;
import dev.totem.core.internal.group.GroupNotice;
import dev.totem.core.internal.node.send.HandleState;
import dev.totem.core.internal.node.send.PendingSend;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Consumer;
import reactor.util.context.Context;

/**
 * The joins and leaves that one handle asks for, one after another, in slices between which the loop serves the ring. Node loop
 * only.
 *
 * <p>A change is checked as a whole before any of it is said.
 */
final class GroupRequests {

    /** Groups that are looked at in one go: well below a millisecond. */
    private static final int SLICE = 512;

    private final HandleState handle;
    private final NodeParts node;
    private final Queue<Change> waiting = new ArrayDeque<>();

    GroupRequests(HandleState handle, NodeParts node) {
        this.handle = handle;
        this.node = node;
    }

    /** Who is told how a change ended: one of the two, once; what was ordered is told on the handle's lane. */
    record Ending(Consumer<Position> ordered, Consumer<TotemException> failed, Context context) {}

    void join(List<GroupName> groups, Ending ending) {
        enter(new Change(groups, true, ending));
    }

    void leave(List<GroupName> groups, Ending ending) {
        enter(new Change(groups, false, ending));
    }

    private void enter(Change change) {
        waiting.add(change);
        if (waiting.size() == 1) {
            run();
        }
    }

    private void run() {
        int left = SLICE;
        for (Change change = waiting.peek(); change != null && left > 0; change = waiting.peek()) {
            if (handle.isClosing()) {
                waiting.remove();
                change.ending.failed().accept(node.closing().refusal("handle"));
            } else {
                left -= change.advance(left);
            }
        }
        if (!waiting.isEmpty()) {
            node.mailbox().submit(this::run);
        }
    }

    /** A join or a leave. */
    private final class Change implements PendingSend.Outcome {

        private List<GroupName> toSay = new ArrayList<>();
        private long said;
        private final List<GroupName> groups;
        private final boolean isJoin;
        private final Ending ending;
        private int checked;
        private int changed;
        private int newGroups;

        Change(List<GroupName> groups, boolean isJoin, Ending ending) {
            this.groups = groups;
            this.isJoin = isJoin;
            this.ending = ending;
        }

        /** Looks at up to so many groups; says at how many, at least one. */
        int advance(int most) {
            Optional<TotemException> refusal = Optional.empty();
            int seen = 0;
            while (seen < most && changed < groups.size() && refusal.isEmpty()) {
                seen++;
                if (checked < groups.size()) {
                    refusal = check(groups.get(checked++));
                } else {
                    change(groups.get(changed++));
                }
            }
            if (refusal.isPresent()) {
                waiting.remove();
                ending.failed().accept(refusal.get());
            } else if (changed == groups.size()) {
                waiting.remove();
            }
            return Math.max(1, seen);
        }

        private Optional<TotemException> check(GroupName group) {
            boolean isJoined = handle.groups().contains(group);
            if (!isJoin) {
                return isJoined ? Optional.empty() : Optional.of(new NotJoinedException(group));
            }
            newGroups += isJoined ? 0 : 1;
            int sum = handle.groups().size() + newGroups;
            return sum <= EvsHandle.GROUPS_MAX
                    ? Optional.empty()
                    : Optional.of(new ConfigurationException(
                            "groups",
                            handle.groups().size() + " joined and " + groups.size() + " more",
                            "a handle joins at most " + EvsHandle.GROUPS_MAX
                                    + " groups: leave some, or open another handle"));
        }

        private void change(GroupName group) {
            toSay.add(group);
            if (isJoin) {
                handle.groups().add(group);
            } else {
                handle.groups().remove(group);
            }
            if (changed == groups.size() || toSay.size() == GroupNotice.GROUPS_MAX) {
                say(toSay);
                toSay = new ArrayList<>();
            }
        }

        private void say(List<GroupName> all) {
            handle.isToSayClosed();
            said++;
            GroupNotice notice = isJoin
                    ? new GroupNotice.Join(handle.number(), handle.name(), all)
                    : new GroupNotice.Leave(handle.number(), all);
            node.sends().say(handle, notice, this, said);
        }

        @Override
        public void sent(long place, Position position) {
            if (changed == groups.size() && place == said) {
                ending.ordered().accept(position);
            }
        }

        @Override
        public void failed(long place, TotemException reason) {
            ending.failed().accept(reason);
        }

        @Override
        public boolean isOver() {
            return false;
        }

        @Override
        public Context currentContext() {
            return ending.context();
        }
    }
}
