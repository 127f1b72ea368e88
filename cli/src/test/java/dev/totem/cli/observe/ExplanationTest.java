/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.testkit.TestRing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExplanationTest {

    private static final Duration SOON = Duration.ofSeconds(30);

    private final ExplanationText text = new ExplanationText(Documents.MOMENTS);

    private static String line(long afterMillis, String rest) {
        return "{\"millis\":" + (Documents.START + afterMillis) + ",\"event\":" + rest + "}";
    }

    private static final List<String> BOX = List.of(
            line(-9_000, "\"phase\",\"phase\":\"gather\",\"why\":\"LINK_UP, proc [1] fail []\""),
            line(
                    -8_000,
                    "\"config\",\"kind\":\"regular\",\"ring\":\"1.4\",\"members\":\"[1]\",\"joined\":\"[1]\",\"left\":\"[]\",\"primary\":\"true\",\"causes\":\"[]\""),
            line(
                    -500,
                    "\"join\",\"from\":2,\"life\":\"7\",\"ring\":4,\"proc\":\"[1, 2, 3]\",\"fail\":\"[]\",\"heard\":\"[]\""),
            line(
                    0,
                    "\"config\",\"kind\":\"regular\",\"ring\":\"1.8\",\"members\":\"[1, 2, 3]\",\"joined\":\"[2, 3]\",\"left\":\"[]\",\"primary\":\"true\",\"causes\":\"[node 2 of another ring heard at node 1]\""),
            line(57_000, "\"refused\",\"not-authentic\":4"),
            line(58_799, "\"timer\",\"timer\":\"token-loss\""),
            line(
                    58_800,
                    "\"phase\",\"phase\":\"gather\",\"why\":\"TOKEN_LOST_IN_OPERATIONAL, proc [1, 2, 3] fail []\""),
            line(60_000, "\"timer\",\"timer\":\"consensus\""),
            line(
                    60_000,
                    "\"config\",\"kind\":\"transitional\",\"ring\":\"1.8\",\"members\":\"[1, 2]\",\"joined\":\"[]\",\"left\":\"[3]\",\"primary\":\"true\",\"causes\":\"[]\""),
            line(
                    60_001,
                    "\"config\",\"kind\":\"regular\",\"ring\":\"1.12\",\"members\":\"[1, 2]\",\"joined\":\"[]\",\"left\":\"[]\",\"primary\":\"false\",\"causes\":\"[token lost at node 1]\""),
            line(60_001, "\"phase\",\"phase\":\"operational\",\"why\":\"ring 1.12 of [1, 2]\""),
            "{\"millis\":17,\"eve");

    @Test
    void tellsChangesWithTheirCausesAndWhatLedToThem() {
        NodeStatus status = Documents.status(Documents.alone(61));

        assertThat(text.lines(status, Explanation.of(status, BoxLine.of(BOX))))
                .containsExactly(
                        "2026-11-29 07:59:52.000  Ring 1.4 of node 1 is formed, with node 1 new in it.",
                        "  no cause was told",
                        "    07:59:51.000  looks for a ring: link up; of nodes [1]",
                        "",
                        "2026-11-29 08:00:00.000  Ring 1.8 of nodes 1, 2 and 3 is formed, with nodes 2 and 3 new in it.",
                        "  because: node 2 of another ring heard at node 1",
                        "    07:59:59.500  node 2 proposes [1, 2, 3]",
                        "",
                        "2026-11-29 08:01:00.001  Ring 1.12 of nodes 1 and 2 is formed, without node 3; it is not primary, so it may not decide.",
                        "  because: token lost at node 1, which had it 1000 ms before and sent it again 3 times; last heard of at node 3",
                        "    " + CauseAdvice.of("token-lost"),
                        "  because: node 3 not heard at node 1 for 1200 ms",
                        "    " + CauseAdvice.of("member-silent"),
                        "    08:00:57.000  frames not opened: not-authentic 4",
                        "    08:00:58.799  no token came for a token timeout",
                        "    08:00:58.800  looks for a ring: token lost in operational; of nodes [1, 2, 3]",
                        "    08:01:00.000  no agreement within the consensus timeout: who is silent is given up",
                        "",
                        "Now, 2026-11-29 08:01:01.000: node 1 is not ready:",
                        "  not-primary: 2 of 4 votes",
                        "    Start more nodes.");
    }

    @Test
    void jsonSaysTheSame() {
        NodeStatus status = Documents.status(Documents.alone(61));
        List<String> lines = text.json(status, Explanation.of(status, List.of()));

        assertThat(lines)
                .hasSize(3)
                .last()
                .isEqualTo(
                        "{\"event\":\"now\",\"millis\":" + status.millis()
                                + ",\"node\":1,\"live\":true,\"ready\":false,"
                                + "\"reasons\":[{\"code\":\"not-primary\",\"text\":\"2 of 4 votes\",\"remedy\":\"Start more nodes.\"}]}");
        assertThat(lines.get(1))
                .contains(
                        "\"ring\":{\"rep\":1,\"seq\":12},\"members\":[1,2],\"joined\":[],\"left\":[3],\"primary\":false")
                .contains("{\"kind\":\"token-lost\",\"text\":\"token lost at node 1, which");
    }

    @Test
    void aRingThatIsOverAndHasNoSuccessorYetIsToldToo() {
        NodeStatus status =
                Documents.status(Documents.alone(61).replace("," + Documents.SMALLER.replace("\n", " "), ""));

        assertThat(Explanation.of(status, List.of()))
                .last()
                .satisfies(last -> assertThat(last.change().sentence())
                        .isEqualTo("Ring 1.8 is over, and nodes 1 and 2 go on together, without node 3."));
    }

    @Test
    void whoHasLeftOnTheWayAndIsBackIsNewAndNotGone() {
        NodeStatus status = Documents.status(Documents.alone(61)
                .replace(
                        "\"members\":[1,2],\"joined\":[],\"left\":[],\"primary\":false",
                        "\"members\":[1,2,3],\"joined\":[3],\"left\":[],\"primary\":true"));

        assertThat(Explanation.of(status, List.of())).last().satisfies(last -> {
            assertThat(last.change().joined()).containsExactly(3);
            assertThat(last.change().left()).isEmpty();
        });
    }

    @Test
    void aLongStoryIsCutInFront() {
        NodeStatus status = Documents.status(Documents.healthy(1));
        List<String> box = new ArrayList<>();
        for (int i = 1; i <= 4_096; i++) {
            box.add(line(-i, "\"slept\",\"asleep\":" + i + ",\"lease-over\":\"true\""));
        }
        List<String> lines = text.lines(status, Explanation.of(status, BoxLine.of(box)));

        assertThat(lines).hasSize(17);
        assertThat(lines.get(2)).isEqualTo("    … 4084 lines of the black box before");
    }

    /** The lines of real nodes are known here: what is not would show its name and fields. */
    @Test
    void readsTheBlackBoxesOfARingThatWasCutAndHealed() {
        try (TestRing ring = TestRing.of(3)) {
            ring.awaitOneRing().block(SOON);
            ring.partition(3);
            ring.awaitRing(1, 2).block(SOON);
            ring.heal();
            ring.awaitOneRing().block(SOON);
            List<BoxLine> box = BoxLine.of(ring.node(1).blackBox());

            assertThat(box).hasSameSizeAs(ring.node(1).blackBox());
            assertThat(box)
                    .filteredOn(line -> line.change().isEmpty())
                    .allSatisfy(
                            line -> assertThat(line.text())
                                    .matches(
                                            "(looks for a ring: |all agree on ring |exchanges what is missing for ring |takes part in ring"
                                                    + " |no token came|no agreement|node \\d proposes|messages not used: |timers: |nothing ran).*"));
            List<Explanation> told = Explanation.of(
                    Documents.status(
                            "{\"node\":1,\"health\":{\"live\":true,\"ready\":true},\"membership\":{\"ring\":{\"rep\":1,"
                                    + "\"seq\":8},\"members\":[1]}}"),
                    box);
            assertThat(told)
                    .anySatisfy(each -> {
                        assertThat(each.change().left()).containsExactly(3);
                        assertThat(each.change().members()).containsExactly(1, 2);
                        assertThat(each.change().causes())
                                .singleElement()
                                .satisfies(cause -> assertThat(cause.text()).contains("node 3"));
                    })
                    .last()
                    .satisfies(each -> {
                        assertThat(each.change().joined()).containsExactly(3);
                        assertThat(each.change().causes())
                                .singleElement()
                                .satisfies(cause -> assertThat(cause.text()).contains("another ring heard"));
                    });
        }
    }
}
