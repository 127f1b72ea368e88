/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.internal.check;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The graph test of {@code PROTOCOL.md} 9.4 for S1.1, S2.3, S2.4, S6.1 and S6.2: every delivery of one message and every
 * installation of one configuration is one node, the logs are chains through them, and there is no cycle.
 */
final class OrderGraph {

    private static final int STARTS_MAX = 64;

    private final History history;
    private final Findings findings;
    private final Map<Span.Key, Integer> configurations = new HashMap<>();
    private final List<Span.Key> keys = new ArrayList<>();
    private final List<Known> known;
    private int[] from = new int[1 << 10];
    private int[] to = new int[1 << 10];
    private int edges;
    private int nodes;
    private int[] starts = {};
    private int[] targets = {};

    OrderGraph(History history, Findings findings) {
        this.history = history;
        this.findings = findings;
        this.known = List.copyOf(history.messages.values());
    }

    void check() {
        history.processes.values().forEach(this::chain);
        nodes = 2 * known.size() + keys.size();
        findings.count(EvsRule.S6_1, edges);
        sort();
        BitSet cyclic = cyclic();
        if (!cyclic.isEmpty()) {
            report(shortestCycle(cyclic));
        }
    }

    /** All lives of one process in one chain: an order across a restart counts as well. */
    private void chain(List<Life> lives) {
        int last = -1;
        BitSet seen = new BitSet();
        for (Life life : lives) {
            Walk walk = new Walk(life, last, seen);
            life.log.events().forEach(event -> event.dispatch(walk));
            last = walk.last;
        }
    }

    private int delivery(Known message) {
        return 2 * message.index;
    }

    private int sending(Known message) {
        return 2 * message.index + 1;
    }

    private int configuration(Span span) {
        Span.Key key = span.key();
        Integer index = configurations.get(key);
        if (index == null) {
            index = keys.size();
            configurations.put(key, index);
            keys.add(key);
        }
        return 2 * known.size() + index;
    }

    private void edge(int source, int target) {
        if (edges == from.length) {
            from = Arrays.copyOf(from, 2 * edges);
            to = Arrays.copyOf(to, 2 * edges);
        }
        from[edges] = source;
        to[edges++] = target;
    }

    /** Edges by their source. */
    private void sort() {
        starts = new int[nodes + 1];
        for (int i = 0; i < edges; i++) {
            starts[from[i] + 1]++;
        }
        for (int node = 0; node < nodes; node++) {
            starts[node + 1] += starts[node];
        }
        targets = new int[edges];
        int[] filled = Arrays.copyOf(starts, nodes);
        for (int i = 0; i < edges; i++) {
            targets[filled[from[i]]++] = to[i];
        }
    }

    /** What is left after peeling off whatever has nothing before it, and then whatever has nothing after it. */
    private BitSet cyclic() {
        BitSet left = new BitSet(nodes);
        left.set(0, nodes);
        peel(left, from, to, starts, targets);
        if (!left.isEmpty()) {
            OrderGraph reversed = new OrderGraph(history, findings);
            reversed.nodes = nodes;
            reversed.edges = edges;
            reversed.from = to;
            reversed.to = from;
            reversed.sort();
            peel(left, to, from, reversed.starts, reversed.targets);
        }
        return left;
    }

    private void peel(BitSet left, int[] sources, int[] sinks, int[] offsets, int[] nexts) {
        int[] incoming = new int[nodes];
        for (int i = 0; i < edges; i++) {
            if (left.get(sources[i])) {
                incoming[sinks[i]]++;
            }
        }
        int[] queue = new int[nodes];
        int end = 0;
        for (int node = left.nextSetBit(0); node >= 0; node = left.nextSetBit(node + 1)) {
            if (incoming[node] == 0) {
                queue[end++] = node;
            }
        }
        for (int read = 0; read < end; read++) {
            left.clear(queue[read]);
            for (int i = offsets[queue[read]]; i < offsets[queue[read] + 1]; i++) {
                if (--incoming[nexts[i]] == 0 && left.get(nexts[i])) {
                    queue[end++] = nexts[i];
                }
            }
        }
    }

    private List<Integer> shortestCycle(BitSet cyclic) {
        List<Integer> best = List.of();
        int tried = 0;
        for (int node = cyclic.nextSetBit(0); node >= 0 && tried < STARTS_MAX; node = cyclic.nextSetBit(node + 1)) {
            List<Integer> cycle = cycleThrough(node, cyclic);
            tried++;
            if (!cycle.isEmpty() && (best.isEmpty() || cycle.size() < best.size())) {
                best = cycle;
            }
        }
        return best;
    }

    private List<Integer> cycleThrough(int start, BitSet within) {
        Map<Integer, Integer> cameFrom = new HashMap<>();
        ArrayDeque<Integer> queue = new ArrayDeque<>(List.of(start));
        while (!queue.isEmpty()) {
            int node = queue.remove();
            for (int i = starts[node]; i < starts[node + 1]; i++) {
                int next = targets[i];
                if (next == start) {
                    return path(node, start, cameFrom);
                }
                if (within.get(next) && cameFrom.putIfAbsent(next, node) == null) {
                    queue.add(next);
                }
            }
        }
        return List.of();
    }

    private static List<Integer> path(int last, int start, Map<Integer, Integer> cameFrom) {
        ArrayDeque<Integer> path = new ArrayDeque<>();
        int node = last;
        while (node != start) {
            path.addFirst(node);
            node = cameFrom.getOrDefault(node, start);
        }
        path.addFirst(start);
        return List.copyOf(path);
    }

    private void report(List<Integer> cycle) {
        List<String> chain = new ArrayList<>();
        List<Life> where = new ArrayList<>();
        EvsRule rule = EvsRule.S6_1;
        for (int i = 0; i < cycle.size(); i++) {
            int node = cycle.get(i);
            int next = cycle.get((i + 1) % cycle.size());
            List<Life> logs = logsOf(node, next);
            where.addAll(logs);
            String by = logs.isEmpty() ? "by nature" : "at " + logs.get(0).name();
            chain.add(name(node) + " before " + name(next) + " " + by);
            if (node >= 2 * known.size()) {
                rule = EvsRule.S2_3;
            }
        }
        boolean sendings = cycle.stream().anyMatch(node -> node < 2 * known.size() && node % 2 == 1);
        findings.add(
                rule == EvsRule.S6_1 && sendings ? EvsRule.S1_1 : rule, "a cycle of " + cycle.size(), where, chain);
    }

    private List<Life> logsOf(int node, int next) {
        for (List<Life> lives : history.processes.values()) {
            int before = edges;
            chain(lives);
            for (int i = before; i < edges; i++) {
                if (from[i] == node && to[i] == next && !isByNature(node, next)) {
                    edges = before;
                    return List.of(lives.get(lives.size() - 1));
                }
            }
            edges = before;
        }
        return List.of();
    }

    private boolean isByNature(int node, int next) {
        return node < 2 * known.size() && next == node - 1 && node % 2 == 1;
    }

    private String name(int node) {
        if (node >= 2 * known.size()) {
            return "CONF " + keys.get(node - 2 * known.size());
        }
        return (node % 2 == 0 ? "DLV " : "SEND ") + known.get(node / 2).id;
    }

    /** One log as a path through the graph. */
    private final class Walk implements LogEvent.Handler {

        private final Life life;
        private final BitSet seen;
        private int last;
        private int spans;

        Walk(Life life, int last, BitSet seen) {
            this.life = life;
            this.last = last;
            this.seen = seen;
        }

        private void visit(int node) {
            if (last >= 0 && last != node) {
                edge(last, node);
            }
            last = node;
        }

        @Override
        public void conf(LogEvent.Conf conf) {
            Span span = life.spans.get(spans++);
            if (!span.partial) {
                visit(configuration(span));
            }
        }

        @Override
        public void submit(LogEvent.Submit submit) {
            Known message = history.known(submit.mid());
            if (message.sent == null) {
                letGo(message);
            }
        }

        @Override
        public void send(LogEvent.Send send) {
            letGo(history.known(send.mid()));
        }

        private void letGo(Known message) {
            visit(sending(message));
            edge(sending(message), delivery(message));
        }

        @Override
        public void group(LogEvent.Group group) {}

        @Override
        public void deliver(LogEvent.Deliver deliver) {
            Known message = history.known(deliver.mid());
            if (!seen.get(message.index)) {
                seen.set(message.index);
                visit(delivery(message));
            }
        }

        @Override
        public void sent(LogEvent.Sent sent) {}

        @Override
        public void unsent(LogEvent.Unsent unsent) {}

        @Override
        public void fail(LogEvent.Fail fail) {}

        @Override
        public void left() {}

        @Override
        public void stuck() {}
    }
}
