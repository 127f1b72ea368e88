/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks.internal;

import java.util.Arrays;

/** Bytes as a key, in their unsigned order: the same at all nodes whatever they stand for. Immutable, any thread. */
public final class Bytes implements Comparable<Bytes> {

    private final byte[] bytes;

    private Bytes(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Not copied. */
    public static Bytes of(byte[] bytes) {
        return new Bytes(bytes);
    }

    /** Not copied. */
    public byte[] array() {
        return bytes;
    }

    @Override
    public int compareTo(Bytes other) {
        return Arrays.compareUnsigned(bytes, other.bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bytes same && Arrays.equals(bytes, same.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }
}
