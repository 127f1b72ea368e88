/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import io.netty.buffer.ByteBuf;
import java.util.OptionalInt;

/**
 * What each side of a connection says first: that it is a node, and at which port it is connected to ({@code docs/WIRE.md}).
 * Nobody has sealed it, so it tells where frames may come from, as the source of a datagram does, and no more. Any thread.
 */
final class Greeting {

    /** The whole of it. */
    static final int BYTES = 8;

    private static final int MAGIC = 0x746F_7465;
    private static final short VERSION = 1;
    private static final int PORT_AT = 6;

    private Greeting() {}

    static void write(ByteBuf out, int port) {
        out.writeInt(MAGIC).writeShort(VERSION).writeShort(port);
    }

    /** The port, if it is a greeting. */
    static OptionalInt read(ByteBuf in) {
        int at = in.readerIndex();
        boolean isGreeting =
                in.readableBytes() == BYTES && in.getInt(at) == MAGIC && in.getShort(at + Integer.BYTES) == VERSION;
        int port = isGreeting ? in.getUnsignedShort(at + PORT_AT) : 0;
        return port == 0 ? OptionalInt.empty() : OptionalInt.of(port);
    }
}
