/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.spring.boot.internal;

import dev.totem.core.Setting;
import dev.totem.core.Settings;
import dev.totem.core.TotemConfig;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/** The settings of a node, each a property of its name. Any thread. */
public final class SettingProperties {

    private static final String PREFIX = "totem.";
    private static final String APPLICATION = "spring.application.name";

    private SettingProperties() {}

    /**
     * Those that the environment has; a cluster that is not named has the application's name.
     *
     * @throws dev.totem.core.ConfigurationException if a value cannot work, alone or beside the others
     */
    public static TotemConfig read(Environment environment) {
        Binder binder = Binder.get(environment);
        TotemConfig.Builder builder = TotemConfig.builder();
        String application = environment.getProperty(APPLICATION, "");
        if (!application.isEmpty()) {
            builder.cluster(application);
        }
        for (Setting<?> setting : Settings.all()) {
            binder.bind(PREFIX + setting.name(), String.class)
                    .ifBound(value -> builder.set(setting.name(), value.strip()));
        }
        return builder.build();
    }
}
