/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.server.internal;

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

    /** By name. */
    public SortedMap<String, Long> snapshot(long sessions) {
        SortedMap<String, Long> all = new TreeMap<>();
        all.put("client-sessions", sessions);
        all.put("client-connections", connections.sum());
        all.put("client-connections-refused", refused.sum());
        all.put("client-violations", violations.sum());
        all.put("client-sessions-resumed", resumed.sum());
        all.put("client-sessions-expired", expired.sum());
        all.put("client-sessions-overrun", overrun.sum());
        all.put("client-operations-denied", denied.sum());
        all.put("client-events", events.sum());
        all.put("client-operations", operations.sum());
        return all;
    }
}
