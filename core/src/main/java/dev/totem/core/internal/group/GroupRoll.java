/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.group;

import dev.totem.core.GroupMember;
import dev.totem.core.GroupName;
import dev.totem.core.MemberId;
import dev.totem.core.internal.message.Origin;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A part of a processor's own members, by group, as names are longer than numbers. Immutable, any thread.
 *
 * <p>u16 count, then for each handle that has a name i32 handle and the name; u16 count, then for each group its name, u16 count,
 * and for each handle, ascending, its distance to the one before, from 0, as a number of seven bits a byte.
 */
public record GroupRoll(SortedMap<Integer, String> names, SortedMap<GroupName, List<Integer>> groups) {

    /** What one part holds at most, so that it is one message of moderate size. */
    private static final int PLACES_MAX = 16_384;

    /** A group with no name to speak of costs as much as so many handles. */
    private static final int GROUP_PLACES = 8;

    /** The parts that say all of this; one, if it is nothing. */
    public static List<GroupRoll> of(Collection<GroupViews.Listed> part) {
        SortedMap<GroupName, List<Integer>> byGroup = new TreeMap<>();
        SortedMap<Integer, String> names = new TreeMap<>();
        for (GroupViews.Listed listed : part) {
            int handle = listed.member().id().handle();
            listed.member().name().ifPresent(name -> names.put(handle, name));
            listed.groups()
                    .forEach(group -> byGroup.computeIfAbsent(group, name -> new ArrayList<>())
                            .add(handle));
        }
        List<GroupRoll> parts = new ArrayList<>();
        GroupRoll current = new GroupRoll(new TreeMap<>(), new TreeMap<>());
        int places = 0;
        for (var entry : byGroup.entrySet()) {
            List<Integer> handles = entry.getValue();
            for (int from = 0; from < handles.size(); ) {
                int end = Math.min(handles.size(), from + Math.max(1, PLACES_MAX - places - GROUP_PLACES));
                current.groups.put(entry.getKey(), List.copyOf(handles.subList(from, end)));
                places += GROUP_PLACES + end - from;
                from = end;
                if (places >= PLACES_MAX) {
                    parts.add(current);
                    current = new GroupRoll(new TreeMap<>(), new TreeMap<>());
                    places = 0;
                }
            }
        }
        for (var entry : names.entrySet()) {
            current.names.put(entry.getKey(), entry.getValue());
            places += GROUP_PLACES;
            if (places >= PLACES_MAX) {
                parts.add(current);
                current = new GroupRoll(new TreeMap<>(), new TreeMap<>());
                places = 0;
            }
        }
        parts.add(current);
        return parts;
    }

    /** What parts say together, of a life of a processor. */
    public static Collection<GroupViews.Listed> together(Origin origin, List<GroupRoll> parts) {
        SortedMap<Integer, String> names = new TreeMap<>();
        parts.forEach(part -> names.putAll(part.names));
        SortedMap<Integer, GroupViews.Listed> all = new TreeMap<>();
        for (GroupRoll part : parts) {
            part.groups.forEach((group, handles) -> handles.forEach(handle -> all.computeIfAbsent(
                            handle,
                            number -> new GroupViews.Listed(
                                    new GroupMember(
                                            new MemberId(origin.node(), origin.incarnation(), number),
                                            Optional.ofNullable(names.get(number))),
                                    new TreeSet<>()))
                    .groups()
                    .add(group)));
        }
        return all.values();
    }

    void encode(NoticeBytes out) {
        out.u16(names.size());
        names.forEach((handle, name) -> out.i32(handle).text(name));
        out.u16(groups.size());
        groups.forEach((group, handles) -> {
            out.text(group.value()).u16(handles.size());
            int before = 0;
            for (int handle : handles) {
                out.varint(handle - before);
                before = handle;
            }
        });
    }

    static GroupRoll decode(ByteBuffer in) {
        SortedMap<Integer, String> names = new TreeMap<>();
        int named = NoticeBytes.u16(in);
        for (int i = 0; i < named; i++) {
            names.put(in.getInt(), NoticeBytes.text(in));
        }
        SortedMap<GroupName, List<Integer>> groups = new TreeMap<>();
        int count = NoticeBytes.u16(in);
        for (int i = 0; i < count; i++) {
            GroupName group = NoticeBytes.group(in);
            int size = NoticeBytes.u16(in);
            List<Integer> handles = new ArrayList<>(Math.min(size, in.remaining()));
            int handle = 0;
            for (int h = 0; h < size; h++) {
                handle += NoticeBytes.varint(in);
                handles.add(handle);
            }
            groups.put(group, List.copyOf(handles));
        }
        return new GroupRoll(names, groups);
    }
}
