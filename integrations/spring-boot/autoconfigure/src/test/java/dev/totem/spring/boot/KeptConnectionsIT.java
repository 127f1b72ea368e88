/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.spring.boot;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.TotemNode;
import dev.totem.spring.boot.web.Hello;
import dev.totem.testkit.TestRing;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;
import reactor.core.publisher.Mono;

/** What becomes of kept HTTP connections when an application stops, phase by phase. */
class KeptConnectionsIT {

    private static final int BEFORE_THE_SERVER_STOPS_ACCEPTING = SmartLifecycle.DEFAULT_PHASE - 1_000;
    private static final int AFTER_THE_SERVER_HAS_STOPPED_ACCEPTING = SmartLifecycle.DEFAULT_PHASE - 1_500;

    private final TestRing ring = TestRing.of(1);
    private final Visits early = new Visits(BEFORE_THE_SERVER_STOPS_ACCEPTING);
    private final Visits late = new Visits(AFTER_THE_SERVER_HAS_STOPPED_ACCEPTING);
    private ConfigurableApplicationContext application;

    @BeforeEach
    void start() {
        ring.awaitOneRing().block(Instances.PATIENCE);
        application = new SpringApplicationBuilder(Hello.class)
                .properties("server.address=127.0.0.1", "server.port=0", "spring.main.banner-mode=off")
                .initializers(context -> {
                    var beans = context.getBeanFactory();
                    TotemNodeStarter starter = settings -> Mono.<TotemNode>fromSupplier(() -> ring.node(1));
                    beans.registerSingleton("starter", starter);
                    beans.registerSingleton("early", early);
                    beans.registerSingleton("late", late);
                })
                .run();
    }

    @AfterEach
    void close() {
        application.close();
        ring.close();
    }

    private Client connect() throws IOException {
        return new Client(application.getEnvironment().getRequiredProperty("local.server.port", Integer.class));
    }

    @Test
    void saysThatItClosesAndAnswersWhatComesOnConnectionsThatItHasKept() throws Exception {
        try (Client busy = connect();
                Client slow = connect();
                Client idle = connect();
                Client fresh = connect()) {
            for (Client kept : List.of(busy, slow, idle)) {
                assertThat(kept.get("/hello")).isEqualTo("200 keep");
            }
            slow.ask("/slow");
            Hello.awaitSlow();
            early.next(() -> busy.get("/hello"));
            early.next(() -> {
                Hello.finishSlow();
                return slow.answer();
            });
            // Both at once, as idle connections do not wait for long.
            late.next(() -> {
                idle.ask("/hello");
                fresh.ask("/hello");
                return idle.answer();
            });
            late.next(fresh::answer);

            application.close();

            assertThat(early.answers()).containsExactly("200 close", "200 close");
            assertThat(late.answers()).containsExactly("200 close", "200 close");
            for (Client ended : List.of(busy, slow, idle, fresh)) {
                assertThat(ended.answer()).isEqualTo("end");
            }
        }
    }

    @Test
    void closesThoseThatStayIdle() throws Exception {
        try (Client idle = connect()) {
            assertThat(idle.get("/hello")).isEqualTo("200 keep");
            CompletableFuture<String> end = CompletableFuture.supplyAsync(idle::answer);
            application.close();
            assertThat(end.get(Instances.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .isEqualTo("end");
            assertThat(ring.node(1).isDisposed()).isTrue();
        }
    }

    /** Does, when all that stops before its phase has stopped, what was asked for. */
    private static final class Visits implements SmartLifecycle {
        private final int phase;
        private final List<Callable<String>> visits = new ArrayList<>();
        private final List<String> answers = new ArrayList<>();
        private volatile boolean isRunning;

        Visits(int phase) {
            this.phase = phase;
        }

        synchronized void next(Callable<String> visit) {
            visits.add(visit);
        }

        synchronized List<String> answers() {
            return List.copyOf(answers);
        }

        @Override
        public void start() {
            isRunning = true;
        }

        @Override
        public synchronized void stop() {
            isRunning = false;
            for (Callable<String> visit : visits) {
                try {
                    answers.add(visit.call());
                } catch (Exception failed) {
                    answers.add(failed.toString());
                }
            }
        }

        @Override
        public boolean isRunning() {
            return isRunning;
        }

        @Override
        public int getPhase() {
            return phase;
        }
    }

    /** One connection. */
    private static final class Client implements AutoCloseable {
        private final Socket socket;

        Client(int port) throws IOException {
            this.socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setSoTimeout((int) Instances.PATIENCE.toMillis());
        }

        String get(String path) throws IOException {
            ask(path);
            return answer();
        }

        void ask(String path) throws IOException {
            socket.getOutputStream().write(("GET " + path + " HTTP/1.1\r\nHost: here\r\n\r\n").getBytes(US_ASCII));
        }

        /** The status and what becomes of the connection, {@code end} if it was closed, or what went wrong. */
        String answer() {
            try {
                InputStream in = socket.getInputStream();
                StringBuilder head = new StringBuilder();
                while (head.indexOf("\r\n\r\n") < 0) {
                    int next = in.read();
                    if (next < 0) {
                        return head.isEmpty() ? "end" : "cut: " + head;
                    }
                    head.append((char) next);
                }
                String text = head.toString().toLowerCase(Locale.ROOT);
                in.readNBytes(Integer.parseInt(after(text, "content-length: ")));
                return after(text, "http/1.1 ").substring(0, 3)
                        + (text.contains("connection: close") ? " close" : " keep");
            } catch (IOException failed) {
                return failed.toString();
            }
        }

        private static String after(String text, String beginning) {
            int from = text.indexOf(beginning) + beginning.length();
            return text.substring(from, text.indexOf("\r\n", from));
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
