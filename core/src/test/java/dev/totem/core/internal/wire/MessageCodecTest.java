/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.totem.core.Guarantee;
import dev.totem.core.NodeId;
import dev.totem.core.RingId;
import dev.totem.core.internal.message.CauseFact;
import dev.totem.core.internal.message.CommitEntry;
import dev.totem.core.internal.message.CommitToken;
import dev.totem.core.internal.message.Join;
import dev.totem.core.internal.message.Leave;
import dev.totem.core.internal.message.MergeDetect;
import dev.totem.core.internal.message.Origin;
import dev.totem.core.internal.message.Profile;
import dev.totem.core.internal.message.ProtocolMessage;
import dev.totem.core.internal.message.RecoveredMessage;
import dev.totem.core.internal.message.RegularMessage;
import dev.totem.core.internal.message.RegularToken;
import dev.totem.core.internal.settings.WireVersions;
import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class MessageCodecTest {

    private static final long SEED = Long.getLong("totem.seed", 1);

    private static final int SEAL_BYTES = 48;
    private static final int IPV6_UDP_BYTES = 48;

    private static final Origin SENDER = new Origin(NodeId.of(1), 5);
    private static final RingId RING = new RingId(NodeId.of(1), 8);

    private final MessageCodec codec = new MessageCodec();

    @ParameterizedTest
    @EnumSource
    @Tag("P65")
    void writesTheGoldenBytes(GoldenMessage golden) {
        assertThat(encode(golden.message())).isEqualTo(golden.bytes());
    }

    @ParameterizedTest
    @EnumSource
    @Tag("P65")
    void readsTheGoldenBytes(GoldenMessage golden) throws MalformedMessageException {
        assertThat(codec.decode(ByteBuffer.wrap(golden.bytes()))).isEqualTo(golden.message());
    }

    @Test
    @Tag("P62")
    void everyKindHasGoldenBytes() {
        Set<Class<?>> golden = Stream.of(GoldenMessage.values())
                .map(message -> message.message().getClass())
                .collect(Collectors.toSet());

        assertThat(golden).isEqualTo(kinds(ProtocolMessage.class).collect(Collectors.toSet()));
        assertThat(kinds(ProtocolMessage.class)).contains(RegularMessage.class).hasSize(8);
    }

    @Test
    void readsWhatItWrote() throws MalformedMessageException {
        RandomMessages messages = new RandomMessages(new Random(SEED));
        for (int i = 0; i < 20_000; i++) {
            ProtocolMessage message = messages.next();

            byte[] bytes = encode(message);
            ProtocolMessage read = codec.decode(ByteBuffer.wrap(bytes));

            assertThat(read).as("-Dtotem.seed=%d, message %d", SEED, i).isEqualTo(message);
            assertThat(codec.encodedBytes(message)).isEqualTo(bytes.length);
        }
    }

    @Test
    @Tag("P62")
    void readsFromTheMiddleOfABufferOfTheOtherByteOrder() throws MalformedMessageException {
        byte[] golden = GoldenMessage.JOIN.bytes();
        ByteBuffer buffer = ByteBuffer.allocate(golden.length + 20).order(ByteOrder.LITTLE_ENDIAN);
        buffer.put(10, golden).position(10).limit(10 + golden.length);

        assertThat(codec.decode(buffer)).isEqualTo(GoldenMessage.JOIN.message());
        assertThat(buffer.hasRemaining()).isFalse();
    }

    @Test
    @Tag("P62")
    void writesIntoTheMiddleOfABufferOfTheOtherByteOrder() {
        byte[] golden = GoldenMessage.REGULAR_MESSAGE.bytes();
        ByteBuffer buffer = ByteBuffer.allocate(golden.length + 20)
                .order(ByteOrder.LITTLE_ENDIAN)
                .position(10);

        codec.encode(GoldenMessage.REGULAR_MESSAGE.message(), buffer);

        assertThat(buffer.position()).isEqualTo(10 + golden.length);
        assertThat(Arrays.copyOfRange(buffer.array(), 10, 10 + golden.length)).isEqualTo(golden);
    }

    @Test
    void aPacketIsAViewOfTheFrame() throws MalformedMessageException {
        byte[] frame = encode(regular(1, 100));

        RegularMessage read = (RegularMessage) codec.decode(ByteBuffer.wrap(frame));

        assertThat(read.packet().array()).isSameAs(frame);
        assertThat(read.packet().arrayOffset()).isEqualTo(MessageCodec.REGULAR_HEADER_BYTES);
        assertThat(read.packet().remaining()).isEqualTo(100);
    }

    @Test
    void encodingDoesNotConsumeThePacket() {
        RegularMessage message = regular(1, 100);

        byte[] first = encode(message);

        assertThat(message.packet().remaining()).isEqualTo(100);
        assertThat(encode(message)).isEqualTo(first);
    }

    @Test
    void headersAreAsLongAsTheConstantsSay() {
        RegularMessage inner = regular(1, 100);

        assertThat(codec.encodedBytes(inner)).isEqualTo(MessageCodec.REGULAR_HEADER_BYTES + 100);
        assertThat(codec.encodedBytes(new RecoveredMessage(SENDER, new RingId(NodeId.of(1), 12), 1, inner)))
                .isEqualTo(MessageCodec.RECOVERED_HEADER_BYTES + MessageCodec.REGULAR_HEADER_BYTES + 100);
    }

    @ParameterizedTest
    @EnumSource
    void writesNothingIfThereIsNoRoom(GoldenMessage golden) {
        ByteBuffer target = ByteBuffer.allocate(golden.bytes().length - 1);

        assertThatThrownBy(() -> codec.encode(golden.message(), target)).isInstanceOf(BufferOverflowException.class);

        assertThat(target.position()).isZero();
        assertThat(target.array()).containsOnly(0);
    }

    static Stream<ProtocolMessage> refusedMessages() {
        return Stream.of(
                regular(0, 1),
                regular(1, 0),
                new RecoveredMessage(SENDER, RING, 1, regular(1, 1)),
                new RecoveredMessage(SENDER, new RingId(NodeId.of(1), 12), 1, regular(1, 0)),
                token(-2, List.of()),
                token(11, List.of()),
                token(0, List.of(11L)),
                token(0, LongStream.generate(() -> 1).limit(49).boxed().toList()),
                new CommitToken(SENDER, RING, 0, List.of(), List.of()),
                new CommitToken(SENDER, RING, 0, members(385), List.of()),
                new CommitToken(SENDER, RING, 0, 0, members(2), List.of()),
                new CommitToken(SENDER, RING, 0, 256, members(2), List.of()),
                new CommitToken(SENDER, RING, 0, members(2), List.of(entry(1), entry(1))),
                new CommitToken(SENDER, RING, 0, members(1), List.of(entry(1), entry(2))),
                new Join(SENDER, members(385), List.of(), 8, 0),
                new Join(SENDER, List.of(NodeId.of(2)), List.of(), 8, 0),
                new Join(SENDER, members(2), List.of(NodeId.of(3)), 8, 0),
                new Join(SENDER, List.of(NodeId.of(2), NodeId.of(1)), List.of(), 8, 0),
                new Join(SENDER, members(2), List.of(), 8, 0, members(385), Profile.UNTOLD),
                join(new WireVersions(0, 1)),
                join(new WireVersions(3, 2)),
                join(new WireVersions(1, 256)),
                join(WireVersions.OURS, new Profile.Setting(0, 1)),
                join(WireVersions.OURS, new Profile.Setting(256, 1)),
                join(WireVersions.OURS, new Profile.Setting(1, -1)),
                join(WireVersions.OURS, new Profile.Setting(2, 1), new Profile.Setting(2, 1)),
                join(WireVersions.OURS, settings(33)),
                join(new CauseFact(0, 0, NodeId.of(1), 0, 0, 0)),
                join(new CauseFact(256, 0, NodeId.of(1), 0, 0, 0)),
                join(new CauseFact(1, 256, NodeId.of(1), 0, 0, 0)),
                join(new CauseFact(1, 0, NodeId.of(1), -1, 0, 0)),
                join(new CauseFact(1, 0, NodeId.of(1), 0, -1, 0)),
                join(new CauseFact(1, 0, NodeId.of(1), 0, 0, -1)),
                join(cause(2), cause(1)),
                join(cause(1), cause(1)),
                join(causes(17)),
                new Leave(SENDER, members(2), members(1), 8),
                new MergeDetect(SENDER, RING, List.of(NodeId.of(2)), List.of()),
                new MergeDetect(SENDER, RING, members(2), members(385)),
                new MergeDetect(SENDER, new RingId(NodeId.of(1), -1)));
    }

    private static Join join(WireVersions versions, Profile.Setting... settings) {
        return new Join(SENDER, members(2), List.of(), 8, 0, List.of(), new Profile(versions, List.of(settings)));
    }

    private static Join join(CauseFact... causes) {
        return new Join(SENDER, members(2), List.of(), 8, 0, List.of(), Profile.UNTOLD, List.of(causes));
    }

    private static CauseFact cause(int kind) {
        return new CauseFact(kind, 0, NodeId.of(1), 0, 0, 0);
    }

    private static CauseFact[] causes(int count) {
        return IntStream.rangeClosed(1, count).mapToObj(MessageCodecTest::cause).toArray(CauseFact[]::new);
    }

    private static Profile.Setting[] settings(int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(code -> new Profile.Setting(code, code))
                .toArray(Profile.Setting[]::new);
    }

    @ParameterizedTest
    @MethodSource("refusedMessages")
    void doesNotWriteWhatReceiversWouldRefuse(ProtocolMessage message) {
        ByteBuffer target = ByteBuffer.allocate(20_000);

        assertThatThrownBy(() -> codec.encode(message, target)).isInstanceOf(IllegalArgumentException.class);

        assertThat(target.position()).isZero();
        assertThat(target.array()).containsOnly(0);
    }

    @Test
    void theLongestMessagesAreAsLongAsTheConstantsSay() throws MalformedMessageException {
        int max = CommitToken.MEMBERS_MAX;
        List<CommitEntry> entries =
                IntStream.rangeClosed(1, max).mapToObj(MessageCodecTest::entry).toList();
        List<Long> requests = LongStream.generate(() -> 10).limit(48).boxed().toList();
        CommitToken commitToken = new CommitToken(SENDER, RING, 0, members(max), entries);
        Join join = new Join(
                SENDER,
                members(max),
                members(max),
                8,
                0,
                members(max),
                new Profile(WireVersions.OURS, List.of(settings(Profile.SETTINGS_MAX))),
                List.of(causes(CauseFact.FACTS_MAX)));
        RegularToken token = token(0, requests);

        assertThat(encode(commitToken))
                .hasSize(MessageCodec.COMMIT_TOKEN_BYTES_MAX)
                .hasSize(19_243);
        assertThat(encode(join)).hasSize(MessageCodec.JOIN_BYTES_MAX).hasSize(5_354);
        assertThat(encode(token)).hasSize(MessageCodec.REGULAR_TOKEN_BYTES_MAX).hasSize(451);
        for (ProtocolMessage longest : List.of(commitToken, join, token)) {
            assertThat(codec.decode(ByteBuffer.wrap(encode(longest)))).isEqualTo(longest);
        }
    }

    @Test
    @Tag("P60")
    void theLongestTokenFitsInTheSmallestPacket() {
        assertThat(MessageCodec.REGULAR_TOKEN_BYTES_MAX).isLessThanOrEqualTo(576 - IPV6_UDP_BYTES - SEAL_BYTES);
    }

    private byte[] encode(ProtocolMessage message) {
        ByteBuffer target = ByteBuffer.allocate(codec.encodedBytes(message));
        codec.encode(message, target);
        assertThat(target.hasRemaining()).isFalse();
        return target.array();
    }

    private static Stream<Class<?>> kinds(Class<?> type) {
        return type.isSealed()
                ? Stream.of(type.getPermittedSubclasses()).flatMap(MessageCodecTest::kinds)
                : Stream.of(type);
    }

    private static RegularMessage regular(long seq, int packetBytes) {
        return new RegularMessage(SENDER, RING, seq, Guarantee.AGREED, ByteBuffer.allocate(packetBytes));
    }

    private static RegularToken token(long aru, List<Long> requests) {
        return new RegularToken(SENDER, RING, 10, 1, aru, Optional.empty(), 0, 0, false, requests);
    }

    private static CommitEntry entry(int node) {
        return new CommitEntry(new Origin(NodeId.of(node), 5), new RingId(NodeId.of(node), 4), 0, 0, false);
    }

    private static List<NodeId> members(int count) {
        return IntStream.rangeClosed(1, count).mapToObj(NodeId::of).toList();
    }
}
