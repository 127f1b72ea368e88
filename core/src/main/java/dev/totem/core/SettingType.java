/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How values of a setting are read and written. Any thread. */
sealed interface SettingType<T> {

    Class<T> of();

    String unit();

    /**
     * The value that a text says.
     *
     * @throws IllegalArgumentException if it is no such value
     */
    T parse(String text);

    String format(T value);

    /** A time of at least a microsecond's resolution. */
    record Time() implements SettingType<Duration> {

        private static final Pattern TEXT = Pattern.compile("([0-9]{1,12})(us|ms|s|m|h|d)?");

        /** Far from where nanoseconds overflow. */
        private static final Duration PRINTED_MOST = Duration.ofDays(10_000);

        @Override
        public Class<Duration> of() {
            return Duration.class;
        }

        @Override
        public String unit() {
            return "time";
        }

        @Override
        public Duration parse(String text) {
            Matcher parts = TEXT.matcher(text);
            if (!parts.matches()) {
                throw new IllegalArgumentException("a time is a number with its unit, for example 250ms or 1s");
            }
            long amount = Long.parseLong(parts.group(1));
            String unit = parts.group(2) == null ? "ms" : parts.group(2);
            return switch (unit) {
                case "us" -> Duration.ofNanos(amount * 1_000);
                case "s" -> Duration.ofSeconds(amount);
                case "m" -> Duration.ofMinutes(amount);
                case "h" -> Duration.ofHours(amount);
                case "d" -> Duration.ofDays(amount);
                default -> Duration.ofMillis(amount);
            };
        }

        @Override
        public String format(Duration value) {
            if (value.abs().compareTo(PRINTED_MOST) > 0) {
                return value.toString();
            }
            long nanos = value.toNanos();
            if (nanos % 1_000_000 != 0) {
                return nanos / 1_000 + "us";
            }
            if (nanos % 1_000_000_000 != 0 || nanos == 0) {
                return value.toMillis() + "ms";
            }
            return value.toHours() % 24 == 0 && value.equals(Duration.ofDays(value.toDays()))
                    ? value.toDays() + "d"
                    : value.toSeconds() + "s";
        }
    }

    /** A whole number of something. */
    record Count(String unit) implements SettingType<Integer> {

        private static final Pattern TEXT = Pattern.compile("([0-9]{1,9})(k|M)?");

        @Override
        public Class<Integer> of() {
            return Integer.class;
        }

        @Override
        public Integer parse(String text) {
            Matcher parts = TEXT.matcher(text);
            if (!parts.matches()) {
                throw new IllegalArgumentException("not a number; for example 1024, 64k or 16M");
            }
            int shift = parts.group(2) == null ? 0 : parts.group(2).equals("k") ? 10 : 20;
            long value = Long.parseLong(parts.group(1)) << shift;
            if (value > Integer.MAX_VALUE) {
                throw new IllegalArgumentException("too large, at most " + Integer.MAX_VALUE);
            }
            return (int) value;
        }

        @Override
        public String format(Integer value) {
            int number = value;
            if (number != 0 && number % (1 << 20) == 0) {
                return (number >> 20) + "M";
            }
            return value.toString();
        }
    }

    /** A text that is taken as it is. */
    record Text() implements SettingType<String> {

        @Override
        public Class<String> of() {
            return String.class;
        }

        @Override
        public String unit() {
            return "";
        }

        @Override
        public String parse(String text) {
            return text;
        }

        @Override
        public String format(String value) {
            return value;
        }
    }
}
