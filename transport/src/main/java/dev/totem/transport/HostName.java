/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/** What this host is called. */
final class HostName {

    private static final Pattern NUMBERED = Pattern.compile("[^.]*-[0-9]{1,9}(\\..*)?");

    private HostName() {}

    /** What the environment says, which in a container is the pod's name; else what the system says. May block. */
    static String get() {
        String said = System.getenv("HOSTNAME");
        if (said != null && !said.isEmpty()) {
            return said;
        }
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException nameless) {
            return "";
        }
    }

    /** Whether it ends with a number, as a replica's does. */
    static boolean isNumbered(String host) {
        return NUMBERED.matcher(host).matches();
    }
}
