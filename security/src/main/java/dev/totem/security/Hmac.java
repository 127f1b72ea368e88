/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.security;

/** HMAC-SHA256 (RFC 2104). One thread at a time. */
interface Hmac {

    int BYTES = 32;

    /**
     * The code, in an array of its own.
     *
     * @param key at most 64 bytes; only read
     * @param text from its begin on; only read
     */
    byte[] of(byte[] key, byte[] text, int length);
}
