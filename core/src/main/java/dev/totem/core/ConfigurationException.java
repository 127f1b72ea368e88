/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core;

import static java.util.Objects.requireNonNull;

/** A setting that cannot work: names the setting, the value and the remedy. A retry does not help. */
public final class ConfigurationException extends TotemException {

    private static final long serialVersionUID = 1L;

    private final String setting;

    public ConfigurationException(String setting, String value, String remedy) {
        super(text(setting, value, remedy));
        this.setting = setting;
    }

    public ConfigurationException(String setting, String value, String remedy, Throwable cause) {
        super(text(setting, value, remedy), requireNonNull(cause, "cause"));
        this.setting = setting;
    }

    private static String text(String setting, String value, String remedy) {
        return requireNonNull(setting, "setting") + "=" + requireNonNull(value, "value") + ": "
                + requireNonNull(remedy, "remedy");
    }

    /** The name of the setting, in kebab case as on the command line. */
    public String setting() {
        return setting;
    }

    @Override
    public boolean retryCanHelp() {
        return false;
    }
}
