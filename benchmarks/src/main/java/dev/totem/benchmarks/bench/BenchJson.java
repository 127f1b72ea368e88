/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** What was measured as JSON; of matches every run with what each node reported, medians and ratios. Any thread. */
public final class BenchJson {

    private BenchJson() {}

    public static void write(Path file, List<String> arguments, List<Match> matches) throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        mapper.writerWithDefaultPrettyPrinter().writeValue(file.toFile(), tree(mapper, arguments, matches));
    }

    /** What else was measured, under a name of its own. */
    public static void write(Path file, List<String> arguments, String name, Object figures) throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        ObjectNode root = head(mapper, arguments);
        root.set(name, mapper.valueToTree(figures));
        mapper.writerWithDefaultPrettyPrinter().writeValue(file.toFile(), root);
    }

    private static ObjectNode head(ObjectMapper mapper, List<String> arguments) {
        ObjectNode root = mapper.createObjectNode();
        root.put("command", "totem bench " + String.join(" ", arguments));
        ObjectNode machine = root.putObject("machine");
        machine.put("os", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        machine.put("cpus", Runtime.getRuntime().availableProcessors());
        machine.put("java", System.getProperty("java.vm.version"));
        return root;
    }

    static ObjectNode tree(ObjectMapper mapper, List<String> arguments, List<Match> matches) {
        ObjectNode root = head(mapper, arguments);
        ArrayNode list = root.putArray("matches");
        for (Match match : matches) {
            ObjectNode node = list.addObject();
            node.set("work", mapper.valueToTree(match.work()));
            node.set("ours", side(mapper, match.ours()));
            Side peer = match.peer();
            if (peer != null) {
                node.set("peer", side(mapper, peer));
                ObjectNode ratios = node.putObject("ratios");
                ratios.set("msgs_s", ratios(mapper, match.throughputRatios()));
                ratios.set("cpu", ratios(mapper, match.cpuRatios()));
                ratios.set("p50", ratios(mapper, match.latencyRatios()));
            }
        }
        return root;
    }

    private static ObjectNode side(ObjectMapper mapper, Side side) {
        ObjectNode node = mapper.valueToTree(side);
        side.median().ifPresent(median -> node.set("median", mapper.valueToTree(median)));
        return node;
    }

    private static ObjectNode ratios(ObjectMapper mapper, List<Double> pairs) {
        ObjectNode node = mapper.createObjectNode();
        node.set("pairs", mapper.valueToTree(pairs));
        if (!pairs.isEmpty()) {
            node.put("median", Median.of(pairs));
        }
        return node;
    }
}
