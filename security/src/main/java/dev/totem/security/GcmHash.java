/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.security;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Arrays;

/**
 * GHASH of the JDK, which uses the processor's carry-less multiplication and is part of no public API. One thread at a
 * time; allocates nothing after construction.
 */
final class GcmHash {

    static final int BLOCK_BYTES = 16;

    private static final String PACKAGE = "com.sun.crypto.provider";

    private final Object hash;
    private final long[] state;
    private final byte[] block = new byte[BLOCK_BYTES];

    /**
     * @param subkey the cipher of a block of zeros
     * @throws UnsupportedOperationException if the JVM was not told to open the JDK's package; the message says how
     */
    GcmHash(byte[] subkey) {
        requireOpen();
        try {
            hash = (Object) Jdk.CREATE.invokeExact(subkey);
            state = (long[]) Jdk.STATE.invokeExact(hash);
        } catch (Throwable e) {
            throw failed(e);
        }
    }

    private static void requireOpen() {
        Module ours = GcmHash.class.getModule();
        if (!Object.class.getModule().isOpen(PACKAGE, ours)) {
            throw new UnsupportedOperationException(
                    "needs --add-opens java.base/" + PACKAGE + "=" + (ours.isNamed() ? ours.getName() : "ALL-UNNAMED"));
        }
    }

    /** Takes bytes, and zeros up to a whole number of blocks. */
    void update(byte[] bytes, int from, int length) {
        int rest = length % BLOCK_BYTES;
        int whole = length - rest;
        if (whole > 0) {
            updateBlocks(bytes, from, whole);
        }
        if (rest > 0) {
            Arrays.fill(block, (byte) 0);
            System.arraycopy(bytes, from + whole, block, 0, rest);
            updateBlocks(block, 0, BLOCK_BYTES);
        }
    }

    private void updateBlocks(byte[] bytes, int from, int length) {
        try {
            int ignored = (int) Jdk.UPDATE.invokeExact(hash, bytes, from, length);
        } catch (Throwable e) {
            throw failed(e);
        }
    }

    /** The first half of the hash of all updates since {@link #reset}. */
    long high() {
        return state[0];
    }

    /** The second half. */
    long low() {
        return state[1];
    }

    void reset() {
        state[0] = 0;
        state[1] = 0;
    }

    /** Wipes the key; the hash is not used after. */
    void erase() {
        reset();
        Arrays.fill(block, (byte) 0);
        try {
            Arrays.fill((long[]) Jdk.SUBKEYS.invokeExact(hash), 0);
        } catch (Throwable e) {
            throw failed(e);
        }
    }

    private static IllegalStateException failed(Throwable cause) {
        return new IllegalStateException("the JDK's GHASH does not work", cause);
    }

    /** The parts of the JDK's class; constants, so that calls are compiled as if they were written here. */
    private static final class Jdk {

        static final MethodHandle CREATE;
        static final MethodHandle UPDATE;
        static final MethodHandle STATE;
        static final MethodHandle SUBKEYS;

        static {
            try {
                Class<?> type = Class.forName(PACKAGE + ".GHASH");
                MethodHandles.Lookup lookup = MethodHandles.privateLookupIn(type, MethodHandles.lookup());
                CREATE = lookup.findConstructor(type, MethodType.methodType(void.class, byte[].class))
                        .asType(MethodType.methodType(Object.class, byte[].class));
                UPDATE = lookup.findVirtual(
                                type, "update", MethodType.methodType(int.class, byte[].class, int.class, int.class))
                        .asType(MethodType.methodType(int.class, Object.class, byte[].class, int.class, int.class));
                STATE = lookup.findGetter(type, "state", long[].class)
                        .asType(MethodType.methodType(long[].class, Object.class));
                SUBKEYS = lookup.findGetter(type, "subkeyHtbl", long[].class)
                        .asType(MethodType.methodType(long[].class, Object.class));
            } catch (ReflectiveOperationException e) {
                throw new LinkageError("this JDK has another GHASH", e);
            }
        }
    }
}
