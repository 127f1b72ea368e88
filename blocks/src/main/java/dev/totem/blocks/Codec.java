/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * Values as bytes. Any thread.
 *
 * @param <T> what is encoded
 */
public interface Codec<T> {

    byte[] encode(T value);

    /**
     * The value of some bytes.
     *
     * @throws RuntimeException for bytes that it does not know, as those of a later version: the replica then stops applying and
     *     says so, as it would have another state than the others
     */
    T decode(byte[] bytes);

    /** Bytes as they are; not copied. */
    static Codec<byte[]> bytes() {
        return new Codec<>() {
            @Override
            public byte[] encode(byte[] value) {
                return value;
            }

            @Override
            public byte[] decode(byte[] bytes) {
                return bytes;
            }
        };
    }

    /** Text in UTF-8. */
    static Codec<String> utf8() {
        return new Codec<>() {
            @Override
            public byte[] encode(String value) {
                return value.getBytes(UTF_8);
            }

            @Override
            public String decode(byte[] bytes) {
                return new String(bytes, UTF_8);
            }
        };
    }
}
