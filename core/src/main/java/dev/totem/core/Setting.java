/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core;

import java.util.Objects;
import java.util.function.Function;

/**
 * One setting of a node: name, range, default, meaning. {@link Settings} has them all. Immutable, any thread.
 *
 * @param <T> the type of its values
 */
public final class Setting<T extends Comparable<? super T>> {

    private final String name;
    private final SettingType<T> type;
    private final T least;
    private final T most;
    private final String defaultText;
    private final Function<TotemConfig, T> otherwise;
    private final String meaning;

    /**
     * @param defaultText the default as a person would write it, for the table in the docs
     * @param otherwise the default, which may follow other settings
     */
    Setting(
            String name,
            SettingType<T> type,
            T least,
            T most,
            String defaultText,
            Function<TotemConfig, T> otherwise,
            String meaning) {
        this.name = name;
        this.type = type;
        this.least = least;
        this.most = most;
        this.defaultText = defaultText;
        this.otherwise = otherwise;
        this.meaning = meaning;
    }

    /** In kebab case, as on the command line; those of corosync.conf(5)'s totem section have its names. */
    public String name() {
        return name;
    }

    /** What it is counted in: {@code time}, {@code bytes}, {@code frames}, …; empty for a text. */
    public String unit() {
        return type.unit();
    }

    /** The least value. */
    public T least() {
        return least;
    }

    /** The greatest value. */
    public T most() {
        return most;
    }

    /** What it is if nobody says: a value, or what it follows. */
    public String defaultText() {
        return defaultText;
    }

    /** What it does, and what gets worse when it is too low or too high; one paragraph. */
    public String meaning() {
        return meaning;
    }

    /** The class of its values. */
    public Class<T> type() {
        return type.of();
    }

    /**
     * Reads a value: times as {@code 500us}, {@code 250ms}, {@code 1s}, {@code 5m}, {@code 2h}, {@code 3d} or a number of milliseconds; numbers with {@code k} or
     * {@code M} for 2^10 and 2^20. The range is checked when it is set.
     *
     * @throws IllegalArgumentException if it is none; says how values are written
     */
    public T parse(String text) {
        Objects.requireNonNull(text, "text");
        return type.parse(text);
    }

    /** A value as {@link #parse} reads it. */
    public String format(T value) {
        Objects.requireNonNull(value, "value");
        return type.format(value);
    }

    T checked(T value) {
        Objects.requireNonNull(value, "value");
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new ConfigurationException(
                    name, type.format(value), "must be from " + type.format(least) + " to " + type.format(most));
        }
        return value;
    }

    T otherwise(TotemConfig config) {
        return otherwise.apply(config);
    }

    @Override
    public String toString() {
        return name;
    }
}
