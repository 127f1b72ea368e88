/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.client.internal.wire;

import dev.totem.core.ConfigChange;
import dev.totem.core.ConfigurationException;
import dev.totem.core.DuplicateNodeIdException;
import dev.totem.core.EventsMissedException;
import dev.totem.core.GroupName;
import dev.totem.core.NodeClosedException;
import dev.totem.core.NodeId;
import dev.totem.core.NotJoinedException;
import dev.totem.core.ProtocolFailureException;
import dev.totem.core.SendFailedException;
import dev.totem.core.SendFailedException.Fate;
import dev.totem.core.SlowSubscriberException;
import dev.totem.core.TotemException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/**
 * Errors of the API: their kind by its name in the docs, their text, and the values they carry. An error that is made again has
 * its class and its text; a kind that is not known is a {@link ProtocolFailureException} with the text.
 */
final class ErrorCodec {

    private static final String SLOW = "subscriber too slow: ";
    private static final String CLOSED = " is closed";
    private static final String GROUP = "group ";
    private static final String NOT_JOINED = " is not joined";

    private ErrorCodec() {}

    static void write(Output out, TotemException error) {
        String kind = "failure";
        String value = "";
        long number = 0;
        Optional<ConfigChange> configuration = Optional.empty();
        if (error instanceof ConfigurationException wrong) {
            kind = "configuration";
            value = wrong.setting();
        } else if (error instanceof SendFailedException failed) {
            kind = "send-failed";
            value = failed.fate().name().toLowerCase(Locale.ROOT);
            number = failed.retryCanHelp() ? 1 : 0;
            configuration = failed.configuration();
        } else if (error instanceof NotJoinedException) {
            kind = "not-joined";
        } else if (error instanceof SlowSubscriberException slow) {
            kind = "slow-subscriber";
            number = slow.lag();
        } else if (error instanceof NodeClosedException) {
            kind = "closed";
        } else if (error instanceof DuplicateNodeIdException) {
            kind = "duplicate-id";
        } else if (error instanceof EventsMissedException) {
            kind = "events-missed";
        }
        out.text(kind);
        out.text(String.valueOf(error.getMessage()));
        out.text(value);
        out.int64(number);
        out.flag(configuration.isPresent());
        configuration.ifPresent(out::configuration);
    }

    static TotemException read(Input in) {
        String kind = in.text();
        String message = in.text();
        String value = in.text();
        long number = in.int64();
        Optional<ConfigChange> configuration = in.flag() ? Optional.of(in.configuration()) : Optional.empty();
        return switch (kind) {
            case "configuration" -> configuration(value, message);
            case "send-failed" ->
                configuration
                        .map(where -> SendFailedException.transitional(message, where))
                        .orElseGet(() -> new SendFailedException(
                                value.equals("refused") ? Fate.REFUSED : Fate.UNKNOWN, message, number != 0));
            case "not-joined" -> notJoined(message);
            case "slow-subscriber" ->
                new SlowSubscriberException(between(SLOW, message, ", " + number + " events behind"), number);
            case "closed" -> new NodeClosedException(between("", message, CLOSED));
            case "events-missed" ->
                new EventsMissedException(between("events are missing from here on: ", message, "; subscribe again"));
            case "duplicate-id" -> duplicate(message);
            default -> new ProtocolFailureException(message);
        };
    }

    private static ConfigurationException configuration(String setting, String message) {
        int from = Math.min(message.length(), setting.length() + 1);
        int colon = message.indexOf(": ", from);
        return colon < 0
                ? new ConfigurationException(setting, "", message)
                : new ConfigurationException(setting, message.substring(from, colon), message.substring(colon + 2));
    }

    private static TotemException notJoined(String message) {
        String group = between(GROUP, message, NOT_JOINED);
        int bytes = group.getBytes(StandardCharsets.UTF_8).length;
        return bytes < 1 || bytes > GroupName.BYTES_MAX
                ? new ProtocolFailureException(message)
                : new NotJoinedException(GroupName.of(group));
    }

    private static TotemException duplicate(String message) {
        try {
            int id = Integer.parseInt(between("node id ", message, " is used"));
            return id < 1 ? new ProtocolFailureException(message) : new DuplicateNodeIdException(NodeId.of(id));
        } catch (NumberFormatException otherText) {
            return new ProtocolFailureException(message);
        }
    }

    /** What an error was made with is between what its class puts before and after it. */
    private static String between(String before, String message, String after) {
        int end = message.indexOf(after);
        return message.startsWith(before) && end >= before.length() ? message.substring(before.length(), end) : message;
    }
}
