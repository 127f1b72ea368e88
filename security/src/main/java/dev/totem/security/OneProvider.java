/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.security;

import dev.totem.core.ConfigurationException;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.SecureRandom;
import java.security.Security;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All that is cryptography from one provider, for those who may use a certified module only. Any thread. */
final class OneProvider {

    private static final Logger LOG = LoggerFactory.getLogger(OneProvider.class);
    private static final String SETTING = "provider";
    private static final String HMAC = "HmacSHA256";

    private final String name;

    private OneProvider(String name) {
        this.name = name;
    }

    /** Looks whether it is there, has all that is needed and does it right; says so in the log. */
    static OneProvider of(String name) {
        Provider found = Security.getProvider(name);
        if (found == null) {
            throw new ConfigurationException(
                    SETTING,
                    name,
                    "is not among the providers of this JVM; put its jar on the class path and its name into java.security,"
                            + " or call Security.addProvider");
        }
        OneProvider provider = new OneProvider(name);
        if (!KnownAnswer.AES_256_GCM.isGivenBy(provider::cipher)) {
            throw new ConfigurationException(SETTING, name, "gives a wrong answer to a test vector of AES-256-GCM");
        }
        provider.hmac().of(new byte[Hmac.BYTES], new byte[0], 0);
        provider.random();
        LOG.info("ciphers, key derivation and random numbers of {} only: {}", name, found.getInfo());
        return provider;
    }

    Aead cipher(SecretKey key) {
        try {
            return new JceAead(key, name);
        } catch (IllegalStateException missing) {
            throw lacks("AES/GCM/NoPadding", missing);
        }
    }

    Hmac hmac() {
        try {
            Mac mac = Mac.getInstance(HMAC, name);
            return (key, text, length) -> {
                try {
                    mac.init(new SecretKeySpec(key, HMAC));
                    mac.update(text, 0, length);
                    return mac.doFinal();
                } catch (GeneralSecurityException e) {
                    throw new IllegalStateException(name + " does not authenticate", e);
                }
            };
        } catch (GeneralSecurityException missing) {
            throw lacks(HMAC, missing);
        }
    }

    /** The first generator that it has: a provider puts the one to use there. */
    SecureRandom random() {
        String algorithm = Security.getProvider(name).getServices().stream()
                .filter(service -> service.getType().equals("SecureRandom"))
                .map(Provider.Service::getAlgorithm)
                .sorted((one, other) -> Boolean.compare(!one.equals("DEFAULT"), !other.equals("DEFAULT")))
                .findFirst()
                .orElse("");
        try {
            SecureRandom random = SecureRandom.getInstance(algorithm, name);
            byte[] two = new byte[2 * Long.BYTES];
            random.nextBytes(two);
            if (Arrays.equals(two, 0, Long.BYTES, two, Long.BYTES, two.length)) {
                throw new ConfigurationException(SETTING, name, "its random numbers repeat");
            }
            return random;
        } catch (GeneralSecurityException missing) {
            throw lacks("a SecureRandom", missing);
        }
    }

    private ConfigurationException lacks(String what, Exception cause) {
        return new ConfigurationException(SETTING, name, "has no " + what + "; name another provider", cause);
    }
}
