/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli.observe;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** The lines of {@code totem explain}. Any thread. */
record ExplanationText(Moments moments) {

    private static final ObjectMapper JSON = new ObjectMapper();

    List<String> lines(NodeStatus status, List<Explanation> explanations) {
        List<String> lines = new ArrayList<>();
        for (Explanation each : explanations) {
            change(each, lines);
            lines.add("");
        }
        if (explanations.isEmpty()) {
            lines.add("Node " + status.node() + " has not been in a ring yet.");
        }
        NodeStatus.Health health = status.health();
        lines.add("Now, " + moments.dateAndTime(status.millis()) + ": node " + status.node() + " is " + health.word()
                + (health.reasons().isEmpty() ? "." : ":"));
        reasons(health, lines);
        return lines;
    }

    private void change(Explanation each, List<String> lines) {
        Change change = each.change();
        lines.add(moments.dateAndTime(change.millis()) + "  " + change.sentence());
        if (change.causes().isEmpty()) {
            lines.add("  no cause was told");
        }
        for (Change.Cause cause : change.causes()) {
            lines.add("  because: " + cause.text());
            String advice = CauseAdvice.of(cause.kind());
            if (!advice.isEmpty()) {
                lines.add("    " + advice);
            }
        }
        if (each.untold() > 0) {
            lines.add("    … " + each.untold() + " lines of the black box before");
        }
        each.story().forEach(line -> lines.add("    " + moments.time(line.millis()) + "  " + line.text()));
    }

    static void reasons(NodeStatus.Health health, List<String> lines) {
        for (NodeStatus.Reason reason : health.reasons()) {
            lines.add("  " + reason.line());
            if (!reason.remedy().isEmpty()) {
                lines.add("    " + reason.remedy());
            }
        }
    }

    /** A JSON object a change, then one about now. */
    List<String> json(NodeStatus status, List<Explanation> explanations) {
        List<String> lines = new ArrayList<>();
        for (Explanation each : explanations) {
            lines.add(json(each).toString());
        }
        ObjectNode now = JSON.createObjectNode()
                .put("event", "now")
                .put("millis", status.millis())
                .put("node", status.node())
                .put("live", status.health().isLive())
                .put("ready", status.health().isReady());
        ArrayNode reasons = now.putArray("reasons");
        for (NodeStatus.Reason reason : status.health().reasons()) {
            reasons.addObject()
                    .put("code", reason.code())
                    .put("text", reason.text())
                    .put("remedy", reason.remedy());
        }
        lines.add(now.toString());
        return lines;
    }

    private static ObjectNode json(Explanation each) {
        Change change = each.change();
        ObjectNode json = JSON.createObjectNode()
                .put("event", "change")
                .put("millis", change.millis())
                .put("kind", change.isRegular() ? "regular" : "transitional");
        int dot = change.ring().indexOf('.');
        if (dot > 0) {
            json.putObject("ring")
                    .put("rep", Integer.valueOf(change.ring().substring(0, dot)))
                    .put("seq", Long.valueOf(change.ring().substring(dot + 1)));
        }
        change.members().forEach(json.putArray("members")::add);
        change.joined().forEach(json.putArray("joined")::add);
        change.left().forEach(json.putArray("left")::add);
        json.put("primary", change.isPrimary()).put("text", change.sentence());
        ArrayNode causes = json.putArray("causes");
        for (Change.Cause cause : change.causes()) {
            causes.addObject()
                    .put("kind", cause.kind())
                    .put("text", cause.text())
                    .put("remedy", CauseAdvice.of(cause.kind()));
        }
        ArrayNode story = json.putArray("story");
        for (BoxLine line : each.story()) {
            story.addObject().put("millis", line.millis()).put("text", line.text());
        }
        return json;
    }
}
