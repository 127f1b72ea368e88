/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Logs of two nodes of one ring, each with one thing missing that only a stated end can demand. */
class CheckCommandTest {

    private static final String ALONE = "{\"rep\":%d,\"seq\":4}";
    private static final String RING = "{\"rep\":1,\"seq\":8}";

    @TempDir
    Path folder;

    private record Run(int status, String out, String err) {}

    private Run check(List<Path> logs, String... options) {
        List<String> words = new ArrayList<>(List.of("check"));
        words.addAll(List.of(options));
        logs.forEach(log -> words.add(log.toString()));
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int status = TotemCommand.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(words.toArray(String[]::new));
        return new Run(status, out.toString(), err.toString());
    }

    /** Node 1 or 2, from its own ring to that of both, and what it says then. */
    private Path log(int node, String... events) throws IOException {
        List<String> lines = new ArrayList<>(alone(node));
        lines.add(config("transitional", ALONE.formatted(node), String.valueOf(node), ""));
        lines.add(config("regular", RING, "1,2", String.valueOf(3 - node)));
        lines.addAll(List.of(events));
        return Files.write(folder.resolve(node + ".log"), lines);
    }

    private static List<String> alone(int node) {
        return List.of(
                "{\"event\":\"ready\",\"node\":%d}".formatted(node),
                config("regular", ALONE.formatted(node), String.valueOf(node), ""));
    }

    private static String config(String kind, String ring, String members, String joined) {
        return "{\"event\":\"config\",\"kind\":\"%s\",\"ring\":%s,\"members\":[%s],\"joined\":[%s],\"left\":[]}"
                .formatted(kind, ring, members, joined);
    }

    private static String deliver(int sender, int seq) {
        return deliver(sender, seq, "agreed");
    }

    private static String deliver(int sender, int seq, String guarantee) {
        return ("{\"event\":\"deliver\",\"sender\":%d,\"groups\":[\"lab\"],\"guarantee\":\"%s\",\"ring\":%s,\"seq\":%d,"
                        + "\"index\":0,\"data\":\"aGVsbG8=\"}")
                .formatted(sender, guarantee, RING, seq);
    }

    private static String sent(int seq) {
        return "{\"event\":\"sent\",\"tag\":\"x\",\"ring\":%s,\"seq\":%d,\"index\":0}".formatted(RING, seq);
    }

    private void breaksOnlyWithTheEndStated(String rule, Path... logs) {
        assertThat(check(List.of(logs)).status()).isZero();
        Run stated = check(List.of(logs), "--stable-end", "1,2");
        assertThat(stated.out()).contains(rule + " (");
        assertThat(stated.status()).isEqualTo(1);
    }

    @Test
    void passesWhenAllHaveTheSameAndSaysWhatStaysOpen() throws IOException {
        Path one = log(1, deliver(1, 1), sent(1), deliver(2, 2));
        Path two = log(2, deliver(1, 1), deliver(2, 2), sent(2));

        Run stated = check(List.of(one, two), "--stable-end", "1,2");

        assertThat(stated.status()).as(stated.out()).isZero();
        assertThat(stated.out())
                .contains("S2_1 ", "S3_L ", "S4_L ", "A4 ", "not checked: A4, only sends that were delivered at home")
                .doesNotContain("nobody says that the end was stable");
        assertThat(check(List.of(one, two)).out())
                .contains("not checked: S2_1, nobody says", "not checked: S4_L, nobody says");
    }

    @Test
    void seesARingThatIsNotThatOfAllInTheEnd() throws IOException {
        Path lonely = Files.write(folder.resolve("2.log"), alone(2));
        breaksOnlyWithTheEndStated("S2_1", log(1), lonely);
        assertThat(check(List.of(log(1), log(2)), "--stable-end", "1", "--stable-end", "2")
                        .status())
                .isEqualTo(1);
    }

    @Test
    void seesAnOwnMessageThatIsMissingInTheEnd() throws IOException {
        breaksOnlyWithTheEndStated("S3_L", log(1), log(2, deliver(1, 1)));
    }

    @Test
    void seesThatOneHasDeliveredLessInTheEnd() throws IOException {
        breaksOnlyWithTheEndStated("S4_L", log(1, deliver(1, 1), sent(1)), log(2));
    }

    @Test
    void seesASafeMessageThatIsMissingInTheEnd() throws IOException {
        breaksOnlyWithTheEndStated("S7_1", log(1, deliver(1, 1, "safe"), sent(1)), log(2));
    }

    @Test
    void seesASendThatStillWaitsInTheEnd() throws IOException {
        Path one = log(1, deliver(1, 1), sent(1), deliver(1, 2));
        breaksOnlyWithTheEndStated("A4", one, log(2, deliver(1, 1), deliver(1, 2)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "1,x  | 'x' is not a node id",
                "1,   | '' is not a node id",
                "0,1  | '0' is not a node id",
                "1,2,1| names node 1 twice",
                "1,3  | names node 3, but no log is of it"
            })
    void refusesAnEndThatSaysNothing(String end, String says) throws IOException {
        Run run = check(List.of(log(1), log(2)), "--stable-end", end);

        assertThat(run.err().lines().toList()).singleElement().asString().contains(says);
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
    }
}
