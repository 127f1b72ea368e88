/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core;

import static java.util.Objects.requireNonNull;

import java.net.InetSocketAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The identity of one processor, unique in the cluster, from 1 to 2^31-1; ascending ids are the order of the ring.
 *
 * <p>Any thread. Zero is not an id ({@code PROTOCOL.md} D10), and negative ones are refused because other tools treat
 * ids as signed numbers.
 */
public record NodeId(int value) implements Comparable<NodeId> {

    private static final Pattern NUMBERED = Pattern.compile("[^.]*-([0-9]{1,10})(\\..*)?");

    public NodeId {
        if (value < 1) {
            throw new ConfigurationException(
                    "id", String.valueOf(value), "a node id is from 1 to " + Integer.MAX_VALUE);
        }
    }

    public static NodeId of(int value) {
        return new NodeId(value);
    }

    /**
     * The id of a replica that is named with its number, as by a StatefulSet of Kubernetes: {@code ring-0} has the id 1.
     *
     * @param hostname what comes after the last hyphen, up to a dot if there is one, is the number, from 0 to 2^31-2
     * @throws ConfigurationException if there is no such number
     */
    public static NodeId fromHostname(String hostname) {
        Matcher numbered = NUMBERED.matcher(requireNonNull(hostname, "hostname"));
        long ordinal = numbered.matches() ? Long.parseLong(numbered.group(1)) : Integer.MAX_VALUE;
        if (ordinal >= Integer.MAX_VALUE) {
            throw new ConfigurationException(
                    "id",
                    hostname,
                    "the host's name has no number at its end, as name-0: say an id, or take fromAddress");
        }
        return of((int) ordinal + 1);
    }

    /**
     * The id of a node that nobody has numbered: a hash of its address and port, the same as long as they are. Of 100 nodes
     * two have the same one in one of 400,000 clusters; then the later one stops with {@link DuplicateNodeIdException}.
     *
     * @param address resolved
     */
    public static NodeId fromAddress(InetSocketAddress address) {
        requireNonNull(address, "address");
        byte[] bytes = address.getAddress().getAddress();
        CRC32C hash = new CRC32C();
        hash.update(bytes, 0, bytes.length);
        hash.update(address.getPort() >>> 8);
        hash.update(address.getPort());
        return of(Math.max(1, (int) (hash.getValue() & Integer.MAX_VALUE)));
    }

    /** Written out, as in the other ids: these are compared all the time, and a record's own costs more. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof NodeId id && id.value == value;
    }

    @Override
    public int hashCode() {
        return value;
    }

    @Override
    public int compareTo(NodeId other) {
        return Integer.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Integer.toString(value);
    }
}
