/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;

/** A connection of bare bytes to a console. One thread. */
final class RawHttp implements AutoCloseable {

    private static final int PATIENCE_MILLIS = 20_000;

    private final Socket socket;

    private RawHttp(Socket socket) {
        this.socket = socket;
    }

    /** @param receiveBytes how much may wait in its system unread; 0 for what is usual */
    static RawHttp to(InetSocketAddress address, int receiveBytes) throws IOException {
        Socket socket = new Socket();
        if (receiveBytes > 0) {
            socket.setReceiveBufferSize(receiveBytes);
        }
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.connect(address, PATIENCE_MILLIS);
        return new RawHttp(socket);
    }

    RawHttp say(String... lines) throws IOException {
        socket.getOutputStream().write((String.join("\r\n", lines) + "\r\n\r\n").getBytes(UTF_8));
        return this;
    }

    /** Everything until the other side ends the connection. */
    String all() throws IOException {
        return new String(socket.getInputStream().readAllBytes(), UTF_8);
    }

    /** One byte of the answer, or -1 at its end. */
    int read() throws IOException {
        return socket.getInputStream().read();
    }

    /** Ends it with a reset. */
    void abort() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    static String ask(InetSocketAddress address, String... lines) throws IOException {
        try (RawHttp raw = to(address, 0)) {
            return raw.say(lines).all();
        }
    }
}
