/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.totem.testkit.internal.check.EvsLog;
import dev.totem.testkit.internal.check.LogEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsonLogTest {

    private static final String READY = "{\"event\":\"ready\",\"node\":1}\n";
    private static final String DELIVER =
            "{\"event\":\"deliver\",\"sender\":1,\"groups\":[\"lab\"],\"guarantee\":\"agreed\",\"ring\":{\"rep\":1,\"seq\":8},\"seq\":17,\"index\":0,\"data\":\"aGVsbG8=\"}\n";
    private static final String SENT =
            "{\"event\":\"sent\",\"tag\":\"x\",\"ring\":{\"rep\":1,\"seq\":8},\"seq\":17,\"index\":0}\n";

    private static final String REKEYED =
            "{\"event\":\"rekeyed\",\"key\":2,\"ring\":{\"rep\":1,\"seq\":8},\"seq\":17,\"index\":1}\n";

    @TempDir
    Path folder;

    private static String config(int seq) {
        return "{\"event\":\"config\",\"kind\":\"regular\",\"ring\":{\"rep\":1,\"seq\":" + seq
                + "},\"members\":[1],\"joined\":[],\"left\":[]}\n";
    }

    private Path file(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content);
    }

    @Test
    void readsWhatTheCheckerNeeds() throws IOException {
        Path file = file("1.log", READY + config(8) + DELIVER + SENT + REKEYED + "{\"event\":\"stats\"}\n");

        EvsLog log = JsonLog.read(List.of(file)).sets().get(0).get(0);

        assertThat(log.process().value()).isEqualTo(1);
        assertThat(log.events()).hasSize(3);
        LogEvent.Deliver deliver = (LogEvent.Deliver) log.events().get(1);
        LogEvent.Sent sent = (LogEvent.Sent) log.events().get(2);
        assertThat(sent.mid()).isEqualTo(deliver.mid());
    }

    @Test
    void readsWhoMayDecideWhereThatMeansSomething() throws IOException {
        String decided = config(8).replace("}\n", ",\"primary\":false}\n");
        Path with = file("1.log", READY.replace("}", ",\"quorum\":\"majority:3\"}") + decided);
        Path without = file("2.log", READY + decided);

        assertThat(((LogEvent.Conf) JsonLog.read(List.of(with))
                                .sets()
                                .get(0)
                                .get(0)
                                .events()
                                .get(0))
                        .primary())
                .contains(false);
        assertThat(((LogEvent.Conf) JsonLog.read(List.of(without))
                                .sets()
                                .get(0)
                                .get(0)
                                .events()
                                .get(0))
                        .primary())
                .isEmpty();
    }

    @Test
    void ordersTheLivesOfAProcessByTheirRings() throws IOException {
        Path second = file("b.log", READY + config(40));
        Path first = file("a.log", READY + config(8));

        List<EvsLog> logs = JsonLog.read(List.of(second, first)).sets().get(0);

        assertThat(logs).extracting(EvsLog::life).containsExactly(0, 1);
        assertThat(((LogEvent.Conf) logs.get(1).events().get(0)).ring().seq()).isEqualTo(40);
    }

    @Test
    void aClientThatIsReadyAgainHasAnotherLifeAndTwoOfOneExecutiveAreApart() throws IOException {
        String attached = READY.replace("}", ",\"attached\":true}");
        Path again = file("a.log", attached + config(8) + attached + config(40));
        Path beside = file("b.log", attached + config(8));

        JsonLogs logs = JsonLog.read(List.of(again, beside));

        assertThat(logs.hasClients()).isTrue();
        assertThat(logs.sets()).hasSize(2);
        assertThat(logs.sets().get(0)).extracting(EvsLog::life).containsExactly(0, 1);
        assertThat(logs.sets().get(1)).extracting(EvsLog::life).containsExactly(0);
        assertThat(logs.all().stream().map(log -> log.events().size())).containsOnly(1);
    }

    @Test
    void bearsHalfALineAtTheEndOfAKilledProcess() throws IOException {
        Path file = file("1.log", READY + config(8) + DELIVER.substring(0, 60));

        assertThat(JsonLog.read(List.of(file)).sets().get(0).get(0).events()).hasSize(1);
    }

    @Test
    void namesTheLineThatIsBad() throws IOException {
        Path notJson = file("1.log", READY + "garbage\n" + config(8));
        Path noField = file("2.log", READY + "{\"event\":\"config\",\"kind\":\"regular\"}\n");
        Path notOurs = file("3.log", READY + "{\"event\":\"surprise\"}\n");
        Path empty = file("4.log", "");

        assertThatThrownBy(() -> JsonLog.read(List.of(notJson))).hasMessageContaining("1.log, line 2: not JSON");
        assertThatThrownBy(() -> JsonLog.read(List.of(noField)))
                .hasMessageContaining("2.log, line 2: no field \"ring\"");
        assertThatThrownBy(() -> JsonLog.read(List.of(notOurs))).hasMessageContaining("3.log, line 2: not an event");
        assertThatThrownBy(() -> JsonLog.read(List.of(empty))).hasMessageContaining("4.log: no \"ready\" line");
        assertThatThrownBy(() -> JsonLog.read(List.of(folder.resolve("none")))).hasMessageContaining("no such file");
    }
}
