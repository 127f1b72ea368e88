/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.process;

import com.fasterxml.jackson.databind.JsonNode;
import dev.totem.testkit.OperationHistory;
import dev.totem.testkit.SequentialModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicLong;
import reactor.core.publisher.Mono;

/** What clients of the blocks of several processes asked and were answered, and what is wrong with it. Any thread. */
final class BlocksRecord {

    /** No value. */
    static final String NOTHING = "-";

    /** Few operations have a key in common, so that any of them that is unknown doubles little. */
    private static final Duration KEY_TIME = Duration.ofSeconds(2);

    /** What a line of a process may take to this one, on a machine that is busy. */
    private static final Duration LINE_TIME = Duration.ofMillis(700);

    private static final SequentialModel<String, String, String> MODEL = new SequentialModel<>() {
        @Override
        public String initial() {
            return NOTHING;
        }

        @Override
        public Step<String, String> step(String state, String command) {
            String[] words = command.split(" ", -1);
            return switch (words[0]) {
                case "put" -> new Step<>(words[1], "done");
                case "remove" -> new Step<>(NOTHING, "done");
                case "cas" -> state.equals(words[1]) ? new Step<>(words[2], "true") : new Step<>(state, "false");
                case "add" -> {
                    String sum = String.valueOf((state.equals(NOTHING) ? 0 : Long.parseLong(state)) + 1);
                    yield new Step<>(sum, sum);
                }
                default -> new Step<>(state, state);
            };
        }
    };

    private final OperationHistory<String, String, String> history = OperationHistory.create();
    private final Set<String> keys = new ConcurrentSkipListSet<>();
    private final AtomicLong lastValue = new AtomicLong();
    private final AtomicLong moments = new AtomicLong();
    private final long beganNanos = System.nanoTime();
    private final List<Grant> grants = new ArrayList<>();
    private final Map<String, Set<Integer>> attempts = new HashMap<>();
    private final Set<String> enqueued = new TreeSet<>();
    private final Set<String> handed = new HashSet<>();
    private final Set<Integer> stopped = new HashSet<>();
    private final List<String> contradictions = new ArrayList<>();

    private static final class Grant {

        private final int node;
        private final String name;
        private final String token;
        private final long asked;
        private final long granted;
        private final long fromNanos;
        private long toNanos = Long.MAX_VALUE;

        /** Its lines come late. */
        private boolean wasStopped;

        Grant(int node, String name, String token, long asked, long granted, boolean wasStopped) {
            this.node = node;
            this.name = name;
            this.token = token;
            this.asked = asked;
            this.granted = granted;
            this.wasStopped = wasStopped;
            this.fromNanos = System.nanoTime();
        }

        @Override
        public String toString() {
            return name + " to node " + node + " with " + token;
        }
    }

    // entries and counters

    private long period() {
        return (System.nanoTime() - beganNanos) / KEY_TIME.toNanos();
    }

    String key(int number) {
        String key = "k" + period() + "." + number;
        keys.add(key);
        return key;
    }

    String counter() {
        return "c" + period();
    }

    String value() {
        return String.valueOf(lastValue.incrementAndGet());
    }

    /** One of the last values that anybody wanted to write. */
    String recent(int back) {
        return String.valueOf(Math.max(1, lastValue.get() - back));
    }

    Mono<String> operation(String key, String input, Mono<String> operation) {
        return history.record(key, input, operation);
    }

    /** All that were used. */
    List<String> keys() {
        return List.copyOf(keys);
    }

    // locks

    long moment() {
        return moments.incrementAndGet();
    }

    synchronized void granted(int node, String name, String token, long asked) {
        grants.add(new Grant(node, name, token, asked, moment(), stopped.contains(node)));
    }

    /** It is held no more, or is being given back. */
    synchronized void lost(String token) {
        grants.stream()
                .filter(grant -> grant.token.equals(token) && grant.toNanos == Long.MAX_VALUE)
                .forEach(grant -> grant.toNanos = System.nanoTime());
    }

    synchronized void killed(int node) {
        grants.stream()
                .filter(grant -> grant.node == node && grant.toNanos == Long.MAX_VALUE)
                .forEach(grant -> grant.toNanos = System.nanoTime());
    }

    synchronized void stopped(int node) {
        stopped.add(node);
        grants.stream()
                .filter(grant -> grant.node == node && grant.toNanos == Long.MAX_VALUE)
                .forEach(grant -> grant.wasStopped = true);
    }

    /** It runs again, and what it said before has come. */
    synchronized void resumed(int node) {
        stopped.remove(node);
    }

    // queues

    synchronized void enqueued(String value) {
        enqueued.add(value);
    }

    synchronized void handed(int node, JsonNode item) {
        handed.add(item.path("value").asText());
        int attempt = item.path("attempt").asInt();
        if (!attempts.computeIfAbsent(item.path("item").asText(), first -> new HashSet<>())
                .add(attempt)) {
            contradicts("handed out twice: node " + node + " got " + item);
        }
    }

    /** Items that were accepted and that no worker has got. */
    synchronized Set<String> notHanded() {
        Set<String> missing = new TreeSet<>(enqueued);
        missing.removeAll(handed);
        return missing;
    }

    // what is wrong

    synchronized void contradicts(String what) {
        contradictions.add(what);
    }

    void broken(Throwable failure) {
        contradicts("the clients themselves failed: " + failure);
    }

    /** Everything that must not be. */
    synchronized List<String> check() {
        List<String> found = new ArrayList<>(contradictions);
        Map<String, List<Grant>> byName = new HashMap<>();
        grants.forEach(grant ->
                byName.computeIfAbsent(grant.name, first -> new ArrayList<>()).add(grant));
        byName.values().forEach(all -> checkGrants(all, found));
        found.addAll(history.check(MODEL));
        return found;
    }

    private static void checkGrants(List<Grant> all, List<String> found) {
        List<Grant> byToken =
                all.stream().sorted(Comparator.comparing(grant -> grant.token)).toList();
        long latestAsked = 0;
        Grant before = null;
        for (Grant grant : byToken) {
            if (before != null && before.token.equals(grant.token)) {
                found.add("one token for two: " + before + ", " + grant);
            }
            if (grant.granted < latestAsked) {
                found.add(grant + " was granted before another with a smaller token was asked for");
            }
            latestAsked = Math.max(latestAsked, grant.asked);
            if (before != null
                    && !before.wasStopped
                    && !grant.wasStopped
                    && before.toNanos - grant.fromNanos > LINE_TIME.toNanos()) {
                found.add("held by two: " + before + " and " + grant);
            }
            before = grant;
        }
    }

    @Override
    public synchronized String toString() {
        return String.format(
                "operations %,d, answered %,d, keys %,d; leases %,d; items %,d, handed out %,d times",
                history.called(),
                history.answered(),
                keys.size(),
                grants.size(),
                enqueued.size(),
                attempts.values().stream().mapToInt(Set::size).sum());
    }
}
