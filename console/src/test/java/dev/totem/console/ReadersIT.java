/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.testkit.TestRing;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

/** Readers of the stream are bounded, whatever they do, and a place is free again however its reader went. */
class ReadersIT {

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final String[] EVENTS = {"GET /events HTTP/1.1", "Host: localhost"};

    private TestRing ring;

    @BeforeEach
    void starts() {
        ring = TestRing.of(1);
        ring.awaitOneRing().block(SOON);
    }

    @AfterEach
    void ends() {
        ring.close();
    }

    private TotemConsole console(Duration period, Duration patience) {
        return Objects.requireNonNull(TotemConsole.on(ring.node(1))
                .readers(2)
                .pace(new ConsolePlan.Pace(period, patience))
                .start()
                .block(SOON));
    }

    private static void await(BooleanSupplier condition) {
        Flux.interval(Duration.ofMillis(5))
                .onBackpressureDrop()
                .filter(tick -> condition.getAsBoolean())
                .next()
                .block(SOON);
    }

    private static boolean isAdmitted(InetSocketAddress address) {
        try (RawHttp raw = RawHttp.to(address, 0)) {
            raw.say(EVENTS);
            StringBuilder line = new StringBuilder();
            for (int next = raw.read(); next >= 0 && next != '\r'; next = raw.read()) {
                line.append((char) next);
            }
            return line.toString().equals("HTTP/1.1 200 OK");
        } catch (IOException cutOff) {
            return false;
        }
    }

    @Test
    void asManyAsMayReadAndThenNoneUntilOneHasGone() throws IOException {
        TotemConsole console = console(Duration.ofMillis(20), SOON);
        try (RawHttp first = RawHttp.to(console.address(), 0).say(EVENTS);
                RawHttp second = RawHttp.to(console.address(), 0).say(EVENTS)) {
            first.read();
            second.read();

            assertThat(RawHttp.ask(console.address(), EVENTS))
                    .startsWith("HTTP/1.1 503 ")
                    .containsIgnoringCase("retry-after");

            second.abort();
            await(() -> isAdmitted(console.address()));
        } finally {
            console.close().block(SOON);
        }
    }

    @Test
    void thoseWhoGoAtOnceLeaveNothingBehind() throws IOException {
        TotemConsole console = console(Duration.ofMillis(1), SOON);
        try {
            for (int i = 0; i < 200; i++) {
                RawHttp.to(console.address(), 0).say(EVENTS).abort();
            }

            await(() -> isAdmitted(console.address()));
        } finally {
            console.close().block(SOON);
        }
    }

    @Test
    void whoDoesNotReadIsCutOff() throws IOException {
        TotemConsole console = console(Duration.ofMillis(1), Duration.ofMillis(300));
        try (RawHttp first = RawHttp.to(console.address(), 4_096).say(EVENTS);
                RawHttp second = RawHttp.to(console.address(), 4_096).say(EVENTS)) {
            first.read();
            second.read();

            await(() -> isAdmitted(console.address()));
        } finally {
            console.close().block(SOON);
        }
    }

    @Test
    void whoAsksForNothingIsCutOff() throws IOException {
        TotemConsole console = console(Duration.ofMillis(20), Duration.ofMillis(200));
        try (RawHttp mute = RawHttp.to(console.address(), 0);
                RawHttp slow = RawHttp.to(console.address(), 0).say("GET /status HTTP/1.1", "Host: localhost");
                RawHttp half = RawHttp.to(console.address(), 0)) {
            half.say("GET /status HTTP/1.1\r\nHost:");

            assertThat(mute.all()).isEmpty();
            assertThat(slow.all()).startsWith("HTTP/1.1 200 ");
            half.all();
        } finally {
            console.close().block(SOON);
        }
    }

    @Test
    void connectionsAreBounded() throws IOException {
        TotemConsole console = console(Duration.ofMillis(20), SOON);
        List<RawHttp> open = new ArrayList<>();
        try {
            for (int i = 0; i < 2 + 16; i++) {
                RawHttp raw = RawHttp.to(console.address(), 0).say("GET /status HTTP/1.1", "Host: localhost");
                open.add(raw);
                assertThat(raw.read()).isEqualTo('H');
            }
            try (RawHttp tooMany = RawHttp.to(console.address(), 0)) {
                assertThat(tooMany.read()).isEqualTo(-1);
            }
            open.get(0).close();
            await(() -> isAdmitted(console.address()));
        } finally {
            for (RawHttp raw : open) {
                raw.close();
            }
            console.close().block(SOON);
        }
    }

    /** Reactor Netty does not subscribe to the body of an answer whose connection has gone meanwhile. */
    @Test
    @SuppressWarnings("FutureReturnValueIgnored")
    void aPlaceIsFreeAgainAlsoIfTheAnswerIsNeverSubscribedTo() throws Exception {
        ReaderPlaces places = new ReaderPlaces(1);
        CountDownLatch handled = new CountDownLatch(1);
        StatusDocument status =
                new StatusDocument(ring.node(1), new SeenChanges(System::currentTimeMillis), System::currentTimeMillis);
        StatusEvents events = new StatusEvents(ring.node(1), status, Duration.ofSeconds(1), Schedulers.parallel());
        Routes routes = new Routes(new HostNames(java.util.Set.of()), places);
        routes.show(new Routes.Shown(ring.node(1), status, events));
        DisposableServer server = HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .handle((request, response) -> {
                    request.withConnection(connection -> connection.dispose());
                    try {
                        return routes.answer(request, response);
                    } finally {
                        handled.countDown();
                    }
                })
                .bindNow(SOON);
        try (RawHttp raw = RawHttp.to((InetSocketAddress) server.address(), 0)) {
            raw.say(EVENTS);

            assertThat(handled.await(SOON.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
            await(() -> places.taken() == 0);
        } finally {
            server.disposeNow(SOON);
        }
    }
}
