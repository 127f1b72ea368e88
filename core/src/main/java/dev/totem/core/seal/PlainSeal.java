/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.seal;

import dev.totem.core.spi.DatagramSeal;

/** Stub. */
public final class PlainSeal {
    private PlainSeal() {}

    public static DatagramSeal create() {
        throw new UnsupportedOperationException("stub");
    }
}
