/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli.observe;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * A change of the configuration, as a node tells it. Immutable, any thread.
 *
 * @param millis when, by the wall clock of the node
 * @param ring {@code REP.SEQ}; of a transitional one the old ring
 */
record Change(
        long millis,
        boolean isRegular,
        String ring,
        List<Integer> members,
        List<Integer> joined,
        List<Integer> left,
        boolean isPrimary,
        List<Cause> causes) {

    /**
     * One of them.
     *
     * @param about the node that it tells of; 0 if it is of none
     * @param text in words, those of {@code dev.totem.core.ChangeCause}
     */
    record Cause(String kind, int about, String text) {}

    /** @throws IllegalArgumentException if a field is missing */
    static Change of(JsonNode change) {
        List<Cause> causes = new ArrayList<>();
        for (JsonNode cause : change.path("causes")) {
            String kind = NodeStatus.text(cause, "kind");
            int about = cause.path("node").asInt(cause.path("last").asInt());
            causes.add(new Cause(kind, about, cause.has("text") ? NodeStatus.text(cause, "text") : kind));
        }
        return new Change(
                change.path("millis").asLong(),
                NodeStatus.text(change, "kind").equals("regular"),
                NodeStatus.ring(NodeStatus.required(change, "ring")),
                NodeStatus.nodes(NodeStatus.required(change, "members")),
                NodeStatus.nodes(change.path("joined")),
                NodeStatus.nodes(change.path("left")),
                change.path("primary").asBoolean(true),
                List.copyOf(causes));
    }

    /** What happened, a sentence. */
    String sentence() {
        StringBuilder words = new StringBuilder();
        if (isRegular) {
            words.append("Ring ")
                    .append(ring)
                    .append(" of ")
                    .append(Plain.nodes(members))
                    .append(" is formed");
        } else {
            words.append("Ring ").append(ring).append(" is over, and ").append(Plain.nodes(members));
            words.append(members.size() == 1 ? " goes on" : " go on together");
        }
        if (!joined.isEmpty()) {
            words.append(", with ").append(Plain.nodes(joined)).append(" new in it");
        }
        if (!left.isEmpty()) {
            words.append(", without ").append(Plain.nodes(left));
        }
        if (isRegular && joined.isEmpty() && left.isEmpty()) {
            words.append(", with nobody new and nobody gone");
        }
        return words.append(isPrimary ? "." : "; it is not primary, so it may not decide.")
                .toString();
    }
}
