/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * The settings of a node: those that were set, and {@link Settings} for what the others are. Valid at every moment;
 * immutable, any thread.
 */
public final class TotemConfig {

    private static final TotemConfig DEFAULTS = new TotemConfig(Map.of());

    /** In the order of {@link Settings#all()}. */
    private final Map<Setting<?>, Object> given;

    private TotemConfig(Map<Setting<?>, Object> given) {
        this.given = given;
    }

    /** Nothing set. */
    public static TotemConfig defaults() {
        return DEFAULTS;
    }

    /** To set some, from {@link #defaults()}. */
    public static Builder builder() {
        return DEFAULTS.toBuilder();
    }

    /** To set some more. */
    public Builder toBuilder() {
        return new Builder(given);
    }

    /** The value: what was set, or what it is otherwise. */
    public <T extends Comparable<? super T>> T get(Setting<T> setting) {
        Objects.requireNonNull(setting, "setting");
        Object value = given.get(setting);
        return value == null ? setting.otherwise(this) : setting.type().cast(value);
    }

    /** Which parts may decide: {@link Settings#QUORUM}. */
    public Quorum quorum() {
        return Quorum.parse(get(Settings.QUORUM));
    }

    /** Whether somebody has set it. */
    public boolean isSet(Setting<?> setting) {
        return given.containsKey(Objects.requireNonNull(setting, "setting"));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TotemConfig config && given.equals(config.given);
    }

    @Override
    public int hashCode() {
        return given.hashCode();
    }

    /** What was set, as on the command line. */
    @Override
    public String toString() {
        return given.keySet().stream()
                .map(setting -> setting + "=" + text(setting))
                .collect(Collectors.joining(", ", "TotemConfig[", "]"));
    }

    private <T extends Comparable<? super T>> String text(Setting<T> setting) {
        return setting.format(get(setting));
    }

    /** Collects settings; one thread at a time. Relations between settings are checked when it is built. */
    public static final class Builder {

        private final Map<Setting<?>, Object> given;

        private Builder(Map<Setting<?>, Object> given) {
            this.given = new LinkedHashMap<>(given);
        }

        /**
         * Sets one.
         *
         * @throws ConfigurationException if the value is outside the setting's range
         */
        public <T extends Comparable<? super T>> Builder set(Setting<T> setting, T value) {
            given.put(Objects.requireNonNull(setting, "setting"), setting.checked(value));
            return this;
        }

        /**
         * Sets by name, as on the command line.
         *
         * @throws ConfigurationException if there is no such setting, or its value cannot be read or is outside its range
         */
        public Builder set(String name, String value) {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(value, "value");
            Setting<?> setting = Settings.named(name)
                    .orElseThrow(() -> new ConfigurationException(
                            name,
                            value,
                            "there is no such setting; known are "
                                    + Settings.all().stream().map(Setting::name).collect(Collectors.joining(", "))));
            return parsed(setting, value);
        }

        private <T extends Comparable<? super T>> Builder parsed(Setting<T> setting, String text) {
            try {
                return set(setting, setting.parse(text));
            } catch (IllegalArgumentException unreadable) {
                throw new ConfigurationException(
                        setting.name(), text, String.valueOf(unreadable.getMessage()), unreadable);
            }
        }

        /** The name of the cluster: {@link Settings#CLUSTER_NAME}. */
        public Builder cluster(String name) {
            return set(Settings.CLUSTER_NAME, Objects.requireNonNull(name, "name"));
        }

        /** Which parts of a partitioned network may decide: {@link Settings#QUORUM}. */
        public Builder quorum(Quorum quorum) {
            return set(Settings.QUORUM, Objects.requireNonNull(quorum, "quorum").toString());
        }

        /** The token timeout, which all timers that are not set follow: {@link Settings#TOKEN}. */
        public Builder token(Duration token) {
            return set(Settings.TOKEN, Objects.requireNonNull(token, "token"));
        }

        /**
         * The settings collected so far.
         *
         * @throws ConfigurationException if some do not fit each other: names both, their values and the remedy
         */
        public TotemConfig build() {
            Map<Setting<?>, Object> ordered = new LinkedHashMap<>();
            for (Setting<?> setting : Settings.all()) {
                Object value = given.get(setting);
                if (value != null) {
                    ordered.put(setting, value);
                }
            }
            TotemConfig config = new TotemConfig(ordered);
            SettingRelations.check(config);
            return config;
        }
    }
}
