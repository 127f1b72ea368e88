/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Counters and gauges of a node as of a moment. Counters grow from the node's start. Immutable, any thread.
 *
 * <p>By subject, as {@code stats.ring().tokens()}; one by one, as {@code stats.get(Statistics.TOKENS)}; or all of them by their names,
 * as the command writes them. What the node or its link does not have is 0; {@link #has} tells the difference.
 */
public final class NodeStats {

    private final SortedMap<Statistic, Long> values;

    private NodeStats(Map<Statistic, Long> values) {
        this.values = Collections.unmodifiableSortedMap(new TreeMap<>(values));
    }

    /** Of these values. */
    public static NodeStats of(Map<Statistic, Long> values) {
        return new NodeStats(requireNonNull(values, "values"));
    }

    /**
     * Of values by name, as {@link #byName()} gives them. A name that {@link Statistics} does not have, as of a later version or of a
     * link, is taken for that of a gauge.
     *
     * @throws ConfigurationException if something cannot be the name of a statistic
     */
    public static NodeStats named(Map<String, Long> values) {
        Map<Statistic, Long> statistics = new TreeMap<>();
        requireNonNull(values, "values").forEach((name, value) -> statistics.put(known(name), value));
        return new NodeStats(statistics);
    }

    private static Statistic known(String name) {
        return Statistics.byName(name).orElseGet(() -> Statistic.gauge(name, "", "not known here"));
    }

    /** The value of one; 0 if there is none. */
    public long get(Statistic statistic) {
        return values.getOrDefault(requireNonNull(statistic, "statistic"), 0L);
    }

    /** Whether there is a value of it. */
    public boolean has(Statistic statistic) {
        return values.containsKey(requireNonNull(statistic, "statistic"));
    }

    /** All of them, ordered by name. */
    public SortedMap<Statistic, Long> values() {
        return values;
    }

    /** All of them by name. */
    public SortedMap<String, Long> byName() {
        SortedMap<String, Long> all = new TreeMap<>();
        values.forEach((statistic, value) -> all.put(statistic.name(), value));
        return all;
    }

    /** Those whose names begin so, by the rest of the name. */
    SortedMap<String, Long> byReason(String prefix) {
        SortedMap<String, Long> reasons = new TreeMap<>();
        values.forEach((statistic, value) -> {
            if (statistic.name().startsWith(prefix)) {
                reasons.put(statistic.name().substring(prefix.length()), value);
            }
        });
        return Collections.unmodifiableSortedMap(reasons);
    }

    /** The ring and its token. */
    public RingStats ring() {
        return new RingStats(this);
    }

    /** What was sent, received and delivered. */
    public MessageStats messages() {
        return new MessageStats(this);
    }

    /** What waits. */
    public MemoryStats memory() {
        return new MemoryStats(this);
    }

    /** Groups. */
    public GroupStats groups() {
        return new GroupStats(this);
    }

    /** Keys, proofs, and what did not open. */
    public SealStats seal() {
        return new SealStats(this);
    }

    /** Sockets and networks. */
    public LinkStats link() {
        return new LinkStats(this);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof NodeStats that && values.equals(that.values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    @Override
    public String toString() {
        return values.toString();
    }
}
