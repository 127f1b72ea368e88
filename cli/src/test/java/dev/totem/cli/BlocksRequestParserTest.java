/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BlocksRequestParserTest {

    private final BlocksRequestParser parser = new BlocksRequestParser();

    private BlocksRequest parse(String line) throws BadRequestException {
        return parser.parse(line.replace('`', '"').getBytes(UTF_8));
    }

    @Test
    void readsCommands() throws BadRequestException {
        Optional<String> tag = Optional.of("t");
        assertThat(parse("{`op`:`put`,`tag`:`t`,`key`:`k`,`value`:`v`}"))
                .isEqualTo(new BlocksRequest.Put(tag, "k", "v"));
        assertThat(parse("{`op`:`cas`,`tag`:`t`,`key`:`k`,`expect`:null,`value`:`v`}"))
                .isEqualTo(new BlocksRequest.Cas(tag, "k", Optional.empty(), Optional.of("v")));
        assertThat(parse("{`op`:`get-local`,`key`:`k`}")).isEqualTo(new BlocksRequest.Get(Optional.empty(), "k", true));
        assertThat(parse("{`op`:`add`,`tag`:`t`,`key`:`k`,`by`:-3}")).isEqualTo(new BlocksRequest.Add(tag, "k", -3));
        assertThat(parse("{`op`:`candidate`,`name`:`e`,`priority`:2}"))
                .isEqualTo(new BlocksRequest.Candidate(Optional.empty(), "e", 2));
        assertThat(parse("{`op`:`work`,`queue`:`q`,`demand`:5}"))
                .isEqualTo(new BlocksRequest.Work(Optional.empty(), "q", 5));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{`op`:`fly`,`tag`:`t`}                                  | t | unknown op",
                "{`tag`:`t`}                                             | t | no op",
                "{`op`:`put`,`tag`:`t`,`key`:`k`}                        | t | put needs value",
                "{`op`:`add`,`tag`:`t`,`key`:`k`,`by`:1.5}               | t | a whole number",
                "{`op`:`add`,`tag`:`t`,`key`:`k`,`by`:9223372036854775808} | t | a whole number",
                "{`op`:`lock`,`tag`:`t`,`name`:``}                       | t | name is empty",
                "{`op`:`cas`,`tag`:`t`,`key`:`k`}                        | t | nothing to change",
                "{`op`:`work`,`tag`:`t`,`queue`:`q`,`demand`:0}          | t | from 1 to",
                "{`op`:`ask`,`tag`:`t`,`group`:`g`,`data`:`*`}           | t | not base64",
                "{`op`:`join`,`tag`:`t`,`groups`:[]}                     | t | at least one",
            })
    void saysWhatIsWrong(String line, String tag, String says) {
        BadRequestException bad = catchThrowableOfType(BadRequestException.class, () -> parse(line));
        assertThat(bad).hasMessageContaining(says);
        assertThat(bad.tag()).contains(tag);
    }
}
