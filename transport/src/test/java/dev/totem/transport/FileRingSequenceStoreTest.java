/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.totem.core.ConfigurationException;
import dev.totem.core.NodeId;
import dev.totem.core.spi.RingSequenceStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

class FileRingSequenceStoreTest extends RingSequenceStoreContract {

    private static final NodeId SELF = NodeId.of(3);

    @TempDir
    Path directory;

    private FileRingSequenceStore store;

    @AfterEach
    void closes() {
        if (store != null) {
            store.close().block();
        }
    }

    @Override
    RingSequenceStore reopened() {
        closes();
        store = FileRingSequenceStore.open(directory, SELF);
        return store;
    }

    @Test
    @Tag("P7")
    void startsFromZeroAfterTheFileWasDeleted() throws IOException {
        kept(44);
        Files.delete(file());

        assertThat(loaded()).isZero();
    }

    @Test
    @Tag("P7")
    void neverTakesPartOfANumberForTheNumber() throws IOException {
        kept(123_456);
        byte[] whole = Files.readAllBytes(file());

        for (int length = 0; length < whole.length; length++) {
            Files.write(file(), Arrays.copyOf(whole, length));
            assertThat(loaded()).as("from %d of %d bytes", length, whole.length).isZero();
        }
    }

    @Test
    @Tag("P7")
    void neverTakesADamagedNumberForTheNumber() throws IOException {
        kept(123_456);
        byte[] whole = Files.readAllBytes(file());

        for (int at = 0; at < whole.length; at++) {
            byte[] damaged = whole.clone();
            damaged[at] ^= 1;
            Files.write(file(), damaged);
            assertThat(loaded()).as("with byte %d altered", at).isZero();
        }
    }

    @Test
    void refusesWhatIsNoNumberOfARing() throws IOException {
        for (String text : List.of("", "\n", "garbage", "ringseq  crc32 0\n", FileRingSequenceStore.format(-4))) {
            Files.writeString(file(), text);
            assertThat(loaded()).as(text).isZero();
        }
    }

    @Test
    void aCrashBeforeTheRenameLeavesTheNumberBefore() throws IOException {
        kept(8);
        Files.writeString(directory.resolve("ringseq-3.new"), "ringseq 1");

        assertThat(loaded()).isEqualTo(8);
        kept(12);
        assertThat(loaded()).isEqualTo(12);
    }

    @Test
    void makesTheDirectory() {
        directory = directory.resolve("a").resolve("b");

        kept(4);

        assertThat(file()).exists();
    }

    @Test
    @Tag("P7")
    void namesADirectoryThatCannotBeWritten() throws IOException {
        Path occupied = Files.writeString(directory.resolve("occupied"), "a file");

        assertThatThrownBy(() -> FileRingSequenceStore.open(occupied, SELF))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("state-dir=" + occupied + ": cannot be used, a file is in its place: name a directory");
    }

    @Test
    @Tag("P7")
    void namesADirectoryThatWentAwayLater() throws IOException {
        Path gone = directory.resolve("gone");
        store = FileRingSequenceStore.open(gone, SELF);
        Files.delete(gone.resolve("ringseq-3.lock"));
        Files.delete(gone);

        StepVerifier.create(store.store(4))
                .expectErrorSatisfies(error -> assertThat(error)
                        .isInstanceOf(ConfigurationException.class)
                        .hasMessageContaining("state-dir=" + gone + ": cannot be used, it is gone"))
                .verify();
    }

    @Test
    void usesADirectoryAgainThatIsBackAndLocksIt() throws IOException {
        Path gone = directory.resolve("gone");
        store = FileRingSequenceStore.open(gone, SELF);
        Files.delete(gone.resolve("ringseq-3.lock"));
        Files.delete(gone);
        StepVerifier.create(store.store(4)).verifyError(ConfigurationException.class);
        Files.createDirectory(gone);

        StepVerifier.create(store.store(8)).verifyComplete();

        assertThatThrownBy(() -> FileRingSequenceStore.open(gone, SELF)).hasMessageContaining("node 3 already runs");
        assertThat(store.load().block()).isEqualTo(8);
    }

    @Test
    void writesNothingAfterItWasClosed() {
        kept(4);
        FileRingSequenceStore former = store;
        reopened().store(8).block();

        StepVerifier.create(former.store(5)).verifyError(ConfigurationException.class);

        assertThat(loaded()).isEqualTo(8);
    }

    @Test
    void refusesASecondNodeOfTheSameIdUntilTheFirstHasEnded() {
        store = FileRingSequenceStore.open(directory, SELF);

        assertThatThrownBy(() -> FileRingSequenceStore.open(directory, SELF))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("state-dir=" + directory)
                .hasMessageContaining("node 3 already runs");
        store.close().block();
        store = FileRingSequenceStore.open(directory, SELF);

        assertThat(store.load().block()).isZero();
    }

    /** The system ends the locks of a process on a file when it closes the file, however often it had it open. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void aSecondStartInTheSameProcessLeavesTheLockAgainstOthers() throws IOException {
        store = FileRingSequenceStore.open(directory, SELF);
        Object inode = Files.getAttribute(directory.resolve("ringseq-3.lock"), "unix:ino");
        assertThat(Files.readString(Path.of("/proc/locks"))).contains(":" + inode + " ");

        assertThatThrownBy(() -> FileRingSequenceStore.open(directory, SELF))
                .isInstanceOf(ConfigurationException.class);

        assertThat(Files.readString(Path.of("/proc/locks"))).contains(":" + inode + " ");
    }

    @Test
    @Tag("F10")
    void writesNoFileToWhichALinkInItsDirectoryLeads() throws IOException {
        Path other = Files.writeString(directory.resolve("other"), "of somebody else");
        Files.createSymbolicLink(directory.resolve("ringseq-3.new"), other);

        kept(4);

        assertThat(Files.readString(other)).isEqualTo("of somebody else");
        assertThat(loaded()).isEqualTo(4);
    }

    @Test
    @Tag("F10")
    void locksNoFileToWhichALinkLeads() throws IOException {
        Path other = Files.writeString(directory.resolve("other"), "of somebody else");
        Files.setPosixFilePermissions(other, PosixFilePermissions.fromString("rw-r--r--"));
        Files.createSymbolicLink(directory.resolve("ringseq-3.lock"), other);

        assertThatThrownBy(() -> FileRingSequenceStore.open(directory, SELF))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("state-dir=" + directory);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(other)))
                .isEqualTo("rw-r--r--");
    }

    @Test
    void nodesOfDifferentIdsShareADirectory() {
        FileRingSequenceStore other = FileRingSequenceStore.open(directory, NodeId.of(33));
        try {
            kept(4);
            other.store(400).block();

            assertThat(loaded()).isEqualTo(4);
            assertThat(other.load().block()).isEqualTo(400);
        } finally {
            other.close().block();
        }
    }

    @Test
    void touchesFilesOnAThreadOfItsOwn() {
        store = FileRingSequenceStore.open(directory, SELF);

        String thread = store.store(4)
                .then(Mono.fromCallable(() -> Thread.currentThread().getName()))
                .subscribeOn(Schedulers.parallel())
                .block();

        assertThat(thread).isEqualTo("totem-3-state");
    }

    @Test
    void theDefaultDirectoryIsOneOfTheCluster() {
        Path home = Path.of("/home/x");
        Path base = home.resolve(".local/state/totem");

        assertThat(StateDirectory.of(home, "totem")).isEqualTo(base.resolve("totem"));
        assertThat(StateDirectory.of(home, "../etc")).isEqualTo(base.resolve("%2E.%2Fetc"));
        assertThat(StateDirectory.of(home, "..")).isEqualTo(base.resolve("%2E."));
        assertThat(StateDirectory.of(home, "a b*")).isEqualTo(base.resolve("a+b%2A"));
    }

    private void kept(long number) {
        if (store == null) {
            store = FileRingSequenceStore.open(directory, SELF);
        }
        StepVerifier.create(store.store(number)).verifyComplete();
    }

    /** In a new life. */
    private long loaded() {
        return reopened().load().block();
    }

    private Path file() {
        return directory.resolve("ringseq-3");
    }
}
