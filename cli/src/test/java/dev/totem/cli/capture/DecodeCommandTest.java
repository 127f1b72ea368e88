/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli.capture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.cli.TotemCommand;
import dev.totem.core.Guarantee;
import dev.totem.core.NodeId;
import dev.totem.core.RingId;
import dev.totem.core.internal.message.HoldCancel;
import dev.totem.core.internal.message.Origin;
import dev.totem.core.internal.message.ProtocolMessage;
import dev.totem.core.internal.message.RegularMessage;
import dev.totem.core.internal.wire.MessageCodec;
import dev.totem.core.internal.wire.MessagePart;
import dev.totem.core.spi.DatagramSeal;
import dev.totem.core.spi.PlainSeal;
import dev.totem.security.AeadSeal;
import dev.totem.security.KeyFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DecodeCommandTest {

    private static final Origin ORIGIN = new Origin(NodeId.of(1), 0xAB);
    private static final ProtocolMessage CANCEL = new HoldCancel(ORIGIN, new RingId(NodeId.of(1), 8));
    private static final String CANCEL_TEXT = "HoldCancel[origin=1#ab, ring=1.8]";

    @TempDir
    Path folder;

    private record Run(int status, List<String> lines, String err) {}

    private Run decode(Path file, String... options) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int status = TotemCommand.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(Stream.concat(Stream.of("decode", file.toString()), Stream.of(options))
                        .toArray(String[]::new));
        return new Run(status, out.toString().lines().toList(), err.toString());
    }

    private static byte[] encoded(ProtocolMessage message) {
        MessageCodec codec = new MessageCodec();
        ByteBuffer bytes = ByteBuffer.allocate(codec.encodedBytes(message));
        codec.encode(message, bytes);
        return bytes.array();
    }

    private static byte[] frame(DatagramSeal seal, int to, byte[] plaintext) {
        ByteBuffer frame = ByteBuffer.allocate(plaintext.length + 100);
        if (to == 0) {
            seal.session(NodeId.of(1), "totem").seal(ByteBuffer.wrap(plaintext), frame);
        } else {
            seal.session(NodeId.of(1), "totem").seal(NodeId.of(to), ByteBuffer.wrap(plaintext), frame);
        }
        return Arrays.copyOf(frame.array(), frame.position());
    }

    private static byte[] plain(ProtocolMessage message) {
        return frame(PlainSeal.create(), 0, encoded(message));
    }

    private Path keys() throws IOException {
        Path keys = folder.resolve("keys");
        KeyFile.create(keys);
        return keys;
    }

    @ParameterizedTest
    @CsvSource({"false, false", "false, true", "true, false", "true, true"})
    void readsBothByteOrdersAndBothClocks(boolean isBig, boolean isNanos) throws IOException {
        byte[] packet = PcapFile.ethernet(0x0800, PcapFile.ipv4(plain(CANCEL)));
        Path file = new PcapFile(1, isBig ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN, isNanos)
                .add(packet)
                .add(packet)
                .write(folder.resolve("a.pcap"));
        Run run = decode(file);

        assertThat(run.status()).isZero();
        assertThat(run.lines())
                .containsExactly("    0.000000 s  1>*     " + CANCEL_TEXT, "    0.001000 s  1>*     " + CANCEL_TEXT);
        assertThat(run.err().strip()).isEqualTo("2 packets, 2 frames, 0 that could not be read");
    }

    @ParameterizedTest
    @CsvSource({"aes-256-gcm", "chacha20-poly1305", "aes-256-gcm-siv", "sober128-hmac-sha1"})
    void opensWhatIsSealedWithTheKeyFile(String suite) throws IOException {
        Path keys = keys();
        byte[] sealed = frame(AeadSeal.fromKeyFile(keys, suite), 2, encoded(CANCEL));
        Path file = new PcapFile(101).add(PcapFile.ipv6(sealed)).write(folder.resolve("a.pcap"));

        assertThat(decode(file, "--key", keys.toString()).lines())
                .containsExactly("    0.000000 s  1>2     " + CANCEL_TEXT);
        assertThat(decode(file).lines())
                .singleElement()
                .asString()
                .startsWith("    0.000000 s  1>2     ")
                .contains("bytes sealed with " + suite + ", key 1: --key FILE opens them");
        assertThat(decode(file, "--key", keys.toString(), "--cluster", "lab").lines())
                .singleElement()
                .asString()
                .contains("of another cluster than lab: --cluster names it, from [0:0:0:0:0:0:0:1]:5405 to ");
    }

    @Test
    void framesBackToBackAndPartsOfAMessage() throws IOException {
        List<MessagePart> parts = MessagePart.cut(ORIGIN, 3, ByteBuffer.wrap(encoded(CANCEL)), 40);
        PcapFile capture = new PcapFile(101).add(PcapFile.ipv4(PcapFile.behind(plain(CANCEL), plain(CANCEL))));
        for (MessagePart part : parts) {
            ByteBuffer bytes = ByteBuffer.allocate(40);
            part.encode(bytes);
            capture.add(PcapFile.ipv4(frame(PlainSeal.create(), 0, Arrays.copyOf(bytes.array(), bytes.position()))));
        }
        assertThat(decode(capture.write(folder.resolve("a.pcap"))).lines())
                .containsExactly(
                        "    0.000000 s  1>*     " + CANCEL_TEXT,
                        "    0.000000 s  1>*     " + CANCEL_TEXT,
                        "    0.001000 s  1>*     part 1 of 2 of message 3 of 1#ab",
                        "    0.002000 s  1>*     part 2 of 2 of message 3 of 1#ab, which completes " + CANCEL_TEXT);
    }

    @Test
    void badBytesCostALineThatSaysWhatIsWrong() throws IOException {
        byte[] cut = Arrays.copyOf(plain(CANCEL), 40);
        byte[] other = plain(CANCEL);
        other[32] = 99;
        byte[] packet = plain(new RegularMessage(
                ORIGIN, new RingId(NodeId.of(1), 8), 7, Guarantee.SAFE, ByteBuffer.wrap(new byte[] {1})));
        byte[] tcp = PcapFile.ipv4(new byte[20]);
        tcp[9] = 6;
        byte[] whole = PcapFile.ipv4(plain(CANCEL));
        Path file = new PcapFile(101)
                .add(PcapFile.ipv4(new byte[] {1, 2, 3}))
                .add(PcapFile.ipv4(new byte[64]))
                .add(PcapFile.ipv4(cut))
                .add(PcapFile.ipv4(other))
                .add(PcapFile.ipv4(packet))
                .add(tcp)
                .add(Arrays.copyOf(whole, 60), whole.length)
                .add(whole)
                .addRaw(new byte[9])
                .write(folder.resolve("a.pcap"));
        Run run = decode(file);

        String at = ", from 10.0.0.1:5405 to 239.192.0.1:5406";
        assertThat(run.lines())
                .containsExactly(
                        "    0.000000 s  ?       no frame: 3 bytes, and a header has 32" + at,
                        "    0.001000 s  ?       no frame: 64 bytes that begin with 0000, and a frame begins with e501"
                                + at,
                        "    0.002000 s  ?       no frame: it says that it has 58 bytes, and 40 are there" + at,
                        "    0.003000 s  1>*     no message of this format (malformed message: TYPE)" + at,
                        "    0.004000 s  1>*     RegularMessage[1#ab 1.8/7 SAFE 1 bytes]",
                        "    0.004000 s            a packet that breaks the format",
                        "    0.006000 s  ?       packet 7: a datagram from 10.0.0.1:5405 to 239.192.0.1:5406: only 40 of 66"
                                + " bytes were captured: capture whole packets (tcpdump -s 0)",
                        "    0.007000 s  1>*     " + CANCEL_TEXT,
                        "    0.007000 s  ?       the file ends in the head of packet 9");
        assertThat(run.status()).isZero();
        assertThat(run.err().strip())
                .isEqualTo("8 packets, 2 frames, 6 that could not be read; not looked at: 1 of TCP");
    }

    @Test
    void jsonSaysTheSame() throws IOException {
        Path file = new PcapFile(101)
                .add(PcapFile.ipv4(plain(CANCEL)))
                .add(PcapFile.ipv4(new byte[1]))
                .write(folder.resolve("a.pcap"));

        List<String> lines = decode(file, "--json").lines();
        assertThat(lines).hasSize(2);
        assertThat(lines.get(0))
                .startsWith(
                        "{\"event\":\"frame\",\"nanos\":0,\"from\":\"10.0.0.1:5405\",\"to\":\"239.192.0.1:5406\",\"sender\":1,\"life\":\"")
                .endsWith("\",\"counter\":0,\"suite\":\"none\",\"key\":0,\"text\":\"" + CANCEL_TEXT + "\"}");
        assertThat(lines.get(1))
                .isEqualTo(
                        "{\"event\":\"error\",\"nanos\":1000000,\"from\":\"10.0.0.1:5405\",\"to\":\"239.192.0.1:5406\","
                                + "\"error\":\"no frame: 1 bytes, and a header has 32\"}");
    }

    @Test
    void whatIsNoCaptureIsOneLineAndStatus1() throws IOException {
        Path file = folder.resolve("a.pcap");
        assertThat(decode(file)).satisfies(run -> {
            assertThat(run.status()).isEqualTo(1);
            assertThat(run.err().strip()).isEqualTo("totem decode: " + file + ": no such file");
        });
        Files.write(file, new byte[] {1, 2});
        assertThat(decode(file).err()).contains("too short to be a capture");
        Files.write(file, new byte[100]);
        assertThat(decode(file).err()).contains("not a capture of libpcap; write one with: tcpdump -w FILE");
        Files.write(file, ByteBuffer.allocate(100).putInt(0, 0x0A0D0D0A).array());
        assertThat(decode(file).err()).contains("this is pcapng", "editcap -F pcap");
        new PcapFile(147).write(file);
        assertThat(decode(file).err()).contains("link type 147");
        new PcapFile(1).write(file);
        Run noKey = decode(file, "--key", folder.resolve("none").toString());
        assertThat(noKey.status()).isEqualTo(1);
        assertThat(noKey.err().lines()).singleElement().asString().contains("totem keygen");
    }

    @Test
    void noFileIsTooBad() throws IOException {
        byte[] good = Files.readAllBytes(new PcapFile(1)
                .add(PcapFile.ethernet(0x0800, PcapFile.ipv4(plain(CANCEL))))
                .add(PcapFile.ethernet(0x86DD, PcapFile.ipv6(plain(CANCEL))))
                .write(folder.resolve("good")));
        SplittableRandom random = new SplittableRandom(5);
        Path file = folder.resolve("bad");
        for (int round = 0; round < 300; round++) {
            byte[] bad = Arrays.copyOf(good, random.nextInt(24, good.length + 1));
            for (int i = 0; i < 3; i++) {
                bad[random.nextInt(24, Math.max(25, bad.length)) % bad.length] = (byte) random.nextInt(256);
            }
            Files.write(file, bad);
            Run run = decode(file);
            assertThat(run.status()).isBetween(0, 1);
            assertThat(run.err()).doesNotContain("Exception", "\tat ");
        }
    }
}
