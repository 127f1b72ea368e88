/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.security;

import java.util.Random;

/** Keys for tests. */
final class Keys {

    private Keys() {}

    static SecretKey key(int seed) {
        byte[] bytes = new byte[SecretKey.BYTES];
        new Random(seed).nextBytes(bytes);
        return SecretKey.owning(bytes);
    }

    static MasterKey master(int seed) {
        return new MasterKey(1, key(seed));
    }
}
