/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core;

import static java.util.Objects.requireNonNull;

import java.util.regex.Pattern;

/**
 * Something that is counted or measured: its name and what the number means. {@link Statistics} has those of a node; links may make
 * others. Two are the same if they have the same name; they are ordered by it. Immutable, any thread.
 */
public final class Statistic implements Comparable<Statistic> {

    private static final int NAME_MAX = 64;
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");

    /** How its values relate to each other. */
    public enum Kind {
        /** It grows from the start of the node. */
        COUNTER,
        /** It tells of now. */
        GAUGE
    }

    private final String name;
    private final Kind kind;
    private final String unit;
    private final String meaning;

    private Statistic(String name, Kind kind, String unit, String meaning) {
        requireNonNull(name, "name");
        requireNonNull(unit, "unit");
        requireNonNull(meaning, "meaning");
        if (name.length() > NAME_MAX || !NAME.matcher(name).matches()) {
            throw new ConfigurationException(
                    "statistic",
                    name,
                    "a name is of lower-case letters, digits and single hyphens, begins with a letter, and has at most "
                            + NAME_MAX + " characters");
        }
        this.name = name;
        this.kind = kind;
        this.unit = unit;
        this.meaning = meaning;
    }

    /**
     * What grows from the start of a node.
     *
     * @param name in kebab case, at most 64 characters
     * @param unit what is counted, for example {@code bytes}; empty if the meaning says it
     * @param meaning a phrase that begins with a small letter
     * @throws ConfigurationException if the name is not as it should be
     */
    public static Statistic counter(String name, String unit, String meaning) {
        return new Statistic(name, Kind.COUNTER, unit, meaning);
    }

    /**
     * What tells of now.
     *
     * @param name in kebab case, at most 64 characters
     * @param unit what it is measured in, for example {@code bytes}; empty if the meaning says it
     * @param meaning a phrase that begins with a small letter
     * @throws ConfigurationException if the name is not as it should be
     */
    public static Statistic gauge(String name, String unit, String meaning) {
        return new Statistic(name, Kind.GAUGE, unit, meaning);
    }

    /** In kebab case. */
    public String name() {
        return name;
    }

    public Kind kind() {
        return kind;
    }

    /** What it is counted in; empty if it is a number of what the meaning says. */
    public String unit() {
        return unit;
    }

    /** What it means, a phrase. */
    public String meaning() {
        return meaning;
    }

    @Override
    public int compareTo(Statistic other) {
        return name.compareTo(other.name);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Statistic that && name.equals(that.name);
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }

    @Override
    public String toString() {
        return name;
    }
}
