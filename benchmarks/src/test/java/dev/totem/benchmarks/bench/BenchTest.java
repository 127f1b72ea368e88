/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.totem.benchmarks.load.LoadReport;
import java.io.StringReader;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.xml.sax.InputSource;

class BenchTest {

    private static final RunSpec AS_FAST_AS_POSSIBLE = new RunSpec(1_000, 20, 10, 0);
    private static final RunSpec PACED = new RunSpec(1_000, 20, 10, 300);

    private static LoadReport report(int node, double rate, double cpuSeconds, long total, String order) {
        return new LoadReport(node, 3, 1_000, rate, rate / 1e3, cpuSeconds, 100.0 * node, 900.0, 1_800.0, total, order);
    }

    private static Outcome reached(double rate, double p50Micros) {
        return new Outcome(new Figures(rate, rate / 1e3, 2, 1.5, p50Micros, 900.0, 1_800.0), null, List.of());
    }

    private static Side side(String name, Outcome... runs) {
        return new Side(name, 3, List.of(runs));
    }

    private static final Match UNEVEN = new Match(
            AS_FAST_AS_POSSIBLE,
            side("totem none", reached(200_000, 500), reached(300_000, 400), reached(90_000, 600)),
            side("jgroups none", reached(100_000, 1_000), Outcome.failed("it collapsed"), reached(30_000, 1_800)));

    @Test
    void theMedianIsTheMiddleOrTheMeanOfTheTwoInIt() {
        assertThat(Median.of(List.of(9.0, 1.0, 4.0))).isEqualTo(4);
        assertThat(Median.of(List.of(9.0, 1.0, 4.0, 6.0))).isEqualTo(5);
        assertThatThrownBy(() -> Median.of(List.of())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aDeliveryAtOneNodeCostsItsShareOfTheTimeOfAllProcesses() {
        Figures figures = Figures.of(
                List.of(report(1, 100_000, 4, 7, "a"), report(2, 110_000, 5, 7, "a"), report(3, 90_000, 6, 7, "a")),
                10);

        assertThat(figures.cpuMicros()).isCloseTo(15e6 / 3e6, within(1e-9));
        assertThat(figures.cores()).isCloseTo(1.5, within(1e-9));
        assertThat(figures.messagesPerSecond()).isEqualTo(100_000);
        assertThat(figures.p50Micros()).isEqualTo(200);
    }

    @Test
    void nodesThatDisagreeFailTheRun() {
        Outcome agreed = Outcome.of(List.of(report(1, 5, 1, 7, "a"), report(2, 5, 1, 7, "a")), 10);
        Outcome missed = Outcome.of(List.of(report(1, 5, 1, 7, "a"), report(2, 5, 1, 8, "a")), 10);
        Outcome disordered = Outcome.of(List.of(report(1, 5, 1, 7, "a"), report(2, 5, 1, 7, "b")), 10);
        Outcome silent = Outcome.of(List.of(report(1, 0, 1, 7, "a"), report(2, 0, 1, 7, "a")), 10);

        assertThat(agreed.failure()).isNull();
        assertThat(missed.failure()).isEqualTo("node 1 delivered 7 messages, node 2 8");
        assertThat(disordered.failure()).contains("different orders");
        assertThat(silent.failure()).contains("nothing was delivered");
        assertThat(Stream.of(missed, disordered, silent).map(Outcome::figures)).containsOnlyNulls();
    }

    @Test
    void ratiosAreOfPairsInWhichNeitherFailed() {
        assertThat(UNEVEN.throughputRatios()).containsExactly(2.0, 3.0);
        assertThat(UNEVEN.cpuRatios()).containsExactly(1.0, 1.0);
        assertThat(UNEVEN.latencyRatios()).containsExactly(2.0, 3.0);
        assertThat(new Match(PACED, UNEVEN.ours(), UNEVEN.peer()).ratios()).isEqualTo(UNEVEN.latencyRatios());
        assertThat(new Match(PACED, UNEVEN.ours(), null).ratios()).isEmpty();
    }

    @Test
    void theTableHasARowForEachSideAndALineForEachFailure() {
        List<String> lines = BenchTable.of(List.of(UNEVEN)).lines().toList();

        assertThat(lines.get(2)).contains("1,000", "totem none", "200,000", "200.0", "2.00", "0.50", "0.90", "1.80");
        assertThat(lines.get(3)).contains("jgroups none", "65,000", "2.50 (2.00 3.00)", "1.00 (1.00 1.00)");
        assertThat(lines.subList(0, 4))
                .extracting(String::length)
                .containsOnly(lines.get(0).length());
        assertThat(lines).contains("failed: jgroups none, 1,000 B, 1 of 3 runs: it collapsed");
    }

    @Test
    void aSideThatNeverEndedWellIsARow() {
        Match lost = new Match(
                AS_FAST_AS_POSSIBLE, side("totem none", reached(5, 5)), side("corosync", Outcome.failed("gone")));

        assertThat(BenchTable.of(List.of(lost)).lines().toList().get(3)).contains("corosync", "failed");
        assertThat(BenchChart.svg(List.of(lost))).contains("failed");
    }

    @Test
    void theChartIsXmlWithABarForEachSide() throws Exception {
        Match odd = new Match(AS_FAST_AS_POSSIBLE, side("a < b & c", reached(5, 5)), null);
        String svg = BenchChart.svg(List.of(UNEVEN, odd));

        DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
        assertThat(svg).contains("1,000 bytes: × 2.50", "200,000", "65,000", "a &lt; b &amp; c");
        assertThat(BenchChart.svg(List.of(new Match(PACED, UNEVEN.ours(), UNEVEN.peer()))))
                .contains("0.50 (0.90)", "1.40 (0.90)");
    }

    @Test
    void messagesOfSeveralSizesAloneAreComparedByTheirBytes() {
        Match small = new Match(AS_FAST_AS_POSSIBLE, side("totem none", reached(200_000, 5)), null);
        Match large = new Match(new RunSpec(10_000, 20, 10, 0), side("totem none", reached(100_000, 5)), null);

        assertThat(BenchChart.svg(List.of(small, large))).contains("Megabytes", "200 (200,000)", "100 (100,000)");
        assertThat(BenchChart.svg(List.of(small, small))).doesNotContain("Megabytes");
    }

    @Test
    void theJsonHasEveryRunMediansAndRatios() {
        JsonNode json = BenchJson.tree(new ObjectMapper(), List.of("--pairs", "3"), List.of(UNEVEN));

        assertThat(json.at("/command").asText()).isEqualTo("totem bench --pairs 3");
        assertThat(json.at("/matches/0/ratios/msgs_s/median").asDouble()).isEqualTo(2.5);
        assertThat(json.at("/matches/0/ours/median/msgs_s").asDouble()).isEqualTo(200_000);
        assertThat(json.at("/matches/0/peer/runs/1/failure").asText()).isEqualTo("it collapsed");
        assertThat(json.at("/matches/0/work/sizeBytes").asInt()).isEqualTo(1_000);
    }

    @Test
    void aTableWantsACellForEachHeading() {
        TextTable table = new TextTable("a", "b");

        assertThatThrownBy(() -> table.add(List.of("1"))).isInstanceOf(IllegalArgumentException.class);
        table.add(List.of("1", "two cells"));
        assertThat(table.text()).isEqualTo("| a   | b         |\n|-----|-----------|\n| 1   | two cells |\n");
    }
}
