/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.Guarantee;
import dev.totem.core.NodeId;
import dev.totem.core.RingId;
import dev.totem.core.internal.message.CauseFact;
import dev.totem.core.internal.message.CommitEntry;
import dev.totem.core.internal.message.CommitToken;
import dev.totem.core.internal.message.HoldCancel;
import dev.totem.core.internal.message.Join;
import dev.totem.core.internal.message.Leave;
import dev.totem.core.internal.message.MergeDetect;
import dev.totem.core.internal.message.Origin;
import dev.totem.core.internal.message.Profile;
import dev.totem.core.internal.message.ProtocolMessage;
import dev.totem.core.internal.message.RecoveredMessage;
import dev.totem.core.internal.message.RegularMessage;
import dev.totem.core.internal.message.RegularToken;
import dev.totem.core.internal.message.Vote;
import dev.totem.core.internal.settings.WireVersions;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * At least one message of every kind, and its bytes as {@code docs/WIRE.md} has them, a word a field.
 *
 * <p>The bytes were written by hand. A change here is a change of the format, which needs a new version.
 */
@SuppressWarnings("ImmutableEnumChecker") // messages are values
enum GoldenMessage {
    REGULAR_MESSAGE(
            regular(), "01 01 00000002 a1a2a3a4a5a6a7a8", "00000001 0000000200000009", "0000000000000011", "02", "7f"),
    RECOVERED_MESSAGE(
            new RecoveredMessage(origin(3, "b1b2b3b4b5b6b7b8"), ring(0x20000000dL), 1, regular()),
            "02 01 00000003 b1b2b3b4b5b6b7b8",
            "00000001 000000020000000d",
            "0000000000000001",
            REGULAR_MESSAGE.hex),
    REGULAR_TOKEN(
            new RegularToken(
                    sender(), ring(0x200000009L), 48, 68, 34, Optional.of(NodeId.of(3)), 5, 6, true, List.of(35L, 36L)),
            "03 01 00000002 a1a2a3a4a5a6a7a8",
            "00000001 0000000200000009",
            "0000000000000030",
            "0000000000000044",
            "0000000000000022",
            "00000003 00000005 00000006 01",
            "00000002 0000000000000023 0000000000000024"),
    FIRST_TOKEN(
            RegularToken.first(origin(1, "c1c2c3c4c5c6c7c8"), ring(0x200000009L), false),
            "03 01 00000001 c1c2c3c4c5c6c7c8",
            "00000001 0000000200000009",
            "0000000000000000",
            "0000000000000000",
            "ffffffffffffffff",
            "00000001 00000000 00000000 00",
            "00000000"),
    TOKEN_OF_NOBODY(
            new RegularToken(sender(), ring(9), 48, 68, 48, Optional.empty(), 0, 0, false, List.of()),
            "03 01 00000002 a1a2a3a4a5a6a7a8",
            "00000001 0000000000000009",
            "0000000000000030",
            "0000000000000044",
            "0000000000000030",
            "00000000 00000000 00000000 00",
            "00000000"),
    COMMIT_TOKEN(
            new CommitToken(
                    origin(1, "c1c2c3c4c5c6c7c8"),
                    ring(0x20000000dL),
                    1,
                    2,
                    nodes(1, 2, 3),
                    List.of(new CommitEntry(
                            origin(1, "c1c2c3c4c5c6c7c8"),
                            ring(0x200000009L),
                            34,
                            33,
                            true,
                            new Vote(0xd1d2d3d4, 0x3e8, true)))),
            "04 01 00000001 c1c2c3c4c5c6c7c8",
            "00000001 000000020000000d",
            "0000000000000001",
            "02 00000003 00000001",
            "00000001 00000002 00000003",
            "c1c2c3c4c5c6c7c8 00000001 0000000200000009 0000000000000022 0000000000000021 01",
            "d1d2d3d4 000003e8 01"),
    JOIN(
            new Join(sender(), nodes(1, 2, 4), nodes(4), 0x200000009L, 7, nodes(1, 3), profile(), causes()),
            "05 01 00000002 a1a2a3a4a5a6a7a8",
            "0000000200000009 00000007",
            "00000003 00000001 00000002",
            "01 03 02 02",
            "00000001 00000002 00000004",
            "00000004",
            "00000001 00000003",
            "01 0000000000100000",
            "ff 7fffffffffffffff",
            "09 01 00000002 00000004 0123456789abcdef 0000000000000000",
            "ff fe 00000003 7ffffffe 7ffffffffffffffe 7ffffffffffffffe"),
    LEAVE(
            new Leave(sender(), nodes(1, 4), nodes(2, 4), 0x200000009L),
            "06 01 00000002 a1a2a3a4a5a6a7a8",
            "0000000200000009",
            "00000002 00000002",
            "00000001 00000004",
            "00000002 00000004"),
    MERGE_DETECT(
            new MergeDetect(sender(), ring(0x200000009L), nodes(1, 2), nodes(1, 3, 4)),
            "07 01 00000002 a1a2a3a4a5a6a7a8",
            "00000001 0000000200000009",
            "00000002 00000003",
            "00000001 00000002",
            "00000001 00000003 00000004"),
    HOLD_CANCEL(
            new HoldCancel(sender(), ring(0x200000009L)),
            "08 01 00000002 a1a2a3a4a5a6a7a8",
            "00000001 0000000200000009");

    private final ProtocolMessage message;
    private final String hex;

    GoldenMessage(ProtocolMessage message, String... hex) {
        this.message = message;
        this.hex = String.join(" ", hex);
    }

    ProtocolMessage message() {
        return message;
    }

    byte[] bytes() {
        return parse(hex);
    }

    /** The bytes with some of their words replaced, which must be there once. */
    byte[] with(String words, String others) {
        assertThat(hex.split(words, -1)).as("parts of %s around %s", hex, words).hasSize(2);
        return parse(hex.replace(words, others));
    }

    private static byte[] parse(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    private static RegularMessage regular() {
        return new RegularMessage(sender(), ring(0x200000009L), 17, Guarantee.SAFE, ByteBuffer.wrap(new byte[] {0x7f}));
    }

    /** Of a later version: it understands more, and tells of a setting that this one does not know. */
    private static Profile profile() {
        return new Profile(
                new WireVersions(1, 3),
                List.of(new Profile.Setting(1, 1 << 20), new Profile.Setting(255, Long.MAX_VALUE)));
    }

    /** One that is known, and one of a later version. */
    private static List<CauseFact> causes() {
        return List.of(
                new CauseFact(9, 1, NodeId.of(2), 4, 0x123456789abcdefL, 0),
                new CauseFact(255, 254, NodeId.of(3), Integer.MAX_VALUE - 1, Long.MAX_VALUE - 1, Long.MAX_VALUE - 1));
    }

    private static Origin sender() {
        return origin(2, "a1a2a3a4a5a6a7a8");
    }

    private static Origin origin(int node, String incarnation) {
        return new Origin(NodeId.of(node), HexFormat.fromHexDigitsToLong(incarnation));
    }

    private static RingId ring(long seq) {
        return new RingId(NodeId.of(1), seq);
    }

    private static List<NodeId> nodes(int... ids) {
        return IntStream.of(ids).mapToObj(NodeId::of).toList();
    }
}
