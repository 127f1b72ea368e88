/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.spi.RingSequenceStore;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** What every {@link RingSequenceStore} does. */
abstract class RingSequenceStoreContract {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    /** The store of a new life, which finds what the one before has left. */
    abstract RingSequenceStore reopened();

    @Test
    void holdsZeroBeforeAnything() {
        assertThat(reopened().load().block(LIMIT)).isZero();
    }

    @Test
    void theNextLifeFindsTheBoundThatWasStoredLast() {
        RingSequenceStore store = reopened();
        store.store(4).block(LIMIT);
        store.store(Long.MAX_VALUE - 4).block(LIMIT);

        assertThat(store.load().block(LIMIT)).isEqualTo(Long.MAX_VALUE - 4);
        assertThat(reopened().load().block(LIMIT)).isEqualTo(Long.MAX_VALUE - 4);
    }

    @Test
    void doesNothingBeforeItIsSubscribedAndEverythingEachTime() {
        RingSequenceStore store = reopened();
        Mono<Void> write = store.store(8);
        Mono<Long> read = store.load();
        assertThat(read.block(LIMIT)).isZero();

        write.block(LIMIT);
        assertThat(read.block(LIMIT)).isEqualTo(8);
        store.store(12).block(LIMIT);
        write.block(LIMIT);

        assertThat(read.block(LIMIT)).isEqualTo(8);
    }

    @Test
    @Timeout(30)
    void doesNotBlockWhoeverSubscribes() {
        RingSequenceStore store = reopened();

        // Where blocking is not allowed, a blocking call of the store itself would be refused by Reactor.
        Long read = Mono.defer(() -> store.store(4).then(store.load()))
                .subscribeOn(Schedulers.parallel())
                .block(LIMIT);

        assertThat(read).isEqualTo(4);
    }
}
