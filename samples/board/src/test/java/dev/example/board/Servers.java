/* SPDX-License-Identifier: Apache-2.0 */
package dev.example.board;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/** Servers of other processes: a page that is opened before its server is there is one of the browser. */
final class Servers {

    private Servers() {}

    static void await(String host, int port, int secondsMax) {
        Flux.interval(Duration.ZERO, Duration.ofMillis(100))
                .onBackpressureDrop()
                .publishOn(Schedulers.boundedElastic(), 1)
                .filter(tick -> isThere(host, port))
                .next()
                .block(Duration.ofSeconds(secondsMax));
    }

    private static boolean isThere(String host, int port) {
        try (Socket open = new Socket(host, port)) {
            return open.isConnected();
        } catch (IOException refused) {
            return false;
        }
    }
}
