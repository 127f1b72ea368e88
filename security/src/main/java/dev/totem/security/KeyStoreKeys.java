/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.security;

import dev.totem.core.ConfigurationException;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Keys under the aliases {@code totem-N} of a key store. Any thread. */
final class KeyStoreKeys {

    private static final String SETTING = "key";
    private static final Pattern ALIAS = Pattern.compile("totem-([1-9]\\d{0,2})");

    private KeyStoreKeys() {}

    static CompletionStage<KeyRing> read(KeyStore store, char[] password) {
        Map<Integer, String> aliases = new TreeMap<>();
        KeyRing ring = null;
        try {
            for (String alias : Collections.list(store.aliases())) {
                Matcher named = ALIAS.matcher(alias);
                if (named.matches()) {
                    aliases.put(Integer.valueOf(named.group(1)), alias);
                }
            }
            for (Map.Entry<Integer, String> each : aliases.entrySet()) {
                byte[] bytes = bytes(each.getValue(), store.getKey(each.getValue(), password));
                try {
                    ring = ring == null ? KeyRing.of(each.getKey(), bytes) : ring.and(each.getKey(), bytes);
                } finally {
                    Arrays.fill(bytes, (byte) 0);
                }
            }
            if (ring == null) {
                throw new ConfigurationException(
                        SETTING,
                        "key store",
                        "it has no alias totem-1 to totem-255; import a key of 32 bytes under one");
            }
            return CompletableFuture.completedFuture(ring);
        } catch (ConfigurationException unusable) {
            if (ring != null) {
                ring.erase();
            }
            return CompletableFuture.failedFuture(unusable);
        } catch (GeneralSecurityException e) {
            return CompletableFuture.failedFuture(new ConfigurationException(
                    SETTING,
                    "key store",
                    "cannot be read: " + e.getMessage() + "; is the password of its keys right?",
                    e));
        }
    }

    private static byte[] bytes(String alias, Key key) {
        byte[] bytes = key == null ? null : key.getEncoded();
        if (bytes == null) {
            throw new ConfigurationException(
                    SETTING, "key store, alias " + alias, "is no secret key whose bytes may be read");
        }
        return bytes;
    }
}
