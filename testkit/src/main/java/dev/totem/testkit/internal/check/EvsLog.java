/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.internal.check;

import dev.totem.core.NodeId;
import java.util.List;

/**
 * What one life of one process logged, in order. Immutable, any thread.
 *
 * <p>The log shows everything the process delivered: a handle that was in only some of the groups in use makes holes that
 * look like violations.
 *
 * @param life counts the starts of this process, ascending
 */
public record EvsLog(NodeId process, int life, List<LogEvent> events) {

    public EvsLog {
        events = List.copyOf(events);
    }
}
