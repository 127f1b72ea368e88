/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.site;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/** Files beside the classes. */
final class Resources {

    private Resources() {}

    static String text(String name) throws IOException {
        try (InputStream file = Objects.requireNonNull(Resources.class.getResourceAsStream(name), name)) {
            return new String(file.readAllBytes(), UTF_8);
        }
    }
}
