/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventParserTest {

    private static final String STREAM =
            "\uFEFF: hello\n\nevent: status\ndata: {\"a\":1}\n\ndata:one\ndata: two\ndata\n\nevent: nothing\n\nid: 7\nretry: 5\n"
                    + "event:status\ndata: é\n\ndata: unfinished";

    private final List<String> events = new ArrayList<>();
    private final EventParser parser =
            new EventParser(64, (name, data) -> events.add(name + "|" + new String(data, StandardCharsets.UTF_8)));

    private void feed(String text) throws IOException {
        parser.feed(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r", "\r\n"})
    void readsEventsWhateverEndsALineAndWhereverTheBytesAreCut(String end) throws IOException {
        byte[] bytes = STREAM.replace("\n", end).getBytes(StandardCharsets.UTF_8);
        SplittableRandom random = new SplittableRandom(7);
        for (int at = 0; at < bytes.length; ) {
            int length = Math.min(bytes.length - at, random.nextInt(1, 5));
            parser.feed(ByteBuffer.wrap(bytes, at, length));
            at += length;
        }

        assertThat(events).containsExactly("status|{\"a\":1}", "message|one\ntwo\n", "status|é");
    }

    @Test
    void refusesALineWithoutEnd() {
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> feed("data: " + "x".repeat(59)))
                .withMessage("an event is longer than 64 bytes");
    }

    @Test
    void refusesAnEventWithoutEnd() throws IOException {
        feed("data: " + "x".repeat(40) + "\n");

        assertThatExceptionOfType(IOException.class).isThrownBy(() -> feed("data: " + "x".repeat(40) + "\n"));
        assertThat(events).isEmpty();
    }

    @Test
    void anythingIsBytesAndNothingElse() throws IOException {
        SplittableRandom random = new SplittableRandom(8);
        for (int round = 0; round < 2_000; round++) {
            byte[] noise = new byte[random.nextInt(40)];
            random.nextBytes(noise);
            noise = (new String(noise, StandardCharsets.ISO_8859_1) + "\n\n").getBytes(StandardCharsets.ISO_8859_1);
            parser.feed(ByteBuffer.wrap(noise));
        }
        events.clear();
        feed("\n\nevent: status\ndata: whole\n\n");

        assertThat(events).containsExactly("status|whole");
    }
}
