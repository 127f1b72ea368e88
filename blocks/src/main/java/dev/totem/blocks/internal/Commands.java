/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks.internal;

import dev.totem.blocks.Codec;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** How the commands of our own blocks are written: a version, and the fields. Any thread. */
public final class Commands {

    private static final int VERSION = 1;

    private Commands() {}

    /**
     * The codec of some commands.
     *
     * @param read throws for what it does not know
     */
    public static <C> Codec<C> codec(BiConsumer<Writer, C> write, Function<Reader, C> read) {
        return new Codec<>() {
            @Override
            public byte[] encode(C command) {
                Writer out = new Writer().u8(VERSION);
                write.accept(out, command);
                return out.toBytes();
            }

            @Override
            public C decode(byte[] bytes) {
                Reader in = new Reader(bytes);
                int version = in.u8();
                if (version != VERSION) {
                    throw new IllegalArgumentException("a command of version " + version + ", while this node knows"
                            + " version " + VERSION + ": update it");
                }
                C command = read.apply(in);
                if (in.hasMore()) {
                    throw new IllegalArgumentException("a command with more fields than this node knows: update it");
                }
                return command;
            }
        };
    }
}
