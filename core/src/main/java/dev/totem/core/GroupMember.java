/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/**
 * A member of a group, as the others see it. Immutable, any thread.
 *
 * @param id which handle it is
 * @param name what its owner called it when it was opened; names need not differ
 */
public record GroupMember(MemberId id, Optional<String> name) implements Comparable<GroupMember> {

    public GroupMember {
        requireNonNull(id, "id");
        requireNonNull(name, "name");
    }

    @Override
    public int compareTo(GroupMember other) {
        return id.compareTo(other.id);
    }

    @Override
    public String toString() {
        return name.map(given -> id + " (" + given + ")").orElseGet(id::toString);
    }
}
