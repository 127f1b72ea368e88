/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class TotemCommandTest {

    private static final String NODE = "node --id 1 --bind 127.0.0.1:5405 --transport unicast --suite none";
    private static final String KEYED = "node --bind 127.0.0.1:5405 --transport unicast";
    private static final String LOAD = "load --id 1 --bind 127.0.0.1:5405 --transport unicast --suite none --members 3";

    private record Run(int status, String out, String err) {
        List<String> errLines() {
            return err.lines().toList();
        }
    }

    private static Run run(String line) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine command = Totem.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        int status = command.execute(
                Stream.of(line.split(" ")).filter(word -> !word.isEmpty()).toArray(String[]::new));
        return new Run(status, out.toString(), err.toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "node",
                "load",
                "demo",
                "keygen",
                "doctor",
                "status",
                "explain",
                "watch",
                "decode",
                "check",
                "simulate",
                "bench"
            })
    void helpsOnEveryCommand(String command) {
        Run run = run(command + " --help");

        assertThat(run.status()).isZero();
        assertThat(run.out()).startsWith("Usage: totem").contains("--help");
        assertThat(run.err()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "\"\"                                                | name a command",
                "nonsense                                          | nonsense",
                "node --nonsense                                   | Unknown option: '--nonsense'",
                NODE + " --nonsense                                | Unknown option: '--nonsense'",
                "node --id 1                                       | --bind",
                "node --bind 127.0.0.1:5405                        | --id",
                "node --bind 127.0.0.1:5405 --suite none --id one                                 | --id one: neither a number nor auto",
                "node --id 1 --suite none --bind 127.0.0.1         | is not HOST:PORT",
                "node --id 1 --suite none --bind 127.0.0.1:99999   | a port is a number from 0 to 65535",
                "node --id 1 --suite none --bind ::1:5405          | brackets",
                "node --id 1 --suite none --bind 127.0.0.1:5405    | --transport multicast with --mcast",
                "node --id 1 --bind 127.0.0.1:1 --transport pigeon | none of multicast, unicast and tcp",
                "node --id 1 --bind 127.0.0.1:1 --transport multicast | needs --mcast",
                NODE + " --mcast 239.1.2.3:5405                    | give one of them",
                NODE + " --peer 2:127.0.0.1                        | is not ID@HOST:PORT",
                NODE + " --peer 0@127.0.0.1:1                      | is not ID@HOST:PORT",
                KEYED + " --id 1 --suite rot13                             | known are aes-256-gcm",
                NODE + " --set token                               | KEY=VALUE",
                NODE + " --set token=soon                          | a time is a number with its unit",
                NODE + " --set window-size=many                    | not a number",
                NODE + " --quorum half                             | quorum=half: none, majority:N",
                NODE + " --quorum majority:3 --set quorum=none     | give one of them",
                NODE + " --set tokens=1s                           | known are cluster-name, quorum, token,",
                "load --id 1 --bind 127.0.0.1:5405                 | --members",
                LOAD + " --size 7                                  | at least 8",
                "load --id 1 --bind 127.0.0.1:5405 --transport unicast --suite none --members 0                               | at least 1",
                LOAD + " --seconds 0                               | more than 0",
                LOAD + " --guarantee fifo                          | neither agreed nor safe",
                "keygen                                            | FILE",
                "check                                             | LOG",
                "simulate --faults rain                            | known are all, loss,",
                "simulate --nodes 1                                | from 2 to 128",
                "simulate --steps 3 --minutes 1                    | give one of them",
                "simulate --steps -1                               | at least 0",
                "simulate --minutes 0                              | more than 0",
                "simulate --seed x                                 | 'x' is not a long",
                "bench --peer spread                               | --peer",
                "bench --sizes 7                                   | at least 8",
                "bench --sizes 100,many                            | 'many' is not an int",
                "bench --pairs 0                                   | from 1 to 1000",
                "bench --seconds 0                                 | more than 0",
                "bench --nodes 0                                   | from 1 to 128",
                "bench --link carrier                              | --link",
                "bench --suite rot13                               | known are aes-256-gcm",
                "bench --set tokens=1s                             | known are cluster-name, quorum, token,",
                "bench --peer totem --peer-set tokens=1s           | --peer-set tokens: there is no such setting",
                "bench --peer jgroups --peer-set token=1s          | jgroups takes bundle, bundler, credits",
                "bench --peer corosync                             | needs --link namespaces",
                "bench --peer limit --peer-set bundle=9            | limit takes datagram, burst",
                "bench --peer-nodes 16                             | need exactly one --peer",
                "bench --peer jgroups,totem --peer-suite none      | need exactly one --peer",
                "bench --clients=0                                 | from 1 to 4000",
                "bench --clients --nodes 2                         | needs --nodes 3 at least",
                "bench --clients --peer jgroups                    | no peer, no chart",
                "bench --clients --parts tea                       | --parts"
            })
    void answersAWrongCommandLineWithOneLineAndStatusTwo(String line, String says) {
        Run run = run(line);

        assertThat(run.errLines())
                .singleElement()
                .asString()
                .startsWith("totem")
                .contains(says);
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                KEYED + " --suite none --id 0                          | id=0",
                KEYED + " --suite none --id -1                         | id=-1",
                KEYED + " --suite none --id 2147483648                 | id=2147483648",
                KEYED + " --id 1 --suite aes-256-gcm             | needs --key FILE",
                KEYED + " --id 1 --suite chacha20-poly1305       | needs --key FILE",
                KEYED + " --id 1 --suite sober128-hmac-sha1      | needs --key FILE",
                NODE + " --set token=1ms                 | token=1ms",
                NODE + " --set max-messages=3000         | max-messages=3000",
                KEYED + " --id 1 --suite aes-256-gcm --key /nonexistent/key | key",
                LOAD + " --size 2000000                  | max-message-size",
                "check /nonexistent/log                  | no such file"
            })
    void answersAConfigurationThatCannotWorkWithOneLineAndStatusOne(String line, String says) {
        Run run = run(line);

        assertThat(run.errLines())
                .singleElement()
                .asString()
                .startsWith("totem")
                .contains(says);
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
    }
}
