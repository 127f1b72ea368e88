/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli.capture;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The lines of {@code totem decode}, as the simulator's trace has them or as JSON. Any thread. */
record DecodeText(boolean isJson) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** A frame of a datagram, and the messages in it. */
    List<String> frame(long nanos, Datagram.Udp datagram, DecodedFrame frame) {
        if (isJson) {
            return List.of(json(nanos, datagram, frame).toString());
        }
        List<String> lines = new ArrayList<>();
        lines.add(line(nanos, frame.where(), frame.text() + (frame.isWrong() ? between(datagram) : "")));
        frame.messages().forEach(message -> lines.add(line(nanos, "", "  " + message)));
        return lines;
    }

    /** What cannot be read. */
    String wrong(long nanos, String what) {
        return isJson
                ? JSON.createObjectNode()
                        .put("event", "error")
                        .put("nanos", nanos)
                        .put("error", safe(what))
                        .toString()
                : line(nanos, "?", what);
    }

    private static String between(Datagram.Udp datagram) {
        return ", from " + datagram.from() + " to " + datagram.to();
    }

    private static String line(long nanos, String where, String what) {
        return String.format(Locale.ROOT, "%12.6f s  %-7s %s", nanos / 1e9, where, safe(what));
    }

    private static ObjectNode json(long nanos, Datagram.Udp datagram, DecodedFrame frame) {
        ObjectNode json = JSON.createObjectNode()
                .put("event", frame.isWrong() ? "error" : "frame")
                .put("nanos", nanos)
                .put("from", datagram.from())
                .put("to", datagram.to());
        if (frame.sender() != 0) {
            json.put("sender", frame.sender())
                    .put("life", Long.toUnsignedString(frame.life()))
                    .put("counter", frame.counter())
                    .put("suite", frame.suite())
                    .put("key", frame.key());
            if (frame.receiver() != 0) {
                json.put("receiver", frame.receiver());
            }
        }
        json.put(frame.isWrong() ? "error" : "text", safe(frame.text()));
        if (!frame.messages().isEmpty()) {
            frame.messages().stream().map(DecodeText::safe).forEach(json.putArray("messages")::add);
        }
        return json;
    }

    /** Names of groups are of others. */
    private static String safe(String text) {
        return text.replaceAll("[\\p{Cntrl}\\p{Cf}]", "·");
    }
}
