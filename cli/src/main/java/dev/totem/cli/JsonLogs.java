/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli;

import dev.totem.core.NodeId;
import dev.totem.core.RingId;
import dev.totem.testkit.internal.check.EvsLog;
import dev.totem.testkit.internal.check.LogEvent;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The logs to be checked, in sets in which a process is seen once at a time. Immutable, any thread.
 *
 * <p>Each log of a client is what one handle of the executive's node was shown; another client of it saw the same. So clients of
 * one executive that ran at the same time are in different sets, each of which is checked, with all logs of nodes.
 *
 * @param hasClients whether logs of clients are among them: they may begin in the middle of things
 */
record JsonLogs(List<List<EvsLog>> sets, boolean hasClients) {

    private static final Comparator<EvsLog> ORDER =
            Comparator.comparing(EvsLog::process).thenComparing(JsonLogs::firstRing);

    static JsonLogs of(List<EvsLog> nodes, List<EvsLog> clients) {
        List<List<EvsLog>> sets = new ArrayList<>();
        sets.add(new ArrayList<>(nodes));
        clients.stream()
                .sorted(ORDER)
                .forEach(client -> sets.stream()
                        .filter(set -> set.stream().noneMatch(other -> overlap(client, other)))
                        .findFirst()
                        .orElseGet(() -> another(sets, nodes))
                        .add(client));
        return new JsonLogs(sets.stream().map(JsonLogs::withLives).toList(), !clients.isEmpty());
    }

    private static List<EvsLog> another(List<List<EvsLog>> sets, List<EvsLog> nodes) {
        List<EvsLog> set = new ArrayList<>(nodes);
        sets.add(set);
        return set;
    }

    /** All of them, each once. */
    List<EvsLog> all() {
        return sets.stream().flatMap(List::stream).distinct().toList();
    }

    private static boolean overlap(EvsLog one, EvsLog other) {
        if (!one.process().equals(other.process())) {
            return false;
        }
        Set<RingId> common = rings(one);
        common.retainAll(rings(other));
        return !common.isEmpty();
    }

    private static Set<RingId> rings(EvsLog log) {
        return log.events().stream()
                .filter(LogEvent.Conf.class::isInstance)
                .map(event -> ((LogEvent.Conf) event).ring())
                .collect(Collectors.toCollection(HashSet::new));
    }

    /** Numbers the lives of each process by their first ring, whose number grows from life to life. */
    private static List<EvsLog> withLives(List<EvsLog> logs) {
        List<EvsLog> sorted = new ArrayList<>(logs);
        sorted.sort(ORDER);
        List<EvsLog> numbered = new ArrayList<>();
        Map<NodeId, Integer> lives = new HashMap<>();
        for (EvsLog log : sorted) {
            int life = lives.merge(log.process(), 1, Integer::sum) - 1;
            numbered.add(new EvsLog(log.process(), life, log.events()));
        }
        return numbered;
    }

    private static long firstRing(EvsLog log) {
        return log.events().stream()
                .filter(LogEvent.Conf.class::isInstance)
                .mapToLong(event -> ((LogEvent.Conf) event).ring().seq())
                .findFirst()
                .orElse(0);
    }
}
