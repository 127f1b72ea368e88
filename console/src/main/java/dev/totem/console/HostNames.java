/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.console;

import io.netty.util.NetUtil;
import java.util.Locale;
import java.util.Set;

/**
 * By what names a console may be asked. A page of somebody else can give a name of its own this console's address, and its visitors'
 * browsers would let it read what they are given then; so a name must be an address, or one that is known here. Immutable, any thread.
 *
 * @param known beside addresses and {@code localhost}, in lower case
 */
record HostNames(Set<String> known) {

    HostNames {
        known = Set.copyOf(known);
    }

    static String lowerCase(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    /** Whether the value of a header {@code Host} is one of them; its port does not matter. */
    boolean allow(String host) {
        if (host.startsWith("[")) {
            int end = host.indexOf(']');
            return end > 0 && isPort(host.substring(end + 1)) && NetUtil.isValidIpV6Address(host.substring(1, end));
        }
        int colon = host.indexOf(':');
        String name = lowerCase(colon < 0 ? host : host.substring(0, colon));
        return isPort(colon < 0 ? "" : host.substring(colon))
                && (NetUtil.isValidIpV4Address(name) || name.equals("localhost") || known.contains(name));
    }

    private static boolean isPort(String rest) {
        return rest.isEmpty() || (rest.startsWith(":") && rest.chars().skip(1).allMatch(c -> c >= '0' && c <= '9'));
    }
}
