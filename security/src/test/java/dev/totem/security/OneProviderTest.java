/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.security;

import static dev.totem.security.SealContract.CLUSTER;
import static dev.totem.security.SealContract.ONE;
import static dev.totem.security.SealContract.TWO;
import static dev.totem.security.SealContract.introduce;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.totem.core.ConfigurationException;
import dev.totem.core.spi.SealSession;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.Security;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A provider that is named does all of it, and one that cannot is refused. */
class OneProviderTest {

    private static final KeySource KEYS = KeySource.key(Keys.key(4).copyBytes());

    private final List<String> asked = new ArrayList<>();

    @AfterEach
    void remove() {
        Security.removeProvider("Certified");
    }

    @Test
    void doesAllAndUnderstandsNodesThatChooseThemselves() {
        Security.addProvider(new Certified(List.of("Cipher", "Mac", "SecureRandom")));
        SealSession certified = AeadSeal.withProvider(KEYS, "Certified").session(ONE, CLUSTER);

        introduce(certified, AeadSeal.from(KEYS).session(TWO, CLUSTER));

        assertThat(asked).contains("AES/GCM/NoPadding", "HmacSHA256", "DEFAULT");
    }

    @Test
    void refusesAProviderThatLacksSomething() {
        assertThatThrownBy(() -> AeadSeal.withProvider(KEYS, "NoSuch"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("provider=NoSuch: is not among the providers");
        for (String lacking : List.of("Cipher", "Mac", "SecureRandom")) {
            List<String> rest = new ArrayList<>(List.of("Cipher", "Mac", "SecureRandom"));
            rest.remove(lacking);
            Security.removeProvider("Certified");
            Security.addProvider(new Certified(rest));

            assertThatThrownBy(() -> AeadSeal.withProvider(KEYS, "Certified"))
                    .as(lacking)
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("has no ");
        }
    }

    /** Hands out what the JDK has, under another name. */
    private final class Certified extends Provider {

        private static final long serialVersionUID = 1L;

        Certified(List<String> types) {
            super("Certified", "1", "a module that somebody has certified");
            for (String type : types) {
                switch (type) {
                    case "Cipher" -> add(type, "AES/GCM/NoPadding", "SunJCE", "AES/GCM/NoPadding");
                    case "Mac" -> add(type, "HmacSHA256", "SunJCE", "HmacSHA256");
                    default -> add(type, "DEFAULT", "SUN", "SHA1PRNG");
                }
            }
        }

        private void add(String type, String algorithm, String jdk, String ofJdk) {
            Service theirs = Security.getProvider(jdk).getService(type, ofJdk);
            putService(new Service(this, type, algorithm, theirs.getClassName(), null, null) {
                @Override
                public Object newInstance(Object parameter) throws NoSuchAlgorithmException {
                    asked.add(algorithm);
                    return theirs.newInstance(parameter);
                }

                @Override
                public boolean supportsParameter(Object parameter) {
                    return true;
                }
            });
        }
    }
}
