/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.security;

import static dev.totem.security.SealContract.CLUSTER;
import static dev.totem.security.SealContract.ONE;
import static dev.totem.security.SealContract.TWO;
import static dev.totem.security.SealContract.introduce;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.HotSpotDiagnosticMXBean;
import dev.totem.core.spi.SealSession;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a dump of the heap holds of the keys when all is closed and erased, garbage included. */
@Tag("F10")
class KeyErasureTest {

    /** Keeps what is searched for from being found here. */
    private static final byte MASK = 0x5a;

    @TempDir
    Path folder;

    @Test
    void nothingOfAMasterKeyOrOfWhatIsDerivedFromItIsLeftByUs() throws IOException {
        Path file = folder.resolve("totem.key");
        KeyFile.create(file);
        byte[] masked = masked(file);
        useAndErase(file);
        Path dump = folder.resolve("heap.hprof");
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class).dumpHeap(dump.toString(), false);

        Map<String, Integer> left = new TreeMap<>();
        try (FileChannel channel = FileChannel.open(dump)) {
            byte[] master = masked.clone();
            mask(master);
            SecretKey key = SecretKey.owning(master.clone());
            KeyDerivation keys = new KeyDerivation(key, AeadSeal.DEFAULT_SUITE, CLUSTER);
            left.put("master", found(channel, master));
            left.put(
                    "master as text",
                    found(channel, HexFormat.of().formatHex(master).getBytes(StandardCharsets.US_ASCII)));
            left.put("guard", found(channel, keys.guardKey().copyBytes()));
            left.put(
                    "extracted",
                    found(
                            channel,
                            new HmacSha256().of("totem-evs seal 1".getBytes(StandardCharsets.US_ASCII), master, 32)));
        }

        assertThat(left).allSatisfy((what, times) -> assertThat(times).as(what).isZero());
    }

    private static void useAndErase(Path file) {
        AeadSeal seal = AeadSeal.fromKeyFile(file);
        SealSession one = seal.session(ONE, CLUSTER);
        SealSession two = seal.session(TWO, CLUSTER);
        introduce(one, two);
        one.close();
        two.close();
        seal.erase();
    }

    private static byte[] masked(Path file) throws IOException {
        byte[] text = Files.readAllBytes(file);
        byte[] key = new byte[SecretKey.BYTES];
        int at = text.length - 1 - 2 * key.length;
        for (int i = 0; i < key.length; i++) {
            int high = Character.digit(text[at + 2 * i], 16);
            key[i] = (byte) (high << 4 | Character.digit(text[at + 2 * i + 1], 16));
        }
        mask(key);
        Arrays.fill(text, (byte) 0);
        return key;
    }

    private static void mask(byte[] bytes) {
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] ^= MASK;
        }
    }

    private static int found(FileChannel dump, byte[] wanted) throws IOException {
        int found = 0;
        MappedByteBuffer bytes = dump.map(FileChannel.MapMode.READ_ONLY, 0, dump.size());
        byte first = wanted[0];
        for (int at = 0; at + wanted.length <= bytes.limit(); at++) {
            if (bytes.get(at) == first && isAt(bytes, at, wanted)) {
                found++;
            }
        }
        return found;
    }

    private static boolean isAt(MappedByteBuffer bytes, int at, byte[] wanted) {
        for (int i = 1; i < wanted.length; i++) {
            if (bytes.get(at + i) != wanted[i]) {
                return false;
            }
        }
        return true;
    }
}
