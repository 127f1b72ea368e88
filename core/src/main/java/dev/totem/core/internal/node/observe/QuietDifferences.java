/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node.observe;

import dev.totem.core.NodeId;
import dev.totem.core.internal.membership.SharedSetting;
import java.util.LinkedHashMap;
import java.util.Map;

/** Lets one line per node and setting through in a period, and not more than a log can bear. Node loop only. */
final class QuietDifferences {

    private static final long PERIOD_NANOS = 600_000_000_000L;

    /** Anybody can invent nodes where nothing is sealed. */
    private static final int LINES_MAX = 256;

    private final Map<Subject, Long> saidNanos = new LinkedHashMap<>();

    private record Subject(NodeId node, SharedSetting setting) {}

    boolean isDue(NodeId node, SharedSetting setting, long nowNanos) {
        while (!saidNanos.isEmpty() && nowNanos - oldestNanos() >= PERIOD_NANOS) {
            saidNanos.remove(saidNanos.keySet().iterator().next());
        }
        return saidNanos.size() < LINES_MAX && saidNanos.putIfAbsent(new Subject(node, setting), nowNanos) == null;
    }

    private long oldestNanos() {
        return saidNanos.values().iterator().next();
    }
}
