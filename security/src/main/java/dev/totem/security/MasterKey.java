/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.security;

/**
 * A key of a key file, from which the keys of all lives are derived.
 *
 * @param id its number in the file, 1 to 255, which stands in the header of every frame
 */
record MasterKey(int id, SecretKey key) {

    static final int ID_MAX = 255;

    MasterKey {
        if (id < 1 || id > ID_MAX) {
            throw new IllegalArgumentException("a key id is from 1 to " + ID_MAX + ", not " + id);
        }
    }
}
