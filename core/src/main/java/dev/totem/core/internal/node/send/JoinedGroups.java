/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node.send;

import dev.totem.core.GroupName;
import dev.totem.core.Message;
import dev.totem.core.internal.group.GroupEnvelope;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentSkipListSet;
import org.jspecify.annotations.Nullable;

/** The groups that one handle has joined. Node loop only, except where it says otherwise. */
public final class JoinedGroups {

    private final NavigableSet<GroupName> joined = new ConcurrentSkipListSet<>();

    /** The set counts itself one by one. */
    private int size;

    private byte @Nullable [] envelope;

    public int size() {
        return size;
    }

    public boolean contains(GroupName group) {
        return joined.contains(group);
    }

    public void add(GroupName group) {
        if (joined.add(group)) {
            size++;
            envelope = null;
        }
    }

    public void remove(GroupName group) {
        if (joined.remove(group)) {
            size--;
            envelope = null;
        }
    }

    /** Takes one out; empty if there is none. */
    public Optional<GroupName> poll() {
        GroupName first = joined.isEmpty() ? null : joined.first();
        if (first != null) {
            remove(first);
        }
        return Optional.ofNullable(first);
    }

    /** Any thread: a copy, made by who wants it and not by the loop. */
    public Set<GroupName> snapshot() {
        return Set.copyOf(joined);
    }

    /** How many they are; as many as one message can name are {@link Message#GROUPS_MAX}. */
    int count() {
        return size;
    }

    /** What a message to all of them, which one must be able to name, begins with; empty if none is joined. */
    Optional<byte[]> envelope() {
        if (size == 0) {
            return Optional.empty();
        }
        byte[] known = envelope;
        if (known == null) {
            known = new GroupEnvelope(List.copyOf(joined)).encode();
            envelope = known;
        }
        return Optional.of(known);
    }

    /** The same with headers. */
    Optional<byte[]> envelope(SortedMap<String, String> headers) {
        if (size == 0) {
            return Optional.empty();
        }
        return Optional.of(new GroupEnvelope(List.copyOf(joined), List.of(), headers).encode());
    }
}
