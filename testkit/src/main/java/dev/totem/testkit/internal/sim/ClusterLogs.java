/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.internal.sim;

import dev.totem.testkit.internal.check.CheckOptions;
import dev.totem.testkit.internal.check.CheckReport;
import dev.totem.testkit.internal.check.EndStatement;
import dev.totem.testkit.internal.check.EvsChecker;
import dev.totem.testkit.internal.check.EvsLog;
import dev.totem.testkit.internal.check.LogEvent;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What the logs of a cluster tell. */
final class ClusterLogs {

    private ClusterLogs() {}

    /** Rings that anybody has installed. */
    static long rings(List<EvsLog> logs) {
        return all(logs, LogEvent.Conf.class)
                .filter(LogEvent.Conf::isRegular)
                .map(LogEvent.Conf::ring)
                .distinct()
                .count();
    }

    /** Messages delivered, at all nodes together. */
    static long deliveries(List<EvsLog> logs) {
        return all(logs, LogEvent.Deliver.class).count();
    }

    private static <E extends LogEvent> Stream<E> all(List<EvsLog> logs, Class<E> kind) {
        return logs.stream()
                .flatMap(log -> log.events().stream())
                .filter(kind::isInstance)
                .map(kind::cast);
    }

    /**
     * Checks them all. While two processes have one id, what is said of that id is said of either: then each life is checked by
     * itself only, as if the others' logs were lost.
     */
    static CheckReport check(List<EvsLog> logs, boolean hasTwins, Optional<EndStatement> end) {
        if (!hasTwins) {
            return new EvsChecker(CheckOptions.complete()).check(logs, end);
        }
        EvsChecker alone = new EvsChecker(CheckOptions.ofProcesses());
        return CheckReport.union(logs.stream()
                .map(log -> alone.check(List.of(log), Optional.empty()))
                .toList());
    }
}
