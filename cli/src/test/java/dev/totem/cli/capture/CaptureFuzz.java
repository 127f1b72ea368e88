/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli.capture;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;

/**
 * Any packet is a datagram, or is said to be something else; any datagram is frames, or is said to be none.
 *
 * <p>An input is a choice of what it is, one byte, then the bytes of a packet of that link type, or of a datagram.
 */
public final class CaptureFuzz {

    private static final List<Integer> LINK_TYPES = List.of(0, 1, 12, 14, 101, 108, 113, 228, 229, 276);

    private CaptureFuzz() {}

    /** One execution; throws what it finds. */
    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length == 0) {
            return;
        }
        int choice = Byte.toUnsignedInt(input[0]) % (LINK_TYPES.size() + 1);
        ByteBuffer bytes = ByteBuffer.wrap(input, 1, input.length - 1).slice();
        if (choice == LINK_TYPES.size()) {
            check(bytes);
            return;
        }
        Datagram datagram =
                new PacketReader(LINK_TYPES.get(choice), ByteOrder.LITTLE_ENDIAN).read(bytes, bytes.remaining());
        if (datagram instanceof Datagram.Udp udp) {
            check(udp.payload());
        } else if (datagram instanceof Datagram.Unreadable unreadable
                && unreadable.why().isBlank()) {
            throw new AssertionError("no reason");
        }
    }

    private static void check(ByteBuffer datagram) {
        List<DecodedFrame> frames = new FrameDecoder(Optional.empty(), "totem").decode(datagram);
        Datagram.Udp around = new Datagram.Udp("a:1", "b:2", datagram);
        for (DecodedFrame frame : frames) {
            boolean isText = new DecodeText(false)
                            .frame(1, around, frame).stream().noneMatch(line -> line.matches(".*\\p{Cntrl}.*"))
                    && new DecodeText(true).frame(1, around, frame).size() == 1;
            if (!isText || frame.text().isBlank()) {
                throw new AssertionError("not a line: " + frame);
            }
        }
    }
}
