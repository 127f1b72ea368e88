/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli;

import dev.totem.core.Setting;
import dev.totem.core.Settings;
import dev.totem.core.TotemConfig;
import java.util.Map;
import java.util.stream.Collectors;

/** The settings of {@code --set}. The order of the options does not matter. Any thread. */
public final class ProtocolSettings {

    private final Map<String, String> given;

    /** @throws IllegalArgumentException one line, if a name is not known or a value cannot be read */
    public ProtocolSettings(Map<String, String> given) {
        this.given = Map.copyOf(given);
        this.given.forEach(ProtocolSettings::check);
    }

    /**
     * The configuration with what was given.
     *
     * @throws dev.totem.core.ConfigurationException if a setting cannot work, alone or beside the others
     */
    public TotemConfig config() {
        TotemConfig.Builder builder = TotemConfig.builder();
        given.forEach(builder::set);
        return builder.build();
    }

    private static void check(String name, String value) {
        Setting<?> setting = Settings.named(name)
                .orElseThrow(
                        () -> new IllegalArgumentException("--set " + name + ": there is no such setting; known are "
                                + Settings.all().stream().map(Setting::name).collect(Collectors.joining(", "))));
        try {
            setting.parse(value);
        } catch (IllegalArgumentException unreadable) {
            throw new IllegalArgumentException(
                    "--set " + name + "=" + value + ": " + unreadable.getMessage(), unreadable);
        }
    }
}
