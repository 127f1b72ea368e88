/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScreenTest {

    private static History healthy() {
        History seen = History.empty();
        for (int second = 1; second <= 200; second++) {
            seen = seen.with(Documents.status(Documents.healthy(second)));
        }
        return seen;
    }

    private static History cut() {
        return healthy().with(Documents.status(Documents.alone(201)));
    }

    private static List<String> screen(History seen, int width, int height) {
        return new Screen(width, height, false, Documents.MOMENTS).lines(seen);
    }

    private static void fits(List<String> lines, int width, int height) {
        assertThat(lines)
                .hasSize(height)
                .allSatisfy(line -> assertThat(Row.width(line)).isLessThanOrEqualTo(width));
    }

    @Test
    void aHealthyRingFits80x24() {
        List<String> lines = screen(healthy(), 80, 24);

        fits(lines, 80, 24);
        assertThat(lines.get(0)).isEqualTo("Totem  node 1 of lab  ready  08:03:20  totem 0.1.0");
        assertThat(lines)
                .contains(
                        "ring      1.8  primary  for 3 min 20 s  lease for 480 ms",
                        "members   3: 1* 2 3",
                        "keys      sealing with key 3, 1 changes",
                        "delivered 2,500 frames/s                    " + "█".repeat(36),
                        "again     0 frames/s                        " + "▁".repeat(36),
                        "08:00:00  Ring 1.8 of nodes 1, 2 and 3 is formed, with nodes 2 and 3 new in it.",
                        "            because: node 2 of another ring heard at node 1")
                .endsWith("q ends");
    }

    @Test
    void whatIsWrongIsOnTopAndTheLatestChangeIsFirst() {
        List<String> lines = screen(cut(), 80, 24);

        fits(lines, 80, 24);
        assertThat(lines.get(0)).startsWith("Totem  node 1 of lab  not ready  08:03:21");
        assertThat(lines.get(2).strip()).isEqualTo("not-primary: 2 of 4 votes");
        assertThat(lines.get(3).strip()).isEqualTo("Start more nodes.");
        assertThat(lines)
                .contains("missed    node 3")
                .contains("08:01:00  Ring 1.12 of nodes 1 and 2 is formed, without node 3; it is not");
    }

    @Test
    void aWideTerminalShowsMore() {
        List<String> lines = screen(cut(), 160, 50);

        fits(lines, 160, 50);
        assertThat(lines)
                .contains(
                        "            because: token lost at node 1, which had it 1000 ms before and sent it again 3 times; last heard of at node 3",
                        "08:01:00  Ring 1.12 of nodes 1 and 2 is formed, without node 3; it is not primary, so it may not decide.",
                        "08:00:00  Ring 1.8 of nodes 1, 2 and 3 is formed, with nodes 2 and 3 new in it.")
                .anySatisfy(line -> assertThat(line).startsWith("delivered ").hasSize(160));
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "2, 3", "10, 5", "40, 12", "79, 23", "81, 200", "500, 2"})
    void fitsWhateverTheTerminalIs(int width, int height) {
        fits(screen(History.empty(), width, height), width, height);
        fits(screen(healthy(), width, height), width, height);
        fits(screen(cut(), width, height), width, height);
        fits(screen(cut().without("nobody answers there ".repeat(20)), width, height), width, height);
    }

    @Test
    void namesInWideLettersFitToo() {
        NodeStatus status = Documents.status(Documents.healthy(3).replace("\"lab\"", "\"" + "漢字🛰".repeat(40) + "\""));

        fits(screen(History.empty().with(status), 80, 24), 80, 24);
        assertThat(Row.of("漢字").render(3, false)).isEqualTo("漢…");
        assertThat(Row.of("漢字").render(4, false)).isEqualTo("漢字");
    }

    @Test
    void theLargestRingFits() {
        String members = IntStream.rangeClosed(1, 384).mapToObj(String::valueOf).collect(Collectors.joining(","));
        NodeStatus status =
                Documents.status(Documents.healthy(3).replace("\"members\":[1,2,3]", "\"members\":[" + members + "]"));

        fits(screen(History.empty().with(status), 80, 24), 80, 24);
    }

    @Test
    void coloursChangeNothingButColours() {
        List<String> coloured = new Screen(80, 24, true, Documents.MOMENTS).lines(cut());

        assertThat(coloured).anySatisfy(line -> assertThat(line).contains("\u001b[31"));
        assertThat(coloured.stream().map(line -> line.replaceAll("\u001b\\[[0-9;]*m", "")))
                .containsExactlyElementsOf(screen(cut(), 80, 24));
        assertThat(screen(cut(), 80, 24)).noneSatisfy(line -> assertThat(line).contains("\u001b"));
    }

    @Test
    void aNodeThatIsGoneIsSaidAndWhatWasKnownStays() {
        List<String> lines = screen(healthy().without("127.0.0.1:80: nobody answers there"), 80, 24);

        assertThat(lines.get(0)).startsWith("Totem  node 1 of lab  gone  last seen 08:03:20");
        assertThat(lines.get(2)).isEqualTo("127.0.0.1:80: nobody answers there; trying again");
        assertThat(lines).contains("members   3: 1* 2 3");
        assertThat(screen(History.empty(), 80, 24).get(0)).isEqualTo("Totem  connecting …");
        assertThat(screen(History.empty().without("x"), 80, 24).get(0)).isEqualTo("Totem  nobody answers");
    }

    @Test
    void anHourOfDocumentsIsNotKept() {
        History seen = History.empty();
        for (int second = 1; second <= 3_600; second++) {
            seen = seen.with(Documents.status(Documents.healthy(second)));
        }
        assertThat(seen.rates()).hasSize(History.RATES_MAX);
    }

    @Test
    void aNodeThatWasStartedAgainHasNewRates() {
        assertThat(healthy()
                        .with(Documents.status(Documents.healthy(201).replace("\"tokens\":", "\"tokens\":1,\"x\":")))
                        .rates())
                .isEmpty();
    }
}
