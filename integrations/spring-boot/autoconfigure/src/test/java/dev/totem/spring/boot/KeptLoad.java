/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.spring.boot;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;

/** A client that keeps its connection as long as the server does. */
final class KeptLoad {

    private static final int PATIENCE_MILLIS = 20_000;

    /** Between two requests of a client, so that some connections are idle when the server stops. */
    private static final long PAUSE_NANOS = 20_000_000;

    private KeptLoad() {}

    /**
     * What came of each request until the server does not accept any more: its status, or how it failed. One that fails on a
     * connection that has answered none was not accepted.
     *
     * @param client 0 asks without a pause, others the later the higher
     */
    static List<String> answers(int port, int client) {
        List<String> answers = new ArrayList<>();
        while (true) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                socket.setSoTimeout(PATIENCE_MILLIS);
                int before = answers.size();
                try {
                    ask(socket, client, answers);
                } catch (IOException failed) {
                    if (answers.size() == before) {
                        return answers;
                    }
                    answers.add(failed.toString());
                    return answers;
                }
            } catch (IOException notAccepted) {
                return answers;
            }
        }
    }

    /** One request after the other until the server says that it closes. */
    private static void ask(Socket socket, int client, List<String> answers) throws IOException {
        while (true) {
            socket.getOutputStream().write("GET /work HTTP/1.1\r\nHost: here\r\n\r\n".getBytes(US_ASCII));
            String head = head(socket.getInputStream());
            answers.add(head.substring("http/1.1 ".length(), "http/1.1 200".length()));
            if (head.contains("connection: close")) {
                return;
            }
            LockSupport.parkNanos(client * PAUSE_NANOS);
        }
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("closed before it has answered: " + head);
            }
            head.append((char) next);
        }
        String text = head.toString().toLowerCase(Locale.ROOT);
        int from = text.indexOf("content-length: ") + "content-length: ".length();
        in.readNBytes(Integer.parseInt(text.substring(from, text.indexOf("\r\n", from))));
        return text;
    }
}
