/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.totem.core.GroupName;
import dev.totem.core.Guarantee;
import dev.totem.core.MemberId;
import dev.totem.core.NodeId;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonRequestParserTest {

    private static final int DATA_BYTES_MAX = 1 << 20;

    private final JsonRequestParser parser = new JsonRequestParser(DATA_BYTES_MAX);

    private NodeRequest parse(String line) throws BadRequestException {
        return parser.parse(line.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void readsRecipientsAndHeaders() throws BadRequestException {
        NodeRequest.Send send = (NodeRequest.Send) parse("{\"op\":\"send\",\"tag\":\"x\",\"data\":\"\",\"to\":[2,"
                + "{\"node\":3,\"handle\":1},{\"node\":4,\"handle\":1,\"life\":\"9\"}],\"headers\":{\"a\":\"b\"}}");

        assertThat(send.to()).hasSize(3);
        assertThat(send.to().get(1).means(new MemberId(NodeId.of(3), 5, 1))).isTrue();
        assertThat(send.to().get(1).means(new MemberId(NodeId.of(3), 5, 2))).isFalse();
        assertThat(send.to().get(2).whole()).contains(new MemberId(NodeId.of(4), 9, 1));
        assertThat(send.headers()).containsEntry("a", "b");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'to':2 | to is an array",
                "'to':[] | to is an array",
                "'to':[0] | to is an array",
                "'to':[{'handle':1}] | to is an array",
                "'to':[1],'groups':['g'] | name one of them",
                "'headers':['a'] | headers is an object of strings",
                "'headers':{'a':1} | headers is an object of strings"
            },
            quoteCharacter = '^')
    void refusesOtherRecipientsAndHeaders(String fields, String what) {
        String line = "{'op':'send','tag':'x','data':'',%s}".formatted(fields).replace('\'', '"');

        assertThatThrownBy(() -> parse(line)).hasMessageContaining(what);
    }

    @Test
    void readsWhatIsOnlyForPrimaries() throws BadRequestException {
        String send = "{\"op\":\"send\",\"tag\":\"x\",\"data\":\"\",\"only-in-primary\":%s}";

        assertThat(((NodeRequest.Send) parse(send.formatted(true))).isOnlyInPrimary())
                .isTrue();
        assertThat(((NodeRequest.Send) parse(send.formatted(false))).isOnlyInPrimary())
                .isFalse();
        assertThatThrownBy(() -> parse(send.formatted("\"yes\"")))
                .hasMessageContaining("only-in-primary is true or false");
    }

    @Test
    void readsASendWithItsDefaults() throws BadRequestException {
        NodeRequest.Send send = (NodeRequest.Send) parse("{\"op\":\"send\",\"tag\":\"x\",\"data\":\"aGVsbG8=\"}");

        assertThat(send.tag()).isEqualTo("x");
        assertThat(send.data()).asString().isEqualTo("hello");
        assertThat(send.guarantee()).isEqualTo(Guarantee.AGREED);
        assertThat(send.groups()).isEmpty();
    }

    @Test
    void readsASendWithEverything() throws BadRequestException {
        NodeRequest.Send send = (NodeRequest.Send)
                parse("{\"op\":\"send\",\"tag\":\"\",\"data\":\"\",\"guarantee\":\"safe\",\"groups\":[\"a\",\"b\"]}");

        assertThat(send.tag()).isEmpty();
        assertThat(send.data()).isEmpty();
        assertThat(send.guarantee()).isEqualTo(Guarantee.SAFE);
        assertThat(send.groups()).containsExactly(GroupName.of("a"), GroupName.of("b"));
    }

    @Test
    void refusesMoreGroupsThanAHandleCanJoinAndSaysHowMany() {
        String names = "\"g\",".repeat(70_000) + "\"g\"";

        assertThatExceptionOfType(BadRequestException.class)
                .isThrownBy(() -> parse("{\"op\":\"join\",\"tag\":\"t\",\"groups\":[" + names + "]}"))
                .withMessageContaining("70001")
                .withMessageContaining("65536")
                .satisfies(refusal -> assertThat(refusal.tag()).contains("t"));
    }

    @Test
    void readsTheLargestMessage() throws BadRequestException {
        String data = Base64.getEncoder().encodeToString(new byte[DATA_BYTES_MAX]);

        NodeRequest.Send send = (NodeRequest.Send) parse("{\"op\":\"send\",\"tag\":\"x\",\"data\":\"" + data + "\"}");

        assertThat(send.data()).hasSize(DATA_BYTES_MAX);
    }

    @Test
    void readsTheOtherCommands() throws BadRequestException {
        assertThat(((NodeRequest.Join) parse("{\"op\":\"join\",\"groups\":[\"a\"]}")).groups())
                .containsExactly(GroupName.of("a"));
        assertThat(((NodeRequest.Leave) parse("{\"op\":\"leave\",\"groups\":[\"a\"],\"tag\":\"t\"}")).tag())
                .contains("t");
        assertThat(parse("{\"op\":\"membership\"}")).isInstanceOf(NodeRequest.Members.class);
        assertThat(parse("{\"op\":\"rekey\",\"key\":2}"))
                .isEqualTo(new NodeRequest.Rekey(Optional.empty(), 2, Optional.empty()));
        assertThat(parse("{\"op\":\"rekey\",\"key\":2,\"without\":3}"))
                .isEqualTo(new NodeRequest.Rekey(Optional.empty(), 2, Optional.of(NodeId.of(3))));
        assertThat(parse("{\"op\":\"stats\"}")).isInstanceOf(NodeRequest.Stats.class);
        assertThat(parse("{\"op\":\"quit\"}\r")).isInstanceOf(NodeRequest.Quit.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '#',
            value = {
                "##                                                        |   | not a JSON object",
                "hello                                                     |   | not JSON at column 1",
                "{                                                         |   | not JSON",
                "{}{}                                                      |   | not JSON at column 3",
                "[1]                                                       |   | not a JSON object",
                "{}                                                        |   | no op",
                "{`op`:7}                                                  |   | no op",
                "{`op`:`fly`,`tag`:`t`}                                    | t | unknown op",
                "{`op`:`send`,`data`:``}                                   |   | needs a tag",
                "{`op`:`send`,`tag`:7,`data`:``}                           |   | needs a tag",
                "{`op`:`send`,`tag`:`t`}                                   | t | needs data",
                "{`op`:`send`,`tag`:`t`,`data`:7}                          | t | needs data",
                "{`op`:`send`,`tag`:`t`,`data`:`?`}                        | t | not base64",
                "{`op`:`send`,`tag`:`t`,`data`:``,`guarantee`:`maybe`}     | t | unknown guarantee",
                "{`op`:`send`,`tag`:`t`,`data`:``,`guarantee`:null}        | t | unknown guarantee",
                "{`op`:`send`,`tag`:`t`,`data`:``,`groups`:`a`}            | t | not an array",
                "{`op`:`send`,`tag`:`t`,`data`:``,`groups`:[7]}            | t | not an array",
                "{`op`:`send`,`tag`:`t`,`data`:``,`groups`:[``]}           | t | groups: ",
                "{`op`:`join`}                                             |   | groups is missing or empty",
                "{`op`:`join`,`groups`:[],`tag`:`t`}                       | t | groups is missing or empty",
                "{`op`:`leave`,`groups`:7}                                 |   | not an array",
                "{`op`:`rekey`,`tag`:`t`}                                  | t | needs key",
                "{`op`:`rekey`,`key`:`2`}                                  |   | needs key"
            })
    void saysWhatIsWrongAndReturnsTheTag(String line, String tag, String says) {
        assertThatExceptionOfType(BadRequestException.class)
                .isThrownBy(() -> parse(line == null ? "" : line.replace('`', '"')))
                .withMessageContaining(says)
                .satisfies(bad -> assertThat(bad.tag()).isEqualTo(Optional.ofNullable(tag)))
                .satisfies(bad -> assertThat(bad.getMessage()).doesNotContain("\n"));
    }

    @Test
    void refusesDataOverTheLimit() {
        String data = Base64.getEncoder().encodeToString(new byte[DATA_BYTES_MAX + 1]);

        assertThatExceptionOfType(BadRequestException.class)
                .isThrownBy(() -> parse("{\"op\":\"send\",\"tag\":\"t\",\"data\":\"" + data + "\"}"))
                .withMessageContaining("1048577 bytes")
                .withMessageContaining("1048576")
                .satisfies(bad -> assertThat(bad.tag()).contains("t"));
    }
}
