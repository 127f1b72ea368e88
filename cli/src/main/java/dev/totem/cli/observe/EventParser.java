/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli.observe;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.BiConsumer;

/**
 * Server-sent events (WHATWG HTML, 9.2), fed with bytes as they come. Keeps one line and the data of one event, both bounded. One
 * thread at a time.
 *
 * <p>Fields but {@code event} and {@code data} mean nothing to a reader that asks for the present, so they are left out.
 */
final class EventParser {

    private static final String DEFAULT_EVENT = "message";

    private final int bytesMax;
    private final BiConsumer<String, byte[]> events;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final ByteArrayOutputStream data = new ByteArrayOutputStream();
    private String event = DEFAULT_EVENT;
    private boolean hasData;
    private boolean isAfterReturn;
    private boolean isFirstLine = true;

    /**
     * @param bytesMax of a line, and of the data of an event
     * @param events takes the name and the data of each event that is whole
     */
    EventParser(int bytesMax, BiConsumer<String, byte[]> events) {
        this.bytesMax = bytesMax;
        this.events = events;
    }

    /** @throws IOException if a line or an event is too long; nothing may be fed after */
    void feed(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            byte next = bytes.get();
            if (next == '\n' && isAfterReturn) {
                isAfterReturn = false;
            } else if (next == '\n' || next == '\r') {
                isAfterReturn = next == '\r';
                endLine();
            } else {
                isAfterReturn = false;
                requireRoom(line.size() + 1);
                line.write(next);
            }
        }
    }

    private void endLine() throws IOException {
        String text = line.toString(StandardCharsets.UTF_8);
        line.reset();
        if (isFirstLine) {
            isFirstLine = false;
            text = text.startsWith("\uFEFF") ? text.substring(1) : text;
        }
        if (text.isEmpty()) {
            endEvent();
            return;
        }
        int colon = text.indexOf(':');
        String name = colon < 0 ? text : text.substring(0, colon);
        String value = colon < 0 ? "" : text.substring(colon + 1);
        value = value.startsWith(" ") ? value.substring(1) : value;
        if (name.equals("event")) {
            event = value;
        } else if (name.equals("data")) {
            append(value);
        }
    }

    private void append(String value) throws IOException {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        requireRoom(data.size() + bytes.length + 1);
        if (hasData) {
            data.write('\n');
        }
        hasData = true;
        data.writeBytes(bytes);
    }

    private void endEvent() {
        if (hasData) {
            byte[] whole = data.toByteArray();
            String name = event;
            reset();
            events.accept(name, whole);
        } else {
            reset();
        }
    }

    private void reset() {
        data.reset();
        hasData = false;
        event = DEFAULT_EVENT;
    }

    private void requireRoom(int bytes) throws IOException {
        if (bytes > bytesMax) {
            throw new IOException("an event is longer than " + bytesMax + " bytes");
        }
    }
}
