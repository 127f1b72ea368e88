/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.peer;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.util.concurrent.atomic.AtomicLong;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import org.jgroups.Message;
import org.jgroups.conf.ClassConfigurator;
import org.jgroups.protocols.EncryptHeader;
import org.jgroups.protocols.SYM_ENCRYPT;
import org.jspecify.annotations.Nullable;

/**
 * {@code SYM_ENCRYPT} with the AES-GCM of the JDK: JGroups hands its parameters over in a form that only other, slower
 * providers take. A cipher a thread and counted nonces make it faster than the original. Any thread.
 */
@SuppressWarnings("unchecked") // of the parent: it overrides a generic method by one that is not
public final class GcmEncrypt extends SYM_ENCRYPT {

    private static final short PROTOCOL_ID = 2_000;
    private static final int TAG_BITS = 128;
    private static final int NONCE_BYTES = 12;

    private final ThreadLocal<Cipher> ciphers = ThreadLocal.withInitial(GcmEncrypt::cipher);
    private final AtomicLong nonces = new AtomicLong();
    private int life;

    /** Makes its name known to JGroups; before a channel is opened. */
    static void register() {
        ClassConfigurator.addProtocol(PROTOCOL_ID, GcmEncrypt.class);
    }

    @Override
    public void init() throws Exception {
        super.init();
        life = secure_random.nextInt();
    }

    @Override
    protected byte[] makeIv() {
        return ByteBuffer.allocate(NONCE_BYTES)
                .putInt(life)
                .putLong(nonces.getAndIncrement())
                .array();
    }

    @Override
    protected byte[] code(byte[] bytes, int offset, int length, byte[] iv, boolean decode) throws Exception {
        Cipher cipher = ciphers.get();
        cipher.init(decode ? Cipher.DECRYPT_MODE : Cipher.ENCRYPT_MODE, secret_key, new GCMParameterSpec(TAG_BITS, iv));
        return cipher.doFinal(bytes, offset, length);
    }

    /** Keeps the flags: credits that lose their OOB flag queue behind what waits for them. */
    @Override
    protected Message encrypt(Message message) throws Exception {
        return super.encrypt(message).setFlag(message.getFlags(false), false).setFlag(message.getFlags(true), true);
    }

    /** @param pooled not used: without one, the message goes through {@link #code} */
    @Override
    protected Message _decrypt(@Nullable Cipher pooled, Key key, Message message, EncryptHeader header)
            throws Exception {
        return super._decrypt(null, key, message, header);
    }

    private static Cipher cipher() {
        try {
            return Cipher.getInstance("AES/GCM/NoPadding");
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("every JDK has AES-GCM", missing);
        }
    }
}
