/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.spring.boot.internal;

import dev.totem.core.ConfigurationException;

/** {@code HOST:PORT} in a property; an IPv6 address stands in brackets. Immutable, any thread. */
record HostPort(String host, int port) {

    static final int PORT_MOST = 65_535;

    /** @param setting the property's name, for the message */
    static HostPort parse(String setting, String text) {
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? "" : text.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        } else if (host.indexOf(':') >= 0) {
            throw new ConfigurationException(setting, text, "put an IPv6 address in brackets, [ADDRESS]:PORT");
        }
        String digits = text.substring(colon + 1);
        if (host.isEmpty() || !digits.matches("[0-9]{1,5}") || Integer.parseInt(digits) > PORT_MOST) {
            throw new ConfigurationException(setting, text, "is not HOST:PORT with a port from 0 to " + PORT_MOST);
        }
        return new HostPort(host, Integer.parseInt(digits));
    }
}
