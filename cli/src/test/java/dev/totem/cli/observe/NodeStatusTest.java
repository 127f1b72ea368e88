/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodeStatusTest {

    @Test
    void readsTheDocument() {
        NodeStatus status = Documents.status(Documents.alone(61));

        assertThat(status.node()).isEqualTo(1);
        assertThat(status.cluster()).isEqualTo("lab");
        assertThat(status.health().word()).isEqualTo("not ready");
        assertThat(status.health().reasons())
                .containsExactly(new NodeStatus.Reason("not-primary", "2 of 4 votes", "Start more nodes."));
        assertThat(status.ring()).isEqualTo(new NodeStatus.Ring("1.12", List.of(1, 2), false));
        assertThat(status.lease()).contains(new NodeStatus.Lease(true, Duration.ofMillis(480)));
        assertThat(status.changes()).extracting(Change::ring).containsExactly("1.8", "1.8", "1.12");
        assertThat(status.stats()).containsEntry("sealing-key", 3L);
    }

    /** Fields of other versions, and those that only some have. */
    @Test
    void needsLittleAndKnowsTheRemedyOfACode() {
        NodeStatus status = Documents.status(
                "{\"node\":4,\"new\":{},\"health\":{\"live\":true,\"ready\":false,\"reasons\":[{\"code\":\"NO_RING\",\"text\":\"since 3 s\"},"
                        + "{\"code\":\"LATER\",\"text\":\"?\"}]},\"membership\":{\"ring\":{\"rep\":4,\"seq\":0},\"members\":[4]},"
                        + "\"groups\":[{\"group\":\"lab\",\"members\":[{},{}]},{\"group\":\"x\",\"members\":[]}]}");

        assertThat(status.health().reasons().get(0).remedy())
                .isEqualTo("If it lasts, look at the other reasons, the addresses and the firewalls.");
        assertThat(status.health().reasons().get(1).line()).isEqualTo("later: ?");
        assertThat(status.lease()).isEmpty();
        assertThat(StatusText.groups(status)).contains("lab (2), x (0)");
    }

    @Test
    void whatItTellsMovesNoCursor() {
        NodeStatus status = Documents.status(Documents.healthy(1)
                .replace("\"lab\"", "\"a\\u001b[2Jb\\n\\u202ec\"")
                .replace("0.1.0", "\\u0007"));

        assertThat(status.cluster()).isEqualTo("a·[2Jb ·c");
        assertThat(status.version()).isEqualTo("·");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "<html>         | is not JSON",
                "{\"node\":      | is not JSON",
                "^^             | no field \"health\"",
                "[]             | no field \"health\"",
                "{}             | no field \"health\"",
                "{\"health\":{},\"membership\":{}}  | no field"
            })
    void saysWhatIsNoDocument(String document, String what) {
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> NodeStatus.read("host:80", document.getBytes(StandardCharsets.UTF_8)))
                .withMessageStartingWith("host:80: /status ")
                .withMessageContaining(what)
                .withMessageEndingWith("is this the HTTP address of a node?");
    }

    @Test
    void ratesAreOfOneLife() {
        NodeStatus first = Documents.status(Documents.healthy(10));
        NodeStatus later = Documents.status(Documents.healthy(12));

        assertThat(Rates.between(first, later).map(Rates::line))
                .contains("2,500 frames/s delivered, 800 originated, 0 sent again; 9,000 tokens/s;"
                        + " 1.5 MB/s out, 2.5 MB/s in");
        assertThat(Rates.between(first, first)).isEmpty();
        assertThat(Rates.between(
                        later, Documents.status(Documents.healthy(13).replace("\"tokens\":117000", "\"tokens\":5"))))
                .isEqualTo(Optional.empty());
    }
}
