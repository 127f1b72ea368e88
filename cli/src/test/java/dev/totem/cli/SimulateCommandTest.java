/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.testkit.Fault;
import dev.totem.testkit.internal.sim.NodeLauncher;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import reactor.core.publisher.Mono;

class SimulateCommandTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private int status;

    private List<String> run(NodeLauncher launcher, String... words) {
        status = new CommandLine(new SimulateCommand(() -> launcher))
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(words);
        return out.toString().lines().toList();
    }

    @Test
    void saysWhatWasDoneAndChecked() {
        List<String> lines = run(NodeLauncher.production(), "--seed", "7", "--nodes", "3", "--steps", "8");

        assertThat(status).isZero();
        assertThat(lines).hasSize(6).startsWith("seed 7", "schedules 1").endsWith("no violation");
        assertThat(lines.get(2)).matches("rings formed [1-9]\\d*");
        assertThat(lines.get(3)).matches("messages delivered [1-9]\\d*");
        assertThat(lines.get(4)).matches("properties checked [1-9]\\d* times");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void repeatsARunByItsSeed() {
        List<String> first = run(NodeLauncher.production(), "--seed", "3", "--faults", "crash,loss");
        out.getBuffer().setLength(0);

        assertThat(run(NodeLauncher.production(), "--seed", "3", "--faults", "crash,loss"))
                .isEqualTo(first);
    }

    @Test
    void runsScheduleAfterScheduleForSomeTime() {
        List<String> lines = run(NodeLauncher.production(), "--seed", "1", "--nodes", "2", "--minutes", "0.05");

        assertThat(status).isZero();
        assertThat(lines.get(1)).matches("schedules [1-9]\\d*");
    }

    @Test
    void showsTheSeedAndTheShortestScheduleOfAViolation() {
        NodeLauncher broken = (self, config, world, onBound) -> Mono.error(new IllegalStateException("broken"));

        List<String> lines = run(broken, "--seed", "9", "--nodes", "2", "--steps", "3");

        assertThat(status).isEqualTo(1);
        assertThat(lines)
                .anyMatch(line -> line.startsWith("violation with seed 9: "))
                .anyMatch(line -> line.contains("broken"))
                .contains("the shortest schedule that shows it, of 2 nodes:");
        assertThat(lines.get(lines.size() - 1)).isEmpty();
    }

    @Test
    void namesAllFaultsInItsHelp() {
        run(NodeLauncher.production(), "--help");

        String help = out.toString().replaceAll("\\s+", " ");
        for (Fault fault : Fault.values()) {
            assertThat(help).contains(fault.toString());
        }
    }
}
