/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.peer;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import javax.crypto.spec.SecretKeySpec;

/** The key of a JGroups cluster. Any thread. */
public final class JGroupsKeyStore {

    private static final int KEY_BYTES = 16;

    private JGroupsKeyStore() {}

    /** Writes a new random AES key of 128 bits, the one length that JGroups takes for GCM by default. */
    public static void create(Path file) throws IOException {
        byte[] key = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(key);
        char[] password = JGroupsStack.KEY_ALIAS.toCharArray();
        try (OutputStream out = Files.newOutputStream(file)) {
            KeyStore store = KeyStore.getInstance("pkcs12");
            store.load(null, null);
            store.setEntry(
                    JGroupsStack.KEY_ALIAS,
                    new KeyStore.SecretKeyEntry(new SecretKeySpec(key, "AES")),
                    new KeyStore.PasswordProtection(password));
            store.store(out, password);
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("every JDK has PKCS #12 and AES", missing);
        }
    }
}
