/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Quorums as people write them. */
final class QuorumText {

    private static final String FORMS =
            "none, majority:N, majority:ID,ID,... or weighted:ID=VOTES,...; behind the latter +tie:ID and"
                    + " +expect:N, for example majority:4+tie:1+expect:3";
    private static final Pattern TEXT = Pattern.compile(
            "none|(?:(majority):(\\d{1,10}(?:,\\d{1,10})*)|(weighted):(\\d{1,10}=\\d{1,9}(?:,\\d{1,10}=\\d{1,9})*))"
                    + "(?:\\+tie:(\\d{1,10}))?(?:\\+expect:(\\d{1,9}))?");

    private QuorumText() {}

    static Quorum parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        Quorum.require(matcher.matches(), text, FORMS);
        Quorum quorum = matcher.group(1) != null
                ? majority(text, matcher.group(2))
                : matcher.group(3) != null ? weighted(text, matcher.group(4)) : Quorum.none();
        if (matcher.group(5) != null) {
            quorum = quorum.withTieBreaker(node(text, matcher.group(5)));
        }
        return matcher.group(6) == null ? quorum : quorum.bootstrapExpect(Integer.parseInt(matcher.group(6)));
    }

    private static Quorum majority(String text, String list) {
        if (!list.contains(",")) {
            return Quorum.majority(number(text, list));
        }
        List<NodeId> nodes =
                Stream.of(list.split(",", -1)).map(id -> node(text, id)).toList();
        Quorum.require(nodes.stream().distinct().count() == nodes.size(), text, "name each node once");
        return Quorum.majority(nodes);
    }

    private static Quorum weighted(String text, String list) {
        Map<NodeId, Integer> votes = new TreeMap<>();
        for (String entry : list.split(",", -1)) {
            String[] parts = entry.split("=", -1);
            boolean isNew = votes.put(node(text, parts[0]), Integer.parseInt(parts[1])) == null;
            Quorum.require(isNew, text, "name each node once");
        }
        return Quorum.weighted(votes);
    }

    private static NodeId node(String text, String digits) {
        return NodeId.of(number(text, digits));
    }

    private static int number(String text, String digits) {
        long number = Long.parseLong(digits);
        Quorum.require(number <= Integer.MAX_VALUE, text, "a node id is from 1 to " + Integer.MAX_VALUE);
        return (int) number;
    }
}
