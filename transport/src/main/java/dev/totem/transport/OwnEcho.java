/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.unix.Buffer;
import io.netty.channel.unix.RawUnixChannelOption;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Has Linux cut what a node's own multicasts bring back to it to {@value #KEPT_BYTES} byte, before it is copied: a third
 * of what three nodes on one host receive. It is not dropped, as hearing it tells that the group is reached.
 *
 * <p>A socket filter in classic BPF: {@code socket(7)}, SO_ATTACH_FILTER. Where the system refuses it, the socket works
 * as it does without, and Netty logs why.
 */
final class OwnEcho {

    /** What is left of the payload: enough to be a datagram with a source. */
    static final int KEPT_BYTES = 1;

    private static final int SOL_SOCKET = 1;
    private static final int SO_ATTACH_FILTER = 26;

    /** Its value is a {@code struct sock_fprog}: a length and an address, padded to two addresses. */
    private static final RawUnixChannelOption ATTACH_FILTER =
            new RawUnixChannelOption("SO_ATTACH_FILTER", SOL_SOCKET, SO_ATTACH_FILTER, 2 * Buffer.addressSize());

    private static final int UDP_HEADER_BYTES = 8;
    private static final int INSTRUCTION_BYTES = 8;

    /** Offsets from here on count from the network header; others, on a UDP socket, from the UDP header. */
    private static final int NETWORK_HEADER = -0x100000;

    private static final int IPV4_SOURCE_AT = 12;
    private static final int IPV6_SOURCE_AT = 8;

    private static final short LOAD_HALF_WORD = 0x28;
    private static final short LOAD_WORD = 0x20;
    private static final short JUMP_IF_EQUAL = 0x15;
    private static final short RETURN = 0x06;

    private record Instruction(short code, int jumpIfNot, int value) {}

    private OwnEcho() {}

    /**
     * Sets the option on channels to come.
     *
     * @param source where the node's own multicasts come from
     */
    static void cut(Bootstrap epoll, InetSocketAddress source) {
        List<Instruction> program = program(source);
        int programBytes = program.size() * INSTRUCTION_BYTES;
        ByteBuffer memory =
                ByteBuffer.allocateDirect(programBytes + ATTACH_FILTER.length()).order(ByteOrder.nativeOrder());
        for (Instruction one : program) {
            memory.putShort(one.code());
            memory.put((byte) 0).put((byte) one.jumpIfNot());
            memory.putInt(one.value());
        }
        // struct sock_fprog: a length, padding, an address; as a part of the memory it keeps the whole of it.
        ByteBuffer pointer = memory.slice().order(ByteOrder.nativeOrder());
        pointer.putShort((short) program.size());
        long address = Buffer.memoryAddress(memory);
        if (Buffer.addressSize() == Long.BYTES) {
            pointer.putLong(Long.BYTES, address);
        } else {
            pointer.putInt(Integer.BYTES, (int) address);
        }
        epoll.option(ATTACH_FILTER, pointer.rewind());
    }

    private static List<Instruction> program(InetSocketAddress source) {
        byte[] address = source.getAddress().getAddress();
        int sourceAt = NETWORK_HEADER + (address.length == Integer.BYTES ? IPV4_SOURCE_AT : IPV6_SOURCE_AT);
        int words = address.length / Integer.BYTES;
        ByteBuffer inNetworkOrder = ByteBuffer.wrap(address).order(ByteOrder.BIG_ENDIAN);
        List<Instruction> program = new ArrayList<>();
        program.add(new Instruction(LOAD_HALF_WORD, 0, 0));
        program.add(new Instruction(JUMP_IF_EQUAL, 2 * words + 1, source.getPort()));
        for (int word = 0; word < words; word++) {
            program.add(new Instruction(LOAD_WORD, 0, sourceAt + word * Integer.BYTES));
            program.add(new Instruction(JUMP_IF_EQUAL, 2 * (words - word) - 1, inNetworkOrder.getInt()));
        }
        program.add(new Instruction(RETURN, 0, UDP_HEADER_BYTES + KEPT_BYTES));
        program.add(new Instruction(RETURN, 0, -1));
        return program;
    }
}
