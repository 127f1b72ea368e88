/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.cli.Finding.State;
import dev.totem.core.Settings;
import dev.totem.core.TotemConfig;
import dev.totem.security.KeyFile;
import dev.totem.security.KeySource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.OptionalDouble;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorHostTest {

    @TempDir
    Path folder;

    private Path keys;

    @BeforeEach
    void makesKeys() {
        keys = folder.resolve("keys");
        KeyFile.create(keys);
    }

    private static Finding key(Path file) {
        return DoctorHost.key(KeySource.file(file));
    }

    @Test
    void keysAreToldApartByTheirFingerprintAndCopiesAreNot() throws IOException {
        Path copy = folder.resolve("copy");
        Files.copy(keys, copy, java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
        Path other = folder.resolve("other");
        KeyFile.create(other);

        assertThat(key(keys).state()).isEqualTo(State.OK);
        assertThat(key(keys).text()).matches("fingerprint [0-9a-f]{16}, to be the same at all nodes; .*");
        assertThat(key(copy)).isEqualTo(key(keys));
        assertThat(key(other)).isNotEqualTo(key(keys));
    }

    @Test
    void aKeyFileThatOthersMayReadIsBad() throws IOException {
        Files.setPosixFilePermissions(keys, PosixFilePermissions.fromString("rw-r--r--"));

        assertThat(key(keys).state()).isEqualTo(State.BAD);
        assertThat(key(keys).line()).startsWith("bad key: key=").contains("do: chmod 600");
    }

    @Test
    void aKeyFileThatIsMissingOrNoneIsBad() throws IOException {
        Files.delete(keys);
        assertThat(key(keys).state()).isEqualTo(State.BAD);

        Files.writeString(keys, "nothing of the kind");
        Files.setPosixFilePermissions(keys, PosixFilePermissions.fromString("rw-------"));
        assertThat(key(keys).state()).isEqualTo(State.BAD);
    }

    @Test
    void whereNothingCanBeKeptIsBad() throws IOException {
        assertThat(DoctorHost.state(folder.resolve("new/one")).state()).isEqualTo(State.OK);

        Files.createFile(folder.resolve("file"));
        assertThat(DoctorHost.state(folder.resolve("file/below"))).satisfies(finding -> {
            assertThat(finding.state()).isEqualTo(State.BAD);
            assertThat(finding.text()).endsWith("because of " + folder.resolve("file"));
        });
    }

    @Test
    void moreMemoryThanHalfTheHeapIsBad() {
        TotemConfig config =
                TotemConfig.builder().set(Settings.MEMORY.name(), "100M").build();

        assertThat(DoctorHost.memory(config, 200 << 20).state()).isEqualTo(State.OK);
        assertThat(DoctorHost.memory(config, (200 << 20) - 1).state()).isEqualTo(State.BAD);
        assertThat(DoctorHost.memory(TotemConfig.defaults(), 1 << 20).state()).isEqualTo(State.OK);
    }

    @Test
    void processorsThatAreTooFewQuotedOrBusyAreToldApart() throws IOException {
        OptionalDouble calm = OptionalDouble.of(0.3);
        assertThat(DoctorHost.processors(4, folder, calm).line()).isEqualTo("ok processors: 4 processors");
        assertThat(DoctorHost.processors(1, folder, calm).state()).isEqualTo(State.WARN);
        assertThat(DoctorHost.processors(4, folder, OptionalDouble.of(2)).line())
                .startsWith("warn processors: 4 processors, and 2.0 threads want each; ");

        Files.writeString(folder.resolve("cpu.max"), "max 100000\n");
        assertThat(DoctorHost.processors(4, folder, calm).state()).isEqualTo(State.OK);
        Files.writeString(folder.resolve("cpu.max"), "200000 100000\n");
        assertThat(DoctorHost.processors(4, folder, calm).state()).isEqualTo(State.OK);
        Files.writeString(folder.resolve("cpu.stat"), "usage_usec 1\nnr_periods 9\nnr_throttled 7\n");
        assertThat(DoctorHost.processors(4, folder, calm).line())
                .startsWith("warn processors: 4 processors, a quota of 2.00, stopped by it in 7 periods; ");
        Files.writeString(folder.resolve("cpu.max"), "50000 100000\n");
        Files.delete(folder.resolve("cpu.stat"));
        assertThat(DoctorHost.processors(4, folder, calm).text()).contains("a quota of 0.50");
    }

    @Test
    void randomBytesComeInTime() {
        assertThat(DoctorHost.entropy(Duration.ofSeconds(10)).state()).isEqualTo(State.OK);
    }

    @Test
    void aFindingIsOneLine() {
        assertThat(Finding.bad("port", "taken\n  by somebody", "end it").line())
                .isEqualTo("bad port: taken by somebody; end it");
        assertThat(Finding.ok("port", "free").line()).isEqualTo("ok port: free");
    }
}
