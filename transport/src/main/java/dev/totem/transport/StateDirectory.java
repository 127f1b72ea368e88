/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Where state is kept when nothing else is said. Any thread. */
final class StateDirectory {

    private StateDirectory() {}

    /** The folder of a cluster under the user's state directory, as the XDG rules have it. */
    static Path of(Path home, String cluster) {
        String safe = URLEncoder.encode(cluster, StandardCharsets.UTF_8).replace("*", "%2A");
        String name = safe.startsWith(".") ? "%2E" + safe.substring(1) : safe;
        return home.resolve(".local").resolve("state").resolve("totem").resolve(name);
    }
}
