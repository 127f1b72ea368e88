/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.client.internal.session;

import dev.totem.client.internal.wire.Frame;
import dev.totem.client.internal.wire.Frame.GroupAction;
import dev.totem.client.internal.wire.MemberLists;
import dev.totem.core.GroupChange;
import dev.totem.core.GroupMember;
import dev.totem.core.GroupName;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The groups of a handle, as its owner asked for them, and who is in them: as a subscriber was given it, or, without one, as the
 * node has come to. Any thread.
 */
final class HandleGroups {

    private final Set<GroupName> joined = new LinkedHashSet<>();
    private final Set<GroupName> watched = new LinkedHashSet<>();
    private final Map<GroupName, List<GroupMember>> given = new HashMap<>();
    private final Map<GroupName, List<GroupMember>> rolls = new HashMap<>();
    private boolean hasSubscribers;

    /** What is under way counts; those that this has changed. */
    synchronized List<GroupName> asked(GroupAction action, List<GroupName> names) {
        List<GroupName> changed = new ArrayList<>();
        for (GroupName name : names) {
            boolean isNew = switch (action) {
                case JOIN -> joined.add(name);
                case LEAVE -> joined.remove(name);
                case WATCH -> watched.add(name);
                case UNWATCH -> watched.remove(name);
            };
            if (isNew) {
                changed.add(name);
            }
        }
        return changed;
    }

    synchronized void done(GroupAction action, List<GroupName> names) {
        if (action == GroupAction.LEAVE || action == GroupAction.UNWATCH) {
            names.stream()
                    .filter(name -> !joined.contains(name) && !watched.contains(name))
                    .forEach(name -> {
                        given.remove(name);
                        rolls.remove(name);
                    });
        }
    }

    /** It was refused: what was asked for is taken back. */
    synchronized void failed(GroupAction action, List<GroupName> changed) {
        switch (action) {
            case JOIN -> changed.forEach(joined::remove);
            case LEAVE -> joined.addAll(changed);
            case WATCH -> changed.forEach(watched::remove);
            case UNWATCH -> watched.addAll(changed);
        }
    }

    synchronized Set<GroupName> joined() {
        return Set.copyOf(joined);
    }

    synchronized void hasSubscribers(boolean has) {
        hasSubscribers = has;
        if (!has) {
            given.clear();
        }
    }

    synchronized void given(GroupChange change) {
        given.put(change.group(), change.members());
    }

    synchronized void roll(Frame.Roll roll) {
        List<GroupMember> before = roll.isWhole() ? List.of() : rolls.getOrDefault(roll.group(), List.of());
        rolls.put(roll.group(), MemberLists.changed(before, roll.joined(), roll.left()));
    }

    synchronized List<GroupMember> members(GroupName group) {
        if (!joined.contains(group) && !watched.contains(group)) {
            return List.of();
        }
        List<GroupMember> known = rolls.getOrDefault(group, List.of());
        return hasSubscribers ? given.getOrDefault(group, known) : known;
    }

    /** What brings another handle to where this one is. */
    synchronized Map<GroupAction, List<GroupName>> again() {
        Map<GroupAction, List<GroupName>> all = new EnumMap<>(GroupAction.class);
        if (!joined.isEmpty()) {
            all.put(GroupAction.JOIN, List.copyOf(joined));
        }
        if (!watched.isEmpty()) {
            all.put(GroupAction.WATCH, List.copyOf(watched));
        }
        given.clear();
        rolls.clear();
        return all;
    }
}
