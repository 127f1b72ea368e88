/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.totem.core.ConfigurationException;
import dev.totem.security.CipherSuite.Implementation;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

class AeadSelectionTest {

    private static final Implementation GOOD = new Implementation("good", BouncyCastleAead::new);

    private final Logger logger = (Logger) LoggerFactory.getLogger(AeadSelection.class);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @BeforeEach
    void listen() {
        log.start();
        logger.setLevel(Level.INFO);
        logger.setAdditive(false);
        logger.addAppender(log);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(log);
        logger.setLevel(null);
        logger.setAdditive(true);
    }

    static Stream<Implementation> broken() {
        return Stream.of(
                new Implementation("missing", key -> {
                    throw new UnsatisfiedLinkError("no such library");
                }),
                new Implementation("unavailable", key -> {
                    throw new IllegalStateException("no such provider");
                }),
                new Implementation("seals wrongly", key -> new Broken(key, true, false, false)),
                new Implementation("opens nothing", key -> new Broken(key, false, true, false)),
                new Implementation("opens everything", key -> new Broken(key, false, false, true)));
    }

    @Test
    void takesTheFirstAndSaysNothing() {
        Aead.Factory factory = AeadSelection.select(CipherSuite.AES_256_GCM);

        assertThat(factory.create(Keys.key(1))).isInstanceOf(BoringGcmAead.class);
        assertThat(log.list).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void warnsOnceOfAWeakSuiteOnly(CipherSuite suite) {
        AeadSelection.select(suite);

        assertThat(log.list)
                .hasSize(suite == CipherSuite.SOBER128_HMAC_SHA1 ? 1 : 0)
                .allSatisfy(line -> {
                    assertThat(line.getLevel()).isEqualTo(Level.WARN);
                    assertThat(line.getFormattedMessage()).contains(suite.text(), "aes-256-gcm");
                });
    }

    @Test
    void saysWithoutAWarningThatTheJvmWasNotToldToOpenAPackage() {
        Implementation notAllowed = new Implementation("not allowed", key -> {
            throw new UnsupportedOperationException("needs --add-opens");
        });

        Aead.Factory factory = AeadSelection.select("aes-256-gcm", List.of(notAllowed, GOOD), KnownAnswer.AES_256_GCM);

        assertThat(factory).isSameAs(GOOD.factory());
        assertThat(log.list).singleElement().satisfies(line -> {
            assertThat(line.getLevel()).isEqualTo(Level.INFO);
            assertThat(line.getFormattedMessage()).contains("aes-256-gcm", "good", "not allowed", "needs --add-opens");
        });
    }

    @ParameterizedTest
    @MethodSource("broken")
    void fallsBackWithOneLogLine(Implementation broken) {
        Aead.Factory factory = AeadSelection.select("aes-256-gcm", List.of(broken, GOOD), KnownAnswer.AES_256_GCM);

        assertThat(factory).isSameAs(GOOD.factory());
        assertThat(log.list).singleElement().satisfies(line -> {
            assertThat(line.getLevel()).isEqualTo(Level.WARN);
            assertThat(line.getFormattedMessage()).contains("aes-256-gcm", "good", broken.name());
        });
    }

    @ParameterizedTest
    @MethodSource("broken")
    void refusesWhenNothingWorks(Implementation broken) {
        assertThatThrownBy(() -> AeadSelection.select("aes-256-gcm", List.of(broken), KnownAnswer.AES_256_GCM))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("suite=aes-256-gcm")
                .hasMessageContaining(broken.name());
    }

    private static final class Broken implements Aead {

        private final Aead cipher;
        private final boolean sealsWrongly;
        private final boolean opensNothing;
        private final boolean opensEverything;

        Broken(SecretKey key, boolean sealsWrongly, boolean opensNothing, boolean opensEverything) {
            this.cipher = new BouncyCastleAead(key);
            this.sealsWrongly = sealsWrongly;
            this.opensNothing = opensNothing;
            this.opensEverything = opensEverything;
        }

        @Override
        public void seal(
                byte[] nonce, byte[] plaintext, int from, int length, byte[] message, int at, int associatedBytes) {
            cipher.seal(nonce, plaintext, from, length, message, at, associatedBytes);
            if (sealsWrongly) {
                message[message.length - 1] ^= 1;
            }
        }

        @Override
        public boolean open(byte[] nonce, byte[] message, int at, int associatedBytes, int length, byte[] plaintext) {
            return !opensNothing
                    && (cipher.open(nonce, message, at, associatedBytes, length, plaintext) || opensEverything);
        }

        @Override
        public void close() {
            cipher.close();
        }
    }
}
