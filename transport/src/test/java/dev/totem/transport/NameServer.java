/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A name server on loopback that knows one name and one service, and says what it is told to. Any thread. */
final class NameServer implements AutoCloseable {

    static final String NAME = "ring.test";
    static final String SERVICE = "_totem._udp.ring.test";

    private static final int A = 1;
    private static final int SRV = 33;

    /** Points to the name of the question. */
    private static final short SAME_NAME = (short) 0xC00C;

    private final DatagramSocket socket;
    private final AtomicInteger questions = new AtomicInteger();
    private volatile List<String> addresses = List.of();
    private volatile int port;
    private volatile int ttlSeconds = 1;
    private volatile boolean isDown;

    NameServer() throws IOException {
        socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(this::serve, "name-server");
        thread.setDaemon(true);
        thread.start();
    }

    InetSocketAddress address() {
        return new InetSocketAddress(socket.getLocalAddress(), socket.getLocalPort());
    }

    /** From now on the name has these addresses, for so long, and the service is at this port of it. */
    void says(int ttl, int servicePort, String... now) {
        ttlSeconds = ttl;
        port = servicePort;
        addresses = List.of(now);
    }

    /** Answers nothing from now on, or again. */
    void down(boolean now) {
        isDown = now;
    }

    int questions() {
        return questions.get();
    }

    private void serve() {
        byte[] bytes = new byte[1_500];
        while (!socket.isClosed()) {
            try {
                DatagramPacket in = new DatagramPacket(bytes, bytes.length);
                socket.receive(in);
                questions.incrementAndGet();
                if (!isDown) {
                    byte[] answer = answer(bytes);
                    socket.send(new DatagramPacket(answer, answer.length, in.getSocketAddress()));
                }
            } catch (IOException closed) {
                if (!socket.isClosed()) {
                    throw new UncheckedIOException(closed);
                }
            }
        }
    }

    private byte[] answer(byte[] question) {
        ByteBuffer in = ByteBuffer.wrap(question);
        int id = in.getShort(0);
        StringBuilder name = new StringBuilder();
        int at = 12;
        for (int length = in.get(at); length > 0; length = in.get(at)) {
            name.append(name.isEmpty() ? "" : ".")
                    .append(new String(question, at + 1, length, StandardCharsets.US_ASCII));
            at += length + 1;
        }
        int type = in.getShort(at + 1);
        List<String> known = addresses;
        boolean isName = name.toString().equalsIgnoreCase(NAME);
        boolean isService = name.toString().equalsIgnoreCase(SERVICE);
        int count = isName && type == A ? known.size() : isService && type == SRV && !known.isEmpty() ? 1 : 0;
        boolean isUnknown = known.isEmpty() || !(isName || isService);
        ByteBuffer out = ByteBuffer.allocate(1_500);
        out.putShort((short) id).putShort((short) (isUnknown ? 0x8583 : 0x8580));
        out.putShort((short) 1).putShort((short) count).putInt(0);
        out.put(question, 12, at + 5 - 12);
        for (int i = 0; i < count; i++) {
            out.putShort(SAME_NAME).putShort((short) type).putShort((short) 1).putInt(ttlSeconds);
            if (type == A) {
                out.putShort((short) 4).put(ip(known.get(i)));
            } else {
                byte[] target = {4, 'r', 'i', 'n', 'g', 4, 't', 'e', 's', 't', 0};
                out.putShort((short) (6 + target.length)).putInt(0).putShort((short) port);
                out.put(target);
            }
        }
        byte[] answer = new byte[out.position()];
        out.flip().get(answer);
        return answer;
    }

    private static byte[] ip(String address) {
        try {
            return InetAddress.getByName(address).getAddress();
        } catch (IOException wrong) {
            throw new UncheckedIOException(wrong);
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}
