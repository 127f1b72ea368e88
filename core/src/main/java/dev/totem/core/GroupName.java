/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core;

import static java.util.Objects.requireNonNull;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/**
 * The name of a process group: 1 to 128 bytes of UTF-8.
 *
 * <p>Any thread. Every node orders every message, and a handle is shown those that name a group it has joined ({@code
 * PROTOCOL.md} 6.5); who has joined which is part of the order.
 */
public record GroupName(String value) implements Comparable<GroupName> {

    /** The longest name, in bytes of UTF-8. */
    public static final int BYTES_MAX = 128;

    public GroupName {
        requireNonNull(value, "value");
        int bytes = value.getBytes(StandardCharsets.UTF_8).length;
        if (bytes < 1 || bytes > BYTES_MAX) {
            throw new ConfigurationException("group", value, "a group name has 1 to " + BYTES_MAX + " bytes of UTF-8");
        }
    }

    public static GroupName of(String value) {
        return new GroupName(value);
    }

    /** Those names, in their order. */
    static List<GroupName> listOf(String first, String... more) {
        requireNonNull(first, "first");
        return Stream.concat(Stream.of(first), Stream.of(requireNonNull(more, "more")))
                .map(group -> GroupName.of(requireNonNull(group, "more")))
                .toList();
    }

    @Override
    public int compareTo(GroupName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
