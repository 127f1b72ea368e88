/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core;

/** A setting that cannot work: names the setting, the value and the remedy. A retry does not help. */
public final class ConfigurationException extends TotemException {

    private static final long serialVersionUID = 1L;

    private final String setting;

    public ConfigurationException(String setting, String value, String remedy) {
        super(setting + "=" + value + ": " + remedy);
        this.setting = setting;
    }

    public ConfigurationException(String setting, String value, String remedy, Throwable cause) {
        super(setting + "=" + value + ": " + remedy, cause);
        this.setting = setting;
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
