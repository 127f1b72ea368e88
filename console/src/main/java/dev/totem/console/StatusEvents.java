/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.console;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.totem.core.TotemNode;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** The status as server-sent events. Made once a period, whatever the number of readers; nothing is made for none. Any thread. */
final class StatusEvents {

    /** Of one reader; one that has more waiting is ended. */
    private static final int WAITING_MAX = 4;

    private static final byte[] BEGIN = "event: status\ndata: ".getBytes(US_ASCII);
    private static final byte[] END = "\n\n".getBytes(US_ASCII);

    private final StatusDocument document;
    private final Flux<byte[]> later;

    StatusEvents(TotemNode node, StatusDocument document, Duration period, Scheduler scheduler) {
        this.document = document;
        this.later = Flux.interval(period, scheduler)
                .onBackpressureDrop()
                .concatMap(tick -> event(), 0)
                .takeUntilOther(node.onClose().onErrorComplete())
                .concatWith(event())
                .publish()
                .refCount();
    }

    /**
     * One event at once and then one each period, the last when the node has ended; completes then, and for a reader that does not
     * keep up. Cold; any number of subscribers.
     */
    Flux<byte[]> stream() {
        return Flux.concat(event(), later.onBackpressureBuffer(WAITING_MAX).onErrorComplete());
    }

    private Mono<byte[]> event() {
        return document.render().map(StatusEvents::event);
    }

    private static byte[] event(byte[] status) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(BEGIN);
        bytes.writeBytes(status);
        bytes.writeBytes(END);
        return bytes.toByteArray();
    }
}
