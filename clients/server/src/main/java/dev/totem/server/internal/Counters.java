/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.server.internal;

import dev.totem.core.Statistic;
import dev.totem.server.ServerStatistics;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;

/** What the server counts. Any thread. */
public final class Counters {

    final LongAdder connections = new LongAdder();
    final LongAdder refused = new LongAdder();
    final LongAdder violations = new LongAdder();
    final LongAdder resumed = new LongAdder();
    final LongAdder expired = new LongAdder();
    final LongAdder overrun = new LongAdder();
    final LongAdder denied = new LongAdder();
    final LongAdder events = new LongAdder();
    final LongAdder operations = new LongAdder();

    /** All of them, ordered by name. */
    public SortedMap<Statistic, Long> snapshot(long sessions) {
        SortedMap<Statistic, Long> all = new TreeMap<>();
        all.put(ServerStatistics.SESSIONS, sessions);
        all.put(ServerStatistics.CONNECTIONS, connections.sum());
        all.put(ServerStatistics.CONNECTIONS_REFUSED, refused.sum());
        all.put(ServerStatistics.VIOLATIONS, violations.sum());
        all.put(ServerStatistics.SESSIONS_RESUMED, resumed.sum());
        all.put(ServerStatistics.SESSIONS_EXPIRED, expired.sum());
        all.put(ServerStatistics.SESSIONS_OVERRUN, overrun.sum());
        all.put(ServerStatistics.OPERATIONS_DENIED, denied.sum());
        all.put(ServerStatistics.EVENTS, events.sum());
        all.put(ServerStatistics.OPERATIONS, operations.sum());
        return all;
    }
}
