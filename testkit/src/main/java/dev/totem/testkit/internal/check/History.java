/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.internal.check;

import dev.totem.core.NodeId;
import dev.totem.core.RingId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** All logs, indexed once for all rules. One thread. */
final class History {

    final CheckOptions options;
    final Optional<EndStatement> end;
    final SortedMap<NodeId, List<Life>> processes = new TreeMap<>();
    final SortedMap<RingId, RingHistory> rings = new TreeMap<>();
    final Map<MessageId, Known> messages = new LinkedHashMap<>();
    final GroupRules groups = new GroupRules();

    /** What each life submitted, by handle, in order. */
    final Map<Life, SortedMap<Integer, List<Known>>> submitted = new LinkedHashMap<>();

    boolean hasSends;
    boolean hasDerivedIds;
    boolean hasConfirmations;

    private History(CheckOptions options, Optional<EndStatement> end) {
        this.options = options;
        this.end = end;
    }

    /** Reads the logs; what can only be seen while reading is reported at once. */
    static History read(List<EvsLog> logs, Optional<EndStatement> end, CheckOptions options, Findings findings) {
        History history = new History(options, end);
        List<EvsLog> ascending = new ArrayList<>(logs);
        ascending.sort(Comparator.comparing(EvsLog::process).thenComparingInt(EvsLog::life));
        for (EvsLog log : ascending) {
            Life life = new Life(log);
            history.processes
                    .computeIfAbsent(log.process(), process -> new ArrayList<>())
                    .add(life);
            new LogReader(history, life, findings).read();
        }
        history.index();
        return history;
    }

    List<Life> lives() {
        return processes.values().stream().flatMap(List::stream).toList();
    }

    Known known(MessageId id) {
        return messages.computeIfAbsent(id, key -> new Known(key, messages.size()));
    }

    List<Life> livesOf(NodeId process) {
        return processes.getOrDefault(process, List.of());
    }

    /** The life that sent a message, if its log is here and the message says which it was. */
    Optional<Life> senderLife(Known known) {
        return known.id.isDerived()
                ? Optional.empty()
                : livesOf(known.sender).stream()
                        .filter(life -> life.log.life() == known.id.life())
                        .findFirst();
    }

    /** Whether this is the last life of a process that the end statement calls live. */
    boolean isLiveAtEnd(Life life) {
        List<Life> lives = livesOf(life.process());
        return end.isPresent()
                && life.open()
                && lives.get(lives.size() - 1) == life
                && end.get().components().stream().anyMatch(component -> component.contains(life.process()));
    }

    private void index() {
        for (Life life : lives()) {
            for (Span span : life.spans) {
                if (span.isRegular()) {
                    ring(span.conf.ring()).stays.add(new Stay(span));
                }
            }
        }
        for (Known known : messages.values()) {
            if (known.position != null) {
                ring(known.position.ring()).messages.add(known);
            }
        }
        rings.values().forEach(RingHistory::rank);
    }

    RingHistory ring(RingId id) {
        return rings.computeIfAbsent(id, RingHistory::new);
    }

    SortedMap<Integer, List<Known>> streamsOf(Life life) {
        return submitted.computeIfAbsent(life, key -> new TreeMap<>());
    }

    /** Configurations by identity, in the order first seen. */
    Map<Span.Key, List<Span>> configurations() {
        Map<Span.Key, List<Span>> byKey = new LinkedHashMap<>();
        for (Life life : lives()) {
            for (Span span : life.spans) {
                byKey.computeIfAbsent(span.key(), key -> new ArrayList<>()).add(span);
            }
        }
        return byKey;
    }

    /** The regular configuration each life was in before it installed a ring. */
    Map<RingId, Map<NodeId, RingId>> predecessors() {
        Map<RingId, Map<NodeId, RingId>> before = new HashMap<>();
        for (Life life : lives()) {
            RingId previous = null;
            for (Span span : life.spans) {
                if (span.isRegular()) {
                    if (previous != null) {
                        before.computeIfAbsent(span.conf.ring(), ring -> new HashMap<>())
                                .put(life.process(), previous);
                    }
                    previous = span.conf.ring();
                }
            }
        }
        return before;
    }
}
