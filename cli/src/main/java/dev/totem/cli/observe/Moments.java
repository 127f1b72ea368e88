/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli.observe;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Times of a node, for a person here. Any thread. */
record Moments(ZoneId zone) {

    private static final DateTimeFormatter DATE_AND_TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSS", Locale.ROOT);
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT);
    private static final DateTimeFormatter SECOND = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);

    String dateAndTime(long millis) {
        return DATE_AND_TIME.format(Instant.ofEpochMilli(millis).atZone(zone));
    }

    String time(long millis) {
        return TIME.format(Instant.ofEpochMilli(millis).atZone(zone));
    }

    String second(long millis) {
        return SECOND.format(Instant.ofEpochMilli(millis).atZone(zone));
    }

    /** {@code 12 s}, {@code 3 min 5 s}, {@code 2 h 4 min}, {@code 3 d 1 h}. */
    static String length(long millis) {
        Duration time = Duration.ofMillis(Math.max(0, millis));
        if (time.toMinutes() < 1) {
            return time.toSeconds() + " s";
        }
        if (time.toHours() < 1) {
            return time.toMinutes() + " min " + time.toSecondsPart() + " s";
        }
        if (time.toDays() < 1) {
            return time.toHours() + " h " + time.toMinutesPart() + " min";
        }
        return time.toDays() + " d " + time.toHoursPart() + " h";
    }
}
