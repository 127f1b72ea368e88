/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.totem.core.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyFileTest {

    private static final String DIGITS = "00112233445566778899aabbccddeeff".repeat(2);

    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void nameFile() {
        file = folder.resolve("totem.key");
    }

    @Test
    void createsAKeyThatItReads() throws IOException {
        KeyFile.create(file);

        KeyRing read = KeyFile.read(file);

        assertThat(read.active()).isEqualTo(1);
        assertThat(Files.readAllLines(file)).containsExactly("totem-key-file 2", "active 001", "key 1 " + hex(read, 1));
    }

    @Test
    void createsAFileForItsOwnerOnly() throws IOException {
        KeyFile.create(file);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void createsAnotherKeyEachTime() {
        Path other = folder.resolve("other.key");
        KeyFile.create(file);
        KeyFile.create(other);

        assertThat(hex(KeyFile.read(file), 1)).isNotEqualTo(hex(KeyFile.read(other), 1));
    }

    @Test
    void doesNotOverwrite() throws IOException {
        Files.writeString(file, "precious");

        assertRefused(() -> KeyFile.create(file), "not overwritten");

        assertThat(file).hasContent("precious");
    }

    @Test
    void doesNotCreateFolders() {
        file = folder.resolve("missing").resolve("totem.key");

        assertRefused(() -> KeyFile.create(file), "folder does not exist");
    }

    @Test
    void readsCommentsOtherKeyIdsAndForeignLineEnds() throws IOException {
        write("totem-key-file 2\r\n# rack 7\r\n\r\nactive 255\r\nkey 255 " + DIGITS.toUpperCase(Locale.ROOT));

        KeyRing read = KeyFile.read(file);

        assertThat(read.active()).isEqualTo(255);
        assertThat(hex(read, 255)).isEqualTo(DIGITS);
    }

    @Test
    void readsTheOneKeyOfVersion1() throws IOException {
        write("totem-key-file 1\nkey 3 " + DIGITS + "\n");

        KeyRing read = KeyFile.read(file);

        assertThat(read.active()).isEqualTo(3);
        assertThat(hex(read, 3)).isEqualTo(DIGITS);
        assertRefused(() -> KeyFile.add(file), "active 003");
    }

    @Test
    void addsKeysThatNobodySealsWithYet() throws IOException {
        KeyFile.create(file);
        String first = hex(KeyFile.read(file), 1);

        assertThat(KeyFile.add(file)).isEqualTo(2);
        assertThat(KeyFile.add(file)).isEqualTo(3);

        KeyRing read = KeyFile.read(file);
        assertThat(read.keys()).extracting(MasterKey::id).containsExactly(1, 2, 3);
        assertThat(read.active()).isEqualTo(1);
        assertThat(hex(read, 1)).isEqualTo(first).isNotEqualTo(hex(read, 2));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void addsAKeyBehindAFileWithoutALastLineEnd() throws IOException {
        write("totem-key-file 2\nactive 255\nkey 255 " + DIGITS);

        assertThat(KeyFile.add(file)).isEqualTo(1);

        assertThat(KeyFile.read(file).keys()).extracting(MasterKey::id).containsExactly(255, 1);
    }

    @Test
    void activatesAKeyAndLeavesAllElse() throws IOException {
        KeyFile.create(file);
        KeyFile.add(file);
        String before = Files.readString(file);

        KeyFile.activate(file, 2);

        assertThat(Files.readString(file)).isEqualTo(before.replace("active 001", "active 002"));
        assertThat(KeyFile.read(file).active()).isEqualTo(2);
    }

    @Test
    void aNewerKeyStaysActiveWhenAnOlderSwitchIsNotedLate() {
        KeyFile.create(file);
        KeyFile.add(file);
        KeyFile.add(file);

        KeyFile.activate(file, 3);
        KeyFile.activate(file, 2);

        assertThat(KeyFile.read(file).active()).isEqualTo(3);
    }

    @Test
    void nodesOfOneProcessMayActivateAtOnce() {
        KeyFile.create(file);
        for (int id = 2; id <= 20; id++) {
            KeyFile.add(file);
        }

        IntStream.rangeClosed(2, 20).parallel().forEach(id -> KeyFile.activate(file, id));

        assertThat(KeyFile.read(file).active()).isEqualTo(20);
    }

    @Test
    void refusesToActivateWhatItDoesNotHaveAndSaysWhatToDo() throws IOException {
        KeyFile.create(file);
        assertRefused(() -> KeyFile.activate(file, 2), "no key 2");

        write("totem-key-file 2\nactive 1\nkey 1 " + DIGITS + "\nkey 2 " + DIGITS + "\n");
        assertRefused(() -> KeyFile.activate(file, 2), "active 002");
    }

    @Test
    void refusesAMissingFile() {
        assertRefused(() -> KeyFile.read(file), "totem keygen " + file);
    }

    @Test
    void refusesAFolder() {
        file = folder;

        assertRefused(() -> KeyFile.read(file), "not a regular file");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rw-----w-", "rwx--x---", "rw-rw-rw-"})
    void refusesAFileThatOthersMayUse(String permissions) throws IOException {
        KeyFile.create(file);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));

        assertRefused(() -> KeyFile.read(file), "chmod 600 " + file);
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-------", "r--------", "rwx------"})
    void readsAFileThatOnlyItsOwnerMayUse(String permissions) throws IOException {
        KeyFile.create(file);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));

        assertThat(KeyFile.read(file).active()).isEqualTo(1);
    }

    @Test
    void refusesAFileThatThisUserMayNotRead() throws IOException {
        KeyFile.create(file);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("-w-------"));
        assumeFalse(Files.isReadable(file), "the superuser reads everything");

        assertRefused(() -> KeyFile.read(file), "may not read it");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\n",
                "totem-key-file 1",
                "totem-key-file 1\n",
                "totem-key-file 3\nactive 001\nkey 1 @\n",
                "totem-key-file 2\nkey 1 @\n",
                "totem-key-file 2\nactive 001\n",
                "totem-key-file 2\nactive 002\nkey 1 @\n",
                "totem-key-file 2\nactive 001\nactive 001\nkey 1 @\n",
                "totem-key-file 2\nactive 001\nkey 1 @\nkey 1 @\n",
                "totem-key-file 2\nactive x\nkey 1 @\n",
                "key 1 @\n",
                "totem-key-file 1\nkey 0 @\n",
                "totem-key-file 1\nkey 256 @\n",
                "totem-key-file 1\nkey 1000 @\n",
                "totem-key-file 1\nkey @\n",
                "totem-key-file 1\nkey 1 @0\n",
                "totem-key-file 1\nkey 1 @ \n",
                "totem-key-file 1\nkey 1 g@\n",
                "totem-key-file 1\nkey 1 0011\n",
                "totem-key-file 1\nkeys 1 @\n",
                "totem-key-file 1\nkey 1 @\nkey 2 @\n",
                "totem-key-file 1\nkey 1 @\nrubbish\n"
            })
    void refusesAMalformedFileAndDoesNotQuoteIt(String text) throws IOException {
        write(text.replace("@", DIGITS));

        assertThatThrownBy(() -> KeyFile.read(file))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("key=" + file)
                .hasMessageContaining("is not a key file")
                .satisfies(refused -> assertThat(refused.getMessage().replace(file.toString(), ""))
                        .doesNotContain("0011"))
                .hasNoCause();
    }

    @Test
    void refusesAFileThatIsFarTooLong() throws IOException {
        write("totem-key-file 1\nkey 1 " + DIGITS + "\n" + "#".repeat(70_000));

        assertRefused(() -> KeyFile.read(file), "longer than");
    }

    @Test
    @Tag("F10")
    void severalMayAddAtOnce() {
        KeyFile.create(file);

        List<Integer> ids = IntStream.range(0, 12)
                .parallel()
                .mapToObj(i -> KeyFile.add(file))
                .toList();

        assertThat(ids).doesNotHaveDuplicates();
        assertThat(KeyFile.read(file).keys()).hasSize(13);
    }

    @Test
    @Tag("F10")
    void refusesAFileThatEverybodyMayReplace() throws IOException {
        KeyFile.create(file);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));

        assertRefused(() -> KeyFile.read(file), "chmod o-w " + folder);
        assertThatThrownBy(() -> KeyFile.create(folder.resolve("other")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("chmod o-w");
        Files.setAttribute(folder, "unix:mode", 01777);
        assertThat(KeyFile.read(file).active()).as("where only owners remove").isEqualTo(1);
    }

    @Test
    @Tag("F10")
    void refusesAFileOfAnotherUser() throws IOException {
        KeyFile.create(file);
        assumeTrue((int) Files.getAttribute(file, "unix:uid") == 0, "only the superuser gives files away");
        Files.setAttribute(file, "unix:uid", 12_345);

        assertRefused(() -> KeyFile.read(file), "chown 0 " + file);
    }

    @Test
    @Tag("F10")
    void refusesAKeyThatIsNone() throws IOException {
        write("totem-key-file 2\nactive 001\nkey 1 " + "00".repeat(32) + "\n");

        assertRefused(() -> KeyFile.read(file), "all bytes of key 1 are the same");
    }

    private static String hex(KeyRing ring, int id) {
        return HexFormat.of().formatHex(ring.of(id).orElseThrow().key().copyBytes());
    }

    private void assertRefused(ThrowingCallable call, String remedy) {
        assertThatThrownBy(call)
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("key=" + file)
                .hasMessageContaining(remedy);
    }

    private void write(String text) throws IOException {
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }
}
