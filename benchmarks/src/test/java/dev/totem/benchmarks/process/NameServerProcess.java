/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.process;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A name server, to be run on a host of the lab: answers every question for an address with the lines of a file, with a time
 * to live of one second. As long as there is no file it answers nothing; an empty one is a name that is not known.
 */
final class NameServerProcess {

    private static final int PORT = 53;
    private static final int TTL_SECONDS = 1;
    private static final int QUESTION_AT = 12;
    private static final int A = 1;
    private static final int UNKNOWN_NAME = 3;

    private NameServerProcess() {}

    public static void main(String[] arguments) throws IOException {
        Path zone = Path.of(arguments[1]);
        try (DatagramSocket socket = new DatagramSocket(PORT, InetAddress.getByName(arguments[0]))) {
            byte[] bytes = new byte[1_500];
            while (true) {
                DatagramPacket in = new DatagramPacket(bytes, bytes.length);
                socket.receive(in);
                if (Files.exists(zone)) {
                    byte[] answer = answer(bytes, Files.readAllLines(zone));
                    socket.send(new DatagramPacket(answer, answer.length, in.getSocketAddress()));
                }
            }
        }
    }

    /** The words that run it. */
    static List<String> command(String address, Path zone) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx32m",
                "-cp",
                System.getProperty("java.class.path"),
                NameServerProcess.class.getName(),
                address,
                zone.toString());
    }

    private static byte[] answer(byte[] question, List<String> addresses) throws IOException {
        ByteBuffer in = ByteBuffer.wrap(question);
        int end = QUESTION_AT;
        while (in.get(end) != 0) {
            end += in.get(end) + 1;
        }
        int type = in.getShort(end + 1);
        int count = type == A ? addresses.size() : 0;
        ByteBuffer out = ByteBuffer.allocate(1_500);
        out.putShort(in.getShort(0)).putShort((short) (0x8580 | (addresses.isEmpty() ? UNKNOWN_NAME : 0)));
        out.putShort((short) 1).putShort((short) count).putInt(0);
        out.put(question, QUESTION_AT, end + 5 - QUESTION_AT);
        for (int i = 0; i < count; i++) {
            out.putShort((short) (0xC000 | QUESTION_AT)).putShort((short) A).putShort((short) 1);
            out.putInt(TTL_SECONDS).putShort((short) 4);
            out.put(InetAddress.getByName(addresses.get(i).strip()).getAddress());
        }
        byte[] answer = new byte[out.position()];
        out.flip().get(answer);
        return answer;
    }

    /** What {@code /etc/resolv.conf} says where names are looked up at this server. */
    static byte[] resolverConfiguration(String address) {
        return ("nameserver " + address + "\nsearch lab.test\noptions ndots:1\n").getBytes(StandardCharsets.US_ASCII);
    }
}
