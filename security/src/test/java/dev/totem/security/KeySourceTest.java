/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.security;

import static dev.totem.security.SealContract.CLUSTER;
import static dev.totem.security.SealContract.ONE;
import static dev.totem.security.SealContract.TWO;
import static dev.totem.security.SealContract.introduce;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.totem.core.ConfigurationException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys from elsewhere than a file of one's own. */
class KeySourceTest {

    private static final byte[] KEY = Keys.key(7).copyBytes();
    private static final String DIGITS = HexFormat.of().formatHex(KEY);

    @TempDir
    Path folder;

    @Test
    void fromMemory() {
        byte[] key = KEY.clone();
        KeySource source = KeySource.key(key);
        java.util.Arrays.fill(key, (byte) 0);

        assertThat(only(read(source))).isEqualTo(DIGITS);
        read(source).erase();
        assertThat(only(read(source))).as("another copy each time").isEqualTo(DIGITS);
    }

    @Test
    void sourcesOfTheSameKeyUnderstandEachOther() {
        AeadSeal one = AeadSeal.from(KeySource.key(KEY));
        AeadSeal other = AeadSeal.from(() -> CompletableFuture.completedFuture(KeyRing.of(1, KEY)));

        introduce(one.session(ONE, CLUSTER), other.session(TWO, CLUSTER));
    }

    @Test
    void fromTheTextOfAnEnvironmentVariable() {
        KeyRing digits = KeyText.environment("K", " " + DIGITS + "\n")
                .toCompletableFuture()
                .join();
        KeyRing file = KeyText.environment("K", "totem-key-file 2\nactive 009\nkey 9 " + DIGITS + "\n")
                .toCompletableFuture()
                .join();

        assertThat(only(digits)).isEqualTo(DIGITS);
        assertThat(file.active()).isEqualTo(9);
    }

    @Test
    void saysWhichVariableIsMissingAndQuotesNone() {
        assertThatThrownBy(() -> AeadSeal.from(KeySource.environment("TOTEM_NO_SUCH_KEY")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("TOTEM_NO_SUCH_KEY")
                .hasMessageContaining("is not set");
        assertThatThrownBy(() -> KeyText.environment("K", DIGITS + "00")
                        .toCompletableFuture()
                        .join())
                .hasCauseInstanceOf(ConfigurationException.class)
                .satisfies(refused -> assertThat(refused.getMessage()).doesNotContain(DIGITS.substring(0, 8)));
    }

    @Test
    void fromAPkcs12KeyStore() throws Exception {
        char[] password = "secret".toCharArray();
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        KeyStore.ProtectionParameter protection = new KeyStore.PasswordProtection(password);
        store.setEntry("totem-10", new KeyStore.SecretKeyEntry(new SecretKeySpec(KEY, "AES")), protection);
        store.setEntry(
                "totem-2",
                new KeyStore.SecretKeyEntry(new SecretKeySpec(Keys.key(2).copyBytes(), "AES")),
                protection);
        store.setEntry("another", new KeyStore.SecretKeyEntry(new SecretKeySpec(new byte[16], "AES")), protection);

        KeyRing ring = read(KeySource.keyStore(store, password));

        assertThat(ring.keys()).extracting(MasterKey::id).containsExactly(2, 10);
        assertThat(ring.active()).isEqualTo(2);
        assertThat(ring.of(10).orElseThrow().key().hasBitsOf(Keys.key(7))).isTrue();
        assertThatThrownBy(() -> AeadSeal.from(KeySource.keyStore(store, "wrong".toCharArray())))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("password");
    }

    @Test
    void refusesWhatIsNoKey() {
        assertThatThrownBy(() -> KeySource.key(new byte[31]))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("31 bytes");
        assertThatThrownBy(() -> KeySource.key(new byte[32]))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("all its bytes are the same");
        assertThatThrownBy(() -> KeyRing.of(1, KEY).and(1, KEY)).isInstanceOf(ConfigurationException.class);
        assertThatThrownBy(() -> KeyRing.of(256, KEY)).isInstanceOf(ConfigurationException.class);
        assertThatThrownBy(() -> KeyRing.of(1, KEY).startingWith(2)).isInstanceOf(ConfigurationException.class);
        assertThat(KeyRing.of(1, KEY).toString()).isEqualTo("KeyRing[[1], active 1]");
    }

    /** As Kubernetes mounts a secret: a link to a file of root, which the group reads. */
    @Test
    void aFileOfTheGroupIsReadWhenThatWasSaid() throws Exception {
        Path data = Files.createDirectory(folder.resolve("..data"));
        Path file = data.resolve("key");
        Files.writeString(file, "totem-key-file 2\nactive 001\nkey 1 " + DIGITS + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r-----"));
        Path link = Files.createSymbolicLink(folder.resolve("key"), file);

        assertThat(only(read(KeySource.groupReadableFile(link)))).isEqualTo(DIGITS);
        assertThat(KeySource.groupReadableFile(link).keepActive(1)).isCompleted();
        assertThatThrownBy(() -> read(KeySource.file(link))).hasMessageContaining("chmod 600");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--rw----"));
        assertThatThrownBy(() -> read(KeySource.groupReadableFile(link))).hasMessageContaining("chmod 440");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r--r--"));
        assertThatThrownBy(() -> read(KeySource.groupReadableFile(link))).hasMessageContaining("chmod 440");
    }

    private static KeyRing read(KeySource source) {
        return source.read().toCompletableFuture().join();
    }

    private static String only(KeyRing ring) {
        assertThat(ring.keys()).hasSize(1);
        return HexFormat.of().formatHex(ring.keys().get(0).key().copyBytes());
    }
}
