/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.security;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.bouncycastle.crypto.CipherParameters;
import org.bouncycastle.crypto.DataLengthException;
import org.bouncycastle.crypto.OutputLengthException;
import org.bouncycastle.crypto.StreamCipher;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.crypto.params.ParametersWithIV;

/**
 * SOBER-128 (Hawkes and Rose, "Primitive Specification for SOBER-128", 2003): a shift register of 17 words and a
 * non-linear filter. One thread at a time; allocates nothing after construction.
 *
 * <p>Its tables make it leak through the cache, and its authors have withdrawn its MAC function, which is not here.
 */
final class Sober128Engine implements StreamCipher {

    private static final int KEY_BYTES_MAX = 16;
    private static final int IV_BYTES_MAX = 16;

    private static final int REGISTER = 17;
    private static final int FIRST_CONSTANT = 0x6996C53A;

    /** Where words of key and IV are added to the register. */
    private static final int KEY_AT = 15;

    /** Where the filter's output is fed back while they are loaded. */
    private static final int FOLD_AT = 4;

    /** Steps between two moves of the register to the beginning of its array. */
    private static final int STEPS = 128;

    private static final int[] SBOX = Sober128Tables.sbox();
    private static final int[] MULTIPLES = Sober128Tables.multiples();

    private static final VarHandle WORDS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private final int[] words = new int[REGISTER + STEPS];
    private final int[] keyed = new int[REGISTER];
    private final byte[] iv = new byte[IV_BYTES_MAX];

    private int at;
    private int constant;
    private int ivBytes;
    private boolean isKeyed;
    private int rest;
    private int restBytes;

    /**
     * Takes a key and an IV, or an IV for the key that it has.
     *
     * @param params a {@code ParametersWithIV}, around a {@code KeyParameter} or nothing; both lengths are multiples of 4
     *     up to 16
     */
    @Override
    public void init(boolean forEncryption, CipherParameters params) {
        if (!(params instanceof ParametersWithIV withIv)) {
            throw new IllegalArgumentException("SOBER-128 needs an IV");
        }
        if (withIv.getParameters() instanceof KeyParameter key) {
            begin(key.getKey());
        } else if (withIv.getParameters() != null) {
            throw new IllegalArgumentException("SOBER-128 needs a plain key");
        }
        begin(withIv.getIV(), withIv.getIV().length);
    }

    private void begin(byte[] key) {
        require("key", key.length, KEY_BYTES_MAX);
        at = 0;
        words[0] = 1;
        words[1] = 1;
        for (int i = 2; i < REGISTER; i++) {
            words[i] = words[i - 1] + words[i - 2];
        }
        constant = FIRST_CONSTANT;
        load(key, key.length);
        int filtered;
        do {
            step();
            filtered = filter();
        } while (filtered >>> 24 == 0);
        constant = filtered;
        System.arraycopy(words, at, keyed, 0, REGISTER);
        isKeyed = true;
    }

    private void begin(byte[] vector, int length) {
        if (!isKeyed) {
            throw new IllegalStateException("SOBER-128 has no key yet");
        }
        require("IV", length, IV_BYTES_MAX);
        System.arraycopy(vector, 0, iv, 0, length);
        ivBytes = length;
        reset();
    }

    private static void require(String what, int bytes, int bytesMax) {
        if (bytes % Integer.BYTES != 0 || bytes == 0 || bytes > bytesMax) {
            throw new IllegalArgumentException(
                    "SOBER-128 takes a " + what + " of 4, 8, 12 or " + bytesMax + " bytes, not " + bytes);
        }
    }

    @Override
    public String getAlgorithmName() {
        return "SOBER-128";
    }

    @Override
    public byte returnByte(byte in) {
        if (restBytes == 0) {
            rest = nextWord();
            restBytes = Integer.BYTES;
        }
        byte out = (byte) (in ^ rest);
        rest >>>= Byte.SIZE;
        restBytes--;
        return out;
    }

    @Override
    public int processBytes(byte[] in, int inOff, int len, byte[] out, int outOff) {
        if (inOff > in.length - len) {
            throw new DataLengthException("the input ends before its length");
        }
        if (outOff > out.length - len) {
            throw new OutputLengthException("the output is too short");
        }
        int done = 0;
        while (restBytes > 0 && done < len) {
            out[outOff + done] = returnByte(in[inOff + done]);
            done++;
        }
        for (; done <= len - Integer.BYTES; done += Integer.BYTES) {
            WORDS.set(out, outOff + done, (int) WORDS.get(in, inOff + done) ^ nextWord());
        }
        for (; done < len; done++) {
            out[outOff + done] = returnByte(in[inOff + done]);
        }
        return len;
    }

    /** Begins again with the key and the IV that were given last. */
    @Override
    public void reset() {
        System.arraycopy(keyed, 0, words, 0, REGISTER);
        at = 0;
        load(iv, ivBytes);
        rest = 0;
        restBytes = 0;
    }

    /** Wipes key and state; the cipher wants a key before it is used again. */
    void erase() {
        Arrays.fill(words, 0);
        Arrays.fill(keyed, 0);
        constant = 0;
        rest = 0;
        restBytes = 0;
        isKeyed = false;
    }

    private void load(byte[] bytes, int length) {
        for (int i = 0; i < length; i += Integer.BYTES) {
            words[at + KEY_AT] += (int) WORDS.get(bytes, i);
            step();
            words[at + FOLD_AT] ^= filter();
        }
        words[at + KEY_AT] += length;
        for (int i = 0; i < REGISTER; i++) {
            step();
            words[at + FOLD_AT] ^= filter();
        }
    }

    private int nextWord() {
        step();
        return filter();
    }

    private void step() {
        if (at == STEPS) {
            System.arraycopy(words, at, words, 0, REGISTER);
            at = 0;
        }
        int first = words[at];
        words[at + REGISTER] =
                words[at + KEY_AT] ^ words[at + FOLD_AT] ^ (first << Byte.SIZE) ^ MULTIPLES[first >>> 24];
        at++;
    }

    private int filter() {
        int t = words[at] + words[at + 16];
        t = Integer.rotateRight(t ^ SBOX[t >>> 24], Byte.SIZE);
        t = ((t + words[at + 1]) ^ constant) + words[at + 6];
        return (t ^ SBOX[t >>> 24]) + words[at + 13];
    }
}
