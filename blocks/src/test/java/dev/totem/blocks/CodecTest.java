/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.totem.blocks.internal.Bytes;
import dev.totem.blocks.internal.Chunks;
import dev.totem.core.NodeId;
import dev.totem.core.Position;
import dev.totem.core.RingId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CodecTest {

    record Order(String what, int howMany) {}

    @Test
    void jsonOfALaterVersionIsNotGuessedAt() {
        Codec<Order> codec = JsonCodec.of(Order.class);
        assertThat(codec.decode(codec.encode(new Order("apples", 3)))).isEqualTo(new Order("apples", 3));
        assertThatThrownBy(() -> codec.decode("{\"what\":\"apples\",\"howMany\":3,\"color\":\"red\"}".getBytes(UTF_8)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("of this version")
                .hasMessageContaining("color");
    }

    @Test
    void ownCommandsOfALaterVersionAreRefused() {
        byte[] put = MapCommand.CODEC.encode(new MapCommand(
                new MapCommand.Absent(),
                List.of(new MapCommand.Item(Bytes.of(new byte[] {1}), Optional.of(new byte[] {2}))),
                3,
                4));
        MapCommand read = MapCommand.CODEC.decode(put);
        assertThat(read.condition()).isEqualTo(new MapCommand.Absent());
        assertThat(read.clockMillis()).isEqualTo(3);
        assertThat(read.items().get(0).value().orElseThrow()).containsExactly(2);
        put[0] = 2;
        assertThatThrownBy(() -> MapCommand.CODEC.decode(put))
                .hasMessageContaining("version 2")
                .hasMessageContaining("update");
        assertThatThrownBy(() -> ClaimCommand.CODEC.decode(new byte[] {1, 9})).hasMessageContaining("unknown kind 9");
        assertThatThrownBy(() -> QueueCommand.CODEC.decode(new byte[] {1, 9})).hasMessageContaining("unknown kind 9");
        assertThatThrownBy(() -> GateCommand.CODEC.decode(new byte[] {1, 9})).hasMessageContaining("unknown kind 9");
    }

    @Test
    void tokensAreInTheOrderOfTheirPositions() {
        Random random = new Random(1);
        List<Position> positions = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            RingId ring = new RingId(NodeId.of(1 + random.nextInt(1 << random.nextInt(30))), random.nextLong(1L << 60));
            positions.add(new Position(ring, random.nextLong(1L << (1 + random.nextInt(60))), random.nextInt(5_000)));
            positions.add(new Position(ring, random.nextLong(20), random.nextInt(20)));
        }
        positions.sort(null);
        List<String> tokens = positions.stream().map(FencingToken::of).toList();
        assertThat(tokens).isSorted();
        assertThat(tokens).allMatch(token -> token.length() == 51);
    }

    @Test
    void recordsOfAnySizeGoThroughChunks() {
        Random random = new Random(1);
        List<byte[]> records = new ArrayList<>();
        for (int size : new int[] {0, 1, 65_535, 65_536, 65_537, 300_000, 3}) {
            byte[] bytes = new byte[size];
            random.nextBytes(bytes);
            records.add(bytes);
        }
        Chunks in = new Chunks();
        List<byte[]> read = new ArrayList<>();
        List<byte[]> chunks = Chunks.of(records).collectList().block();
        assertThat(chunks).allMatch(chunk -> chunk.length <= 65_536).hasSize(8);
        chunks.forEach(chunk -> read.addAll(in.add(chunk)));
        assertThat(read).hasSameSizeAs(records);
        for (int i = 0; i < records.size(); i++) {
            assertThat(read.get(i)).isEqualTo(records.get(i));
        }
        assertThat(Chunks.of(List.of()).collectList().block()).isEmpty();
    }
}
