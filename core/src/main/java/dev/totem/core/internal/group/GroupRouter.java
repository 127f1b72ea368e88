/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.group;

import dev.totem.core.GroupName;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which handles have joined which groups ({@code PROTOCOL.md} 6.5: filtering is local). Node loop only.
 *
 * @param <H> a handle; compared by {@code equals}
 */
public final class GroupRouter<H> {

    private final Map<GroupName, Set<H>> joined = new LinkedHashMap<>();

    /** Shows a handle the messages to a group from now on; once more has no effect. */
    public void join(H handle, GroupName group) {
        joined.computeIfAbsent(group, name -> new LinkedHashSet<>()).add(handle);
    }

    public void leave(H handle, GroupName group) {
        joined.computeIfPresent(group, (name, handles) -> {
            handles.remove(handle);
            return handles.isEmpty() ? null : handles;
        });
    }

    /** The handles that joined at least one of the groups, each once. */
    public Collection<H> targets(List<GroupName> groups) {
        if (groups.size() == 1) {
            return joined.getOrDefault(groups.get(0), Set.of());
        }
        Set<H> targets = new LinkedHashSet<>();
        for (GroupName group : groups) {
            targets.addAll(joined.getOrDefault(group, Set.of()));
        }
        return targets;
    }
}
