/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/** A start that waits until this host has the address that is to be bound. */
final class Awaiting {

    private static final Logger LOG = LoggerFactory.getLogger("dev.totem.transport.link");

    private static final Duration PAUSE = Duration.ofMillis(500);

    private Awaiting() {}

    /**
     * Tries again and again, and says so once; completes without a node when none is wanted any more.
     *
     * @param attempt runs where it may block
     */
    static <T> Mono<T> of(Mono<T> attempt, BooleanSupplier isWanted) {
        return Mono.defer(() -> {
            boolean[] isSaid = {false};
            return attempt.materialize()
                    .repeatWhen(tries -> tries.concatMap(count -> Mono.delay(PAUSE), 1))
                    .filter(signal -> {
                        Throwable failure = signal.getThrowable();
                        if (failure instanceof AwaitedAddressException && !isSaid[0]) {
                            isSaid[0] = true;
                            LOG.warn("{}", failure.getMessage());
                        }
                        return !(failure instanceof AwaitedAddressException) || !isWanted.getAsBoolean();
                    })
                    .next()
                    .filter(signal -> !(signal.getThrowable() instanceof AwaitedAddressException))
                    .dematerialize();
        });
    }
}
