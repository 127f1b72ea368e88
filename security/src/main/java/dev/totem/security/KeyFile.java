/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.security;

import java.nio.file.Path;

/** Stub. */
public final class KeyFile {
    private KeyFile() {}

    public static void create(Path file) {
        throw new UnsupportedOperationException("stub");
    }
}
