/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.wire;

import static dev.totem.core.internal.wire.GoldenMessage.COMMIT_TOKEN;
import static dev.totem.core.internal.wire.GoldenMessage.HOLD_CANCEL;
import static dev.totem.core.internal.wire.GoldenMessage.JOIN;
import static dev.totem.core.internal.wire.GoldenMessage.LEAVE;
import static dev.totem.core.internal.wire.GoldenMessage.MERGE_DETECT;
import static dev.totem.core.internal.wire.GoldenMessage.RECOVERED_MESSAGE;
import static dev.totem.core.internal.wire.GoldenMessage.REGULAR_MESSAGE;
import static dev.totem.core.internal.wire.GoldenMessage.REGULAR_TOKEN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.totem.core.internal.message.ProtocolMessage;
import dev.totem.core.internal.message.RegularMessage;
import dev.totem.core.internal.wire.MalformedMessageException.Reason;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class MalformedMessageTest {

    private static final long SEED = Long.getLong("totem.seed", 1);

    private final MessageCodec codec = new MessageCodec();

    /** The packets of the golden messages have one byte, so that no prefix is a message with a shorter one. */
    @ParameterizedTest
    @EnumSource
    @Tag("P59")
    void refusesEveryTruncatedMessage(GoldenMessage golden) {
        byte[] bytes = golden.bytes();
        for (int length = 0; length < bytes.length; length++) {
            assertThat(refusal(Arrays.copyOf(bytes, length)))
                    .as("first %d of %d bytes", length, bytes.length)
                    .isIn(Reason.LENGTH, Reason.FIELD);
        }
    }

    @ParameterizedTest
    @EnumSource
    void refusesTrailingBytes(GoldenMessage golden) throws MalformedMessageException {
        byte[] longer = Arrays.copyOf(golden.bytes(), golden.bytes().length + 1);

        switch (golden) {
            case REGULAR_MESSAGE ->
                assertThat(((RegularMessage) codec.decode(ByteBuffer.wrap(longer))).packet())
                        .isEqualTo(ByteBuffer.wrap(new byte[] {0x7f, 0}));
            case RECOVERED_MESSAGE ->
                assertThat(codec.decode(ByteBuffer.wrap(longer))).isNotEqualTo(golden.message());
            default -> assertThat(refusal(longer)).isEqualTo(Reason.LENGTH);
        }
    }

    @Test
    @Tag("P60")
    void refusesTokensAsLongAsDatagramsCanBe() {
        for (int length = 1_501; length <= 65_507; length += 1_001) {
            assertThat(refusal(Arrays.copyOf(REGULAR_TOKEN.bytes(), length))).isEqualTo(Reason.LENGTH);
            assertThat(refusal(Arrays.copyOf(COMMIT_TOKEN.bytes(), length))).isEqualTo(Reason.LENGTH);
        }
    }

    @ParameterizedTest
    @EnumSource
    @Tag("P61")
    void refusesEveryUnknownType(GoldenMessage golden) {
        for (int type = 9; type <= 256; type++) {
            byte[] bytes = golden.bytes();
            bytes[0] = (byte) type;

            assertThat(refusal(bytes)).as("type %d", type % 256).isEqualTo(Reason.TYPE);
        }
    }

    /** Type 2 goes on to the type of the message in it. */
    @ParameterizedTest
    @EnumSource
    @Tag("P61")
    void readsEveryKnownTypeAsItsKindOrRefusesItsFields(GoldenMessage golden) {
        for (byte type : new byte[] {1, 3, 4, 5, 6, 7, 8}) {
            byte[] bytes = golden.bytes();
            bytes[0] = type;

            assertThat(outcome(bytes)).as("type %d", type).doesNotContain(Reason.TYPE, Reason.VERSION);
        }
    }

    @ParameterizedTest
    @EnumSource
    @Tag("P61")
    void refusesEveryOtherVersion(GoldenMessage golden) {
        for (int version = 2; version <= 256; version++) {
            byte[] bytes = golden.bytes();
            bytes[1] = (byte) version;

            assertThat(refusal(bytes)).as("version %d", version % 256).isEqualTo(Reason.VERSION);
        }
    }

    static Stream<Arguments> impossibleCounts() {
        return Stream.of(
                arguments(REGULAR_TOKEN, "01 00000002 0000000000000023", "01 %s 0000000000000023"),
                arguments(COMMIT_TOKEN, "00000003 00000001 00000001", "%s 00000001 00000001"),
                arguments(COMMIT_TOKEN, "00000003 00000001 00000001", "00000003 %s 00000001"),
                arguments(COMMIT_TOKEN, "00000003 00000001 00000001", "%1$s %1$s 00000001"),
                arguments(JOIN, "00000003 00000001 00000002", "%s 00000001 00000002"),
                arguments(JOIN, "00000003 00000001 00000002", "00000003 %s 00000002"),
                arguments(JOIN, "00000003 00000001 00000002", "00000003 00000001 %s"),
                arguments(JOIN, "00000003 00000001 00000002", "%1$s %1$s 00000002"),
                arguments(MERGE_DETECT, "00000002 00000003 00000001", "%s 00000003 00000001"),
                arguments(MERGE_DETECT, "00000002 00000003 00000001", "00000002 %s 00000001"),
                arguments(MERGE_DETECT, "00000002 00000003 00000001", "%1$s %1$s 00000001"),
                arguments(LEAVE, "00000002 00000002 00000001", "%s 00000002 00000001"),
                arguments(LEAVE, "00000002 00000002 00000001", "00000002 %s 00000001"),
                arguments(LEAVE, "00000002 00000002 00000001", "%1$s %1$s 00000001"));
    }

    /** Two of these make zero. */
    @ParameterizedTest
    @MethodSource("impossibleCounts")
    @Tag("P58")
    void refusesImpossibleCounts(GoldenMessage golden, String words, String others) {
        for (String count : new String[] {"80000000", "ffffffff", "7fffffff", "40000000", "00000181"}) {
            assertThat(refusal(golden.with(words, others.formatted(count))))
                    .as("count %s", count)
                    .isEqualTo(Reason.COUNT);
        }
    }

    @Test
    void refusesOneRequestTooMany() {
        byte[] bytes = REGULAR_TOKEN.with("06 01 00000002", "06 01 00000031" + " 0000000000000023".repeat(47));

        assertThat(refusal(bytes)).isEqualTo(Reason.COUNT);
    }

    @Test
    void refusesOneSettingTooMany() {
        assertThat(refusal(JOIN.with("01 03 02", "01 03 21"))).isEqualTo(Reason.COUNT);
        assertThat(refusal(JOIN.with("01 03 02", "01 03 20"))).isEqualTo(Reason.LENGTH);
        assertThat(refusal(JOIN.with("01 03 02", "01 03 ff"))).isEqualTo(Reason.COUNT);
        assertThat(refusal(JOIN.with("01 03 02 02", "01 03 02 11"))).isEqualTo(Reason.COUNT);
        assertThat(refusal(JOIN.with("01 03 02 02", "01 03 02 10"))).isEqualTo(Reason.LENGTH);
    }

    @Test
    void refusesVersionsThatAreNone() {
        assertThat(refusal(JOIN.with("01 03 02", "00 03 02"))).isEqualTo(Reason.FIELD);
        assertThat(refusal(JOIN.with("01 03 02", "04 03 02"))).isEqualTo(Reason.FIELD);
        assertThat(refusal(COMMIT_TOKEN.with("02 00000003 00000001 00000001", "00 00000003 00000001 00000001")))
                .isEqualTo(Reason.FIELD);
    }

    @Test
    void refusesMoreEntriesThanMembers() {
        byte[] bytes = COMMIT_TOKEN.with("00000003 00000001 00000001", "00000003 00000004 00000001");

        assertThat(refusal(bytes)).isEqualTo(Reason.COUNT);
    }

    @Test
    void refusesCountsThatTheLengthContradicts() {
        assertThat(refusal(JOIN.with("00000003 00000001 00000002", "00000003 00000002 00000002")))
                .isEqualTo(Reason.LENGTH);
        assertThat(refusal(MERGE_DETECT.with("00000002 00000003 00000001", "00000002 00000002 00000001")))
                .isEqualTo(Reason.LENGTH);
        assertThat(refusal(REGULAR_TOKEN.with("06 01 00000002", "06 01 00000001")))
                .isEqualTo(Reason.LENGTH);
        assertThat(refusal(COMMIT_TOKEN.with("00000003 00000001 00000001", "00000003 00000000 00000001")))
                .isEqualTo(Reason.LENGTH);
    }

    static Stream<Arguments> impossibleFields() {
        String ring = "00000001 0000000200000009";
        String minus = "00000001 8000000000000000";
        String nobody = "00000000 0000000200000009";
        return Stream.of(
                arguments("ring seq below 0", REGULAR_MESSAGE, ring, minus),
                arguments("ring of nobody", REGULAR_MESSAGE, ring, nobody),
                arguments("message 0", REGULAR_MESSAGE, "0000000000000011", "0000000000000000"),
                arguments("message below 0", REGULAR_MESSAGE, "0000000000000011", "ffffffffffffffff"),
                arguments("guarantee 3", REGULAR_MESSAGE, " 02 7f", " 03 7f"),
                arguments("guarantee 255", REGULAR_MESSAGE, " 02 7f", " ff 7f"),
                arguments("empty packet", REGULAR_MESSAGE, " 02 7f", " 02"),
                arguments("inner of the same ring", RECOVERED_MESSAGE, "000000020000000d", "0000000200000009"),
                arguments("inner of a newer ring", RECOVERED_MESSAGE, "000000020000000d", "0000000200000005"),
                arguments("outer message 0", RECOVERED_MESSAGE, "0000000000000001", "0000000000000000"),
                arguments("inner of nobody", RECOVERED_MESSAGE, "00000002 a1", "00000000 a1"),
                arguments("inner empty packet", RECOVERED_MESSAGE, " 02 7f", " 02"),
                arguments("ring seq below 0", REGULAR_TOKEN, ring, minus),
                arguments("seq below 0", REGULAR_TOKEN, "0000000000000030", "8000000000000030"),
                arguments("seq below aru", REGULAR_TOKEN, "0000000000000022", "0000000000000031"),
                arguments("token seq below 0", REGULAR_TOKEN, "0000000000000044", "ffffffffffffffff"),
                arguments("aru below -1", REGULAR_TOKEN, "0000000000000022", "fffffffffffffffe"),
                arguments("negative owner", REGULAR_TOKEN, "00000003 00000005", "80000003 00000005"),
                arguments("negative backlog", REGULAR_TOKEN, "00000003 00000005", "00000003 80000005"),
                arguments("negative fcc", REGULAR_TOKEN, "00000006 01", "ffffffff 01"),
                arguments("flag 2", REGULAR_TOKEN, "00000006 01", "00000006 02"),
                arguments("request 0", REGULAR_TOKEN, "0000000000000023", "0000000000000000"),
                arguments("request below 0", REGULAR_TOKEN, "0000000000000023", "ffffffffffffffff"),
                arguments("request above seq", REGULAR_TOKEN, "0000000000000024", "0000000000000031"),
                arguments("ring seq below 0", COMMIT_TOKEN, "000000020000000d", "800000020000000d"),
                arguments(
                        "ring of a higher member",
                        COMMIT_TOKEN,
                        "00000001 000000020000000d",
                        "00000002 000000020000000d"),
                arguments("token seq below 0", COMMIT_TOKEN, "0000000000000001", "8000000000000001"),
                arguments("token of a stranger", COMMIT_TOKEN, "04 01 00000001", "04 01 00000004"),
                arguments("same member twice", COMMIT_TOKEN, "00000002 00000003 c1", "00000002 00000002 c1"),
                arguments("members not ascending", COMMIT_TOKEN, "00000002 00000003 c1", "00000003 00000002 c1"),
                arguments("member 0", COMMIT_TOKEN, "00000002 00000003 c1", "00000002 00000000 c1"),
                arguments("negative member", COMMIT_TOKEN, "00000002 00000003 c1", "00000002 ffffffff c1"),
                arguments("old ring below 0", COMMIT_TOKEN, "0000000200000009", "ffffffffffffffff"),
                arguments("old ring not older", COMMIT_TOKEN, "0000000200000009", "000000020000000d"),
                arguments("old ring of nobody", COMMIT_TOKEN, ring, nobody),
                arguments("entry aru below 0", COMMIT_TOKEN, "0000000000000022", "ffffffffffffffff"),
                arguments("delivered below 0", COMMIT_TOKEN, "0000000000000021", "ffffffffffffffff"),
                arguments("flag 2", COMMIT_TOKEN, "0000000000000021 01", "0000000000000021 02"),
                arguments("met 2", COMMIT_TOKEN, "000003e8 01", "000003e8 02"),
                arguments("patience below 0", COMMIT_TOKEN, "d1d2d3d4 000003e8", "d1d2d3d4 800003e8"),
                arguments("ring seq below 0", JOIN, "0000000200000009", "8000000200000009"),
                arguments("rotations below 0", JOIN, "00000007", "80000007"),
                arguments("proc not ascending", JOIN, "00000002 00000004 00000004", "00000004 00000002 00000004"),
                arguments("same node twice", JOIN, "00000001 00000002 00000004", "00000002 00000002 00000004"),
                arguments("proc holds 0", JOIN, "00000001 00000002 00000004", "00000000 00000002 00000004"),
                arguments("proc without sender", JOIN, "00000001 00000002 00000004", "00000001 00000003 00000004"),
                arguments("fail outside proc", JOIN, "00000004 00000004", "00000004 00000003"),
                arguments("heard not ascending", JOIN, "00000004 00000001 00000003", "00000004 00000003 00000001"),
                arguments("version 0", JOIN, "01 03 02", "00 03 02"),
                arguments("highest version below the lowest", JOIN, "01 03 02", "02 01 02"),
                arguments("setting 0", JOIN, "01 0000000000100000", "00 0000000000100000"),
                arguments("same setting twice", JOIN, "ff 7f", "01 7f"),
                arguments("setting below 0", JOIN, "ff 7f", "ff ff"),
                arguments("cause 0", JOIN, "09 01 00000002", "00 01 00000002"),
                arguments("causes not ascending", JOIN, "ff fe", "08 fe"),
                arguments("cause seen by nobody", JOIN, "fe 00000003", "fe 00000000"),
                arguments("cause about a node below 0", JOIN, "00000003 7ffffffe", "00000003 fffffffe"),
                arguments("cause with a value below 0", JOIN, "0123456789abcdef", "8123456789abcdef"),
                arguments("ring seq below 0", LEAVE, "0000000200000009", "8000000200000009"),
                arguments("sender in proc", LEAVE, "00000001 00000004", "00000002 00000004"),
                arguments("sender not in fail", LEAVE, "00000004 00000002 00000004", "00000004 00000001 00000004"),
                arguments("fail outside proc", LEAVE, "00000004 00000002 00000004", "00000004 00000002 00000005"),
                arguments("fail not ascending", LEAVE, "00000004 00000002 00000004", "00000004 00000004 00000002"),
                arguments("ring seq below 0", MERGE_DETECT, ring, minus),
                arguments("ring of nobody", MERGE_DETECT, ring, nobody),
                arguments(
                        "members without sender",
                        MERGE_DETECT,
                        "00000003 00000001 00000002",
                        "00000003 00000001 00000003"),
                arguments(
                        "members not ascending",
                        MERGE_DETECT,
                        "00000003 00000001 00000002",
                        "00000003 00000002 00000001"),
                arguments("heard not ascending", MERGE_DETECT, "00000003 00000004", "00000004 00000003"),
                arguments("heard holds 0", MERGE_DETECT, "00000003 00000004", "00000000 00000004"),
                arguments("ring seq below 0", HOLD_CANCEL, ring, minus),
                arguments("ring of nobody", HOLD_CANCEL, ring, nobody));
    }

    @ParameterizedTest(name = "{1}: {0}")
    @MethodSource("impossibleFields")
    void refusesImpossibleFields(String what, GoldenMessage golden, String words, String others) {
        assertThat(refusal(golden.with(words, others))).as(what).isEqualTo(Reason.FIELD);
    }

    @ParameterizedTest
    @EnumSource
    void refusesOriginsThatAreNoNode(GoldenMessage golden) {
        for (int node : new int[] {0, -1, Integer.MIN_VALUE}) {
            byte[] bytes = golden.bytes();
            ByteBuffer.wrap(bytes).putInt(2, node);

            assertThat(refusal(bytes)).as("origin %d", node).isEqualTo(Reason.FIELD);
        }
    }

    @Test
    void onlyARegularMessageCanBeRecovered() {
        for (int type = 0; type < 256; type++) {
            byte[] bytes = RECOVERED_MESSAGE.bytes();
            bytes[MessageCodec.RECOVERED_HEADER_BYTES] = (byte) type;

            assertThat(outcome(bytes)).as("inner type %d", type).isEqualTo(type == 1 ? Set.of() : Set.of(Reason.TYPE));
        }
    }

    @Test
    void aRecoveredMessageHasThisVersion() {
        byte[] bytes = RECOVERED_MESSAGE.bytes();
        bytes[MessageCodec.RECOVERED_HEADER_BYTES + 1] = 2;

        assertThat(refusal(bytes)).isEqualTo(Reason.VERSION);
    }

    @Test
    void refusalsHaveNoStackTrace() {
        MalformedMessageException refusal =
                catchThrowableOfType(MalformedMessageException.class, () -> codec.decode(ByteBuffer.allocate(0)));

        assertThat(refusal.getStackTrace()).isEmpty();
        assertThat(refusal).hasMessageContaining("LENGTH");
    }

    /** Whatever still is a message has exactly these bytes: no field is ignored, no value has two forms. */
    @Test
    void alteredMessagesAreRefusedOrReadAsTheyAre() {
        Random random = new Random(SEED);
        RandomMessages messages = new RandomMessages(random);
        Set<Reason> refusals = EnumSet.noneOf(Reason.class);
        int read = 0;
        for (int i = 0; i < 10_000; i++) {
            byte[] original = encode(messages.next());
            for (int j = 0; j < 20; j++) {
                byte[] altered = alter(original, random);
                Set<Reason> outcome = outcome(altered);
                refusals.addAll(outcome);
                read += outcome.isEmpty() ? 1 : 0;
            }
        }
        assertThat(refusals).as("-Dtotem.seed=%d", SEED).containsExactlyInAnyOrder(Reason.values());
        assertThat(read).as("-Dtotem.seed=%d", SEED).isBetween(20_000, 180_000);
    }

    @Test
    void garbageIsRefused() {
        Random random = new Random(SEED);
        for (int i = 0; i < 50_000; i++) {
            byte[] garbage = new byte[random.nextInt(120)];
            random.nextBytes(garbage);
            if (garbage.length > 1 && random.nextBoolean()) {
                garbage[0] = (byte) (1 + random.nextInt(8));
                garbage[1] = 1;
            }
            outcome(garbage);
        }
    }

    private static byte[] alter(byte[] original, Random random) {
        byte[] altered = random.nextInt(8) == 0
                ? Arrays.copyOf(original, random.nextInt(original.length + 16))
                : original.clone();
        int changes = altered.length == 0 ? 0 : 1 + random.nextInt(3);
        for (int i = 0; i < changes; i++) {
            int at = random.nextInt(random.nextBoolean() ? altered.length : Math.min(altered.length, 64));
            altered[at] =
                    random.nextBoolean() ? (byte) (altered[at] ^ 1 << random.nextInt(8)) : (byte) random.nextInt(256);
        }
        return altered;
    }

    private Reason refusal(byte[] bytes) {
        Set<Reason> outcome = outcome(bytes);
        assertThat(outcome).as("reasons to refuse the message").hasSize(1);
        return outcome.iterator().next();
    }

    /** Why the bytes are refused, or nothing if they are a message. */
    private Set<Reason> outcome(byte[] bytes) {
        try {
            ProtocolMessage message = codec.decode(ByteBuffer.wrap(bytes.clone()));
            assertThat(Arrays.equals(encode(message), bytes))
                    .as("%s is the only form of its bytes", message)
                    .isTrue();
            return Set.of();
        } catch (MalformedMessageException refused) {
            return Set.of(refused.reason());
        }
    }

    private byte[] encode(ProtocolMessage message) {
        ByteBuffer target = ByteBuffer.allocate(codec.encodedBytes(message));
        codec.encode(message, target);
        return target.array();
    }
}
