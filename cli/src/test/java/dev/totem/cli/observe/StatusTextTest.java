/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StatusTextTest {

    private final StatusText text = new StatusText(Documents.MOMENTS);

    @Test
    void aHealthyRingIsSeenAtAGlance() {
        NodeStatus first = Documents.status(Documents.healthy(61));
        NodeStatus later = Documents.status(Documents.healthy(62));

        assertThat(text.lines(later, Rates.between(first, later)))
                .containsExactly(
                        "node 1 of cluster lab: ready, nodes 1, 2 and 3 in ring 1.8",
                        "  time        2026-11-29 08:01:02.000, totem 0.1.0",
                        "  ring        1.8, primary, for 1 min 2 s",
                        "  member      1  this node",
                        "  member      2  joined 2026-11-29 08:00:00.000; node 2 of another ring heard at node 1",
                        "  member      3  joined 2026-11-29 08:00:00.000",
                        "  lease       held for 480 ms more",
                        "  groups      2 with members",
                        "  keys        sealing with key 3, 1 changes",
                        "  memory      0 bytes wait for subscribers, 0 bytes of sends under way, 0 sends wait",
                        "  rates       2,500 frames/s delivered, 800 originated, 0 sent again; 9,000 tokens/s; 1.5"
                                + " MB/s out, 2.5 MB/s in",
                        "  last change 2026-11-29 08:00:00.000  Ring 1.8 of nodes 1, 2 and 3 is formed, with nodes 2"
                                + " and 3 new in it.",
                        "              because: node 2 of another ring heard at node 1");
    }

    @Test
    void membersHaveTheirPlacesAndWhoIsMissingHasARow() {
        NodeStatus status = Documents.status(Documents.healthy(61).replace("\"version\"", """
            "peers":[
             {"node":2,"member":true,"places":[{"network":1,"address":"10.0.0.2:7400","source":"listed","silenceMillis":3,"roundTripMicros":214},
                                               {"network":2,"address":"10.1.0.2:7400","source":"listed","silenceMillis":65000}]},
             {"node":4,"member":false,"places":[{"network":1,"address":"db-4:7400","source":"listed"}]},
             {"node":9,"member":false,"places":[{"network":1,"address":"10.0.0.9:7400","source":"heard","silenceMillis":5}]},
             {"member":false,"places":[{"network":1,"address":"10.0.0.7:7400","source":"found"}]}],
            "version\"\
            """.replace("\n", " ")));

        assertThat(text.lines(status, Optional.empty()))
                .containsSubsequence(
                        "  member      1  this node",
                        "  member      2  10.0.0.2:7400, 0.21 ms; network 2: 10.1.0.2:7400, not heard for 1 min 5 s;"
                                + " joined 2026-11-29 08:00:00.000; node 2 of another ring heard at node 1",
                        "  member      3  joined 2026-11-29 08:00:00.000",
                        "  missing     4  db-4:7400, never heard",
                        "  other       9  10.0.0.9:7400",
                        "  missing     ?  10.0.0.7:7400, never heard",
                        "  lease       held for 480 ms more");
    }

    @Test
    void whatIsWrongComesFirstWithItsRemedy() {
        List<String> lines = text.lines(Documents.status(Documents.alone(90)), Optional.empty());

        assertThat(lines)
                .startsWith(
                        "node 1 of cluster lab: not ready, nodes 1 and 2 in ring 1.12, not primary",
                        "  not-primary: 2 of 4 votes",
                        "    Start more nodes.")
                .contains("  rates       not known")
                .endsWith("              because: node 3 not heard at node 1 for 1200 ms");
    }
}
