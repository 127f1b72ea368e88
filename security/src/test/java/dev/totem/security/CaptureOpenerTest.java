/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.NodeId;
import dev.totem.core.spi.OpenFailure;
import dev.totem.core.spi.SealSession;
import dev.totem.core.spi.SealSession.Opened;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CaptureOpenerTest {

    @TempDir
    Path folder;

    private Path keys;

    @BeforeEach
    void key() throws IOException {
        keys = folder.resolve("keys");
        KeyFile.create(keys);
    }

    private static ByteBuffer sealed(SealSession session, int to, String text) {
        ByteBuffer frame = ByteBuffer.allocate(1_000);
        ByteBuffer plaintext = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
        if (to == 0) {
            session.seal(plaintext, frame);
        } else {
            session.seal(NodeId.of(to), plaintext, frame);
        }
        return frame.flip();
    }

    private static String text(Opened opened) {
        return opened instanceof Opened.Frame frame
                ? frame.transmitter() + " " + StandardCharsets.US_ASCII.decode(frame.plaintext())
                : String.valueOf(((Opened.Refused) opened).reason());
    }

    @ParameterizedTest
    @EnumSource(CipherSuite.class)
    void opensWhatAnyNodeSealedForAnyNodeInAnyOrderAndAgain(CipherSuite suite) {
        AeadSeal seal = AeadSeal.fromKeyFile(keys, suite.text());
        SealSession one = seal.session(NodeId.of(1), "lab");
        SealSession two = seal.session(NodeId.of(2), "lab");
        ByteBuffer first = sealed(one, 0, "a");
        ByteBuffer second = sealed(one, 2, "b");
        ByteBuffer third = sealed(two, 1, "c");
        try (CaptureOpener opener = CaptureOpener.fromKeyFile(keys, "lab")) {
            assertThat(text(opener.open(third.duplicate()))).isEqualTo("2 c");
            assertThat(text(opener.open(second.duplicate()))).isEqualTo("1 b");
            assertThat(text(opener.open(first.duplicate()))).isEqualTo("1 a");
            assertThat(text(opener.open(first.duplicate()))).isEqualTo("1 a");
            assertThat(CaptureOpener.receiverAt(first, 0)).isZero();
            assertThat(CaptureOpener.receiverAt(second, 0)).isEqualTo(2);
        }
    }

    @Test
    void opensOneOfSeveralAndMovesPastIt() {
        SealSession one = AeadSeal.fromKeyFile(keys).session(NodeId.of(1), "lab");
        ByteBuffer read = ByteBuffer.allocate(1_000).put(sealed(one, 0, "a")).put(sealed(one, 0, "b"));
        read.flip();
        try (CaptureOpener opener = CaptureOpener.fromKeyFile(keys, "lab")) {
            assertThat(text(opener.open(read))).isEqualTo("1 a");
            assertThat(text(opener.open(read))).isEqualTo("1 b");
            assertThat(read.hasRemaining()).isFalse();
        }
    }

    @Test
    void saysWhyAFrameDoesNotOpen() throws IOException {
        SealSession one = AeadSeal.fromKeyFile(keys).session(NodeId.of(1), "lab");
        ByteBuffer frame = sealed(one, 0, "a");
        try (CaptureOpener other = CaptureOpener.fromKeyFile(keys, "other")) {
            assertThat(text(other.open(frame.duplicate()))).isEqualTo("OTHER_CLUSTER");
        }
        Path another = folder.resolve("another");
        KeyFile.create(another);
        try (CaptureOpener stranger = CaptureOpener.fromKeyFile(another, "lab")) {
            assertThat(text(stranger.open(frame.duplicate()))).isEqualTo("NOT_AUTHENTIC");
        }
        try (CaptureOpener opener = CaptureOpener.fromKeyFile(keys, "lab")) {
            assertThat(text(opener.open(frame.duplicate().put(2, (byte) 0)))).isEqualTo("OTHER_SUITE");
            frame.put(2, (byte) 1).put(3, (byte) 77);
            assertThat(text(opener.open(frame.duplicate()))).isEqualTo("OTHER_KEY");
        }
    }

    @Test
    void noBytesAreTooBad() {
        SealSession one = AeadSeal.fromKeyFile(keys).session(NodeId.of(1), "lab");
        SplittableRandom random = new SplittableRandom(3);
        try (CaptureOpener opener = CaptureOpener.fromKeyFile(keys, "lab")) {
            for (int round = 0; round < 5_000; round++) {
                ByteBuffer frame = sealed(one, 0, "some text");
                int changed = random.nextInt(frame.limit());
                frame.put(changed, (byte) (frame.get(changed) + random.nextInt(1, 256)));
                frame.limit(random.nextBoolean() ? frame.limit() : random.nextInt(frame.limit()));
                Opened opened = opener.open(frame);

                assertThat(opened).isInstanceOf(Opened.Refused.class);
                assertThat(((Opened.Refused) opened).reason())
                        .isIn(
                                OpenFailure.MALFORMED,
                                OpenFailure.OTHER_CLUSTER,
                                OpenFailure.OTHER_SUITE,
                                OpenFailure.OTHER_KEY,
                                OpenFailure.NOT_AUTHENTIC);
            }
        }
    }
}
