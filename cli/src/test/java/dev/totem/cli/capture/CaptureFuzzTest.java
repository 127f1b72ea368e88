/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli.capture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.NodeId;
import dev.totem.core.RingId;
import dev.totem.core.internal.message.HoldCancel;
import dev.totem.core.internal.message.Origin;
import dev.totem.core.internal.wire.MessageCodec;
import dev.totem.core.spi.PlainSeal;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The fuzz target of captures over the committed corpus, and over damaged packets, without a fuzzer. */
class CaptureFuzzTest {

    @Test
    void findsNothingInTheCorpus() throws IOException {
        List<Path> inputs;
        try (Stream<Path> files = Files.list(Path.of("src/test/fuzz/capture"))) {
            inputs = files.sorted().toList();
        }
        assertThat(inputs).hasSizeGreaterThan(5);
        for (Path input : inputs) {
            CaptureFuzz.fuzzerTestOneInput(Files.readAllBytes(input));
        }
    }

    @Test
    void findsNothingInDamagedPackets() {
        ByteBuffer message = ByteBuffer.allocate(26);
        new MessageCodec().encode(new HoldCancel(new Origin(NodeId.of(1), 7), new RingId(NodeId.of(1), 8)), message);
        ByteBuffer frame = ByteBuffer.allocate(100);
        PlainSeal.create().session(NodeId.of(1), "totem").seal(message.flip(), frame);
        byte[] packet = PcapFile.ipv4(Arrays.copyOf(frame.array(), frame.position()));
        SplittableRandom random = new SplittableRandom(11);
        for (int round = 0; round < 20_000; round++) {
            byte[] input = PcapFile.behind(new byte[] {(byte) random.nextInt(256)}, packet);
            for (int i = random.nextInt(4); i > 0; i--) {
                input[random.nextInt(1, input.length)] = (byte) random.nextInt(256);
            }
            CaptureFuzz.fuzzerTestOneInput(Arrays.copyOf(input, random.nextInt(1, input.length + 1)));
        }
    }
}
