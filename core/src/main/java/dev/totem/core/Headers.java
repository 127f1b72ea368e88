/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core;

import static java.util.Objects.requireNonNull;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** What the headers of a message may be, and copies of them. */
final class Headers {

    private static final SortedMap<String, String> NONE = Collections.unmodifiableSortedMap(new TreeMap<>());

    private Headers() {}

    static SortedMap<String, String> none() {
        return NONE;
    }

    /** @throws ConfigurationException if they are too many, too long, or have no name */
    static SortedMap<String, String> copy(Map<String, String> headers) {
        requireNonNull(headers, "headers");
        if (headers.isEmpty()) {
            return NONE;
        }
        SortedMap<String, String> sorted = new TreeMap<>(headers);
        int all = 0;
        for (Map.Entry<String, String> header : sorted.entrySet()) {
            int bytes = bytes(header.getKey());
            require(
                    bytes >= 1 && bytes <= Message.HEADER_NAME_BYTES_MAX,
                    header.getKey(),
                    "a header's name has 1 to " + Message.HEADER_NAME_BYTES_MAX + " bytes of UTF-8");
            all += bytes + bytes(requireNonNull(header.getValue(), "headers"));
        }
        require(
                sorted.size() <= Message.HEADERS_MAX,
                sorted.size() + " of them",
                "a message has at most " + Message.HEADERS_MAX + " headers");
        require(
                all <= Message.HEADER_BYTES_MAX,
                all + " bytes",
                "all headers of a message have at most " + Message.HEADER_BYTES_MAX
                        + " bytes of UTF-8: put more into the payload");
        return Collections.unmodifiableSortedMap(sorted);
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static void require(boolean holds, String value, String remedy) {
        if (!holds) {
            throw new ConfigurationException("headers", value, remedy);
        }
    }
}
