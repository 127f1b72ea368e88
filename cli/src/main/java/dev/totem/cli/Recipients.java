/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli;

import dev.totem.core.EvsHandle;
import dev.totem.core.GroupMember;
import dev.totem.core.GroupName;
import dev.totem.core.MemberId;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Who the {@code to} of a request means. Any thread. */
final class Recipients {

    private Recipients() {}

    /** Those that are meant, by what the handle knows of the members of its groups; empty if it knows of one too little. */
    static Optional<List<MemberId>> of(
            List<NodeRequest.To> all, EvsHandle handle, Collection<GroupName> joined, Collection<GroupName> watched) {
        List<MemberId> known = Stream.concat(joined.stream(), watched.stream())
                .flatMap(group -> handle.members(group.value()).stream())
                .map(GroupMember::id)
                .distinct()
                .toList();
        Set<MemberId> meant = new TreeSet<>();
        for (NodeRequest.To to : all) {
            List<MemberId> found = known.stream().filter(to::means).toList();
            Optional<MemberId> whole = to.whole();
            if (found.isEmpty() && whole.isEmpty()) {
                return Optional.empty();
            }
            meant.addAll(found);
            whole.ifPresent(meant::add);
        }
        return Optional.of(List.copyOf(meant));
    }
}
