/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.security;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Four bytes behind the addresses of a frame that only who has the master key can make: half of their SipHash-2-4 (Aumasson
 * and Bernstein, 2012). Node loop only; allocates nothing after construction.
 *
 * <p>They prove nothing of the frame, but they cost little to check: a stranger's frames end here, before a cipher or a key
 * derivation is used for them. So it is of no library, which has to be there for the ciphers only.
 */
final class Guard {

    static final int BYTES = Integer.BYTES;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private long key0;
    private long key1;
    private long v0;
    private long v1;
    private long v2;
    private long v3;

    /** @param key only read; the first half is used */
    Guard(SecretKey key) {
        byte[] bytes = key.copyBytes();
        key0 = (long) LONGS.get(bytes, 0);
        key1 = (long) LONGS.get(bytes, Long.BYTES);
        Arrays.fill(bytes, (byte) 0);
    }

    /** The bytes for what is to be guarded. */
    int of(byte[] frame, int at, int length) {
        return (int) hash(frame, at, length);
    }

    long hash(byte[] bytes, int at, int length) {
        v0 = key0 ^ 0x736f6d6570736575L;
        v1 = key1 ^ 0x646f72616e646f6dL;
        v2 = key0 ^ 0x6c7967656e657261L;
        v3 = key1 ^ 0x7465646279746573L;
        int whole = length & -Long.BYTES;
        for (int i = 0; i < whole; i += Long.BYTES) {
            take((long) LONGS.get(bytes, at + i));
        }
        long last = (long) length << 56;
        for (int i = whole; i < length; i++) {
            last |= (long) Byte.toUnsignedInt(bytes[at + i]) << (Byte.SIZE * (i - whole));
        }
        take(last);
        v2 ^= 0xFF;
        for (int round = 0; round < 4; round++) {
            round();
        }
        return v0 ^ v1 ^ v2 ^ v3;
    }

    void close() {
        key0 = 0;
        key1 = 0;
        v0 = 0;
        v1 = 0;
        v2 = 0;
        v3 = 0;
    }

    private void take(long word) {
        v3 ^= word;
        round();
        round();
        v0 ^= word;
    }

    private void round() {
        v0 += v1;
        v2 += v3;
        v1 = Long.rotateLeft(v1, 13) ^ v0;
        v3 = Long.rotateLeft(v3, 16) ^ v2;
        v0 = Long.rotateLeft(v0, 32) + v3;
        v2 += v1;
        v1 = Long.rotateLeft(v1, 17) ^ v2;
        v3 = Long.rotateLeft(v3, 21) ^ v0;
        v2 = Long.rotateLeft(v2, 32);
    }
}
