/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.security;

import dev.totem.core.spi.DatagramSeal;
import java.nio.file.Path;

/** Stub. */
public final class AeadSeal {
    private AeadSeal() {}

    public static DatagramSeal fromKeyFile(Path file) {
        throw new UnsupportedOperationException("stub");
    }
}
