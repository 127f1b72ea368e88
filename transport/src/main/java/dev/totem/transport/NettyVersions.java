/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import dev.totem.core.ConfigurationException;
import io.netty.util.Version;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Which Netty is on the class path: other libraries bring theirs, and a build that manages versions chooses one. Any thread. */
final class NettyVersions {

    /** The first with the event loops and socket types that this transport is written for. */
    static final String OLDEST = "4.2.0.Final";

    private static final List<String> USED = List.of(
            "netty-common",
            "netty-buffer",
            "netty-resolver",
            "netty-transport",
            "netty-transport-classes-epoll",
            "netty-transport-native-unix-common");

    private NettyVersions() {}

    /**
     * Looks at the class path; blocks.
     *
     * @throws ConfigurationException as {@link #check(Map)}
     */
    static void check() {
        Map<String, Version> found = Version.identify(Version.class.getClassLoader());
        check(found.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().artifactVersion())));
    }

    /**
     * Passes what is new enough, and what does not say its version: then {@link Linkage} has the last word.
     *
     * @param found versions by artifact
     * @throws ConfigurationException if one that the transport uses is older than {@link #OLDEST}
     */
    static void check(Map<String, String> found) {
        for (String artifact : USED) {
            String version = found.get(artifact);
            if (version != null && isOlder(version)) {
                throw new ConfigurationException(
                        "netty",
                        version,
                        artifact + " is too old, " + OLDEST
                                + " or later is needed: let your build manage all of Netty at one"
                                + " 4.2 version, for example by importing io.netty:netty-bom"
                                + " (Spring Boot: version 4, or the property netty.version)");
            }
        }
    }

    private static boolean isOlder(String version) {
        String[] found = version.split("[.-]", -1);
        String[] oldest = OLDEST.split("[.-]", -1);
        for (int i = 0; i < 3; i++) {
            if (i == found.length || !found[i].matches("\\d{1,9}")) {
                return false;
            }
            int difference = Integer.parseInt(found[i]) - Integer.parseInt(oldest[i]);
            if (difference != 0) {
                return difference < 0;
            }
        }
        return false;
    }
}
