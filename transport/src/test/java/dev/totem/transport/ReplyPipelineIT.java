/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.Delivery;
import dev.totem.core.EvsHandle;
import dev.totem.core.GroupName;
import dev.totem.core.Guarantee;
import dev.totem.core.Message;
import dev.totem.core.Position;
import dev.totem.core.Settings;
import dev.totem.core.Statistics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Three real nodes under more load than those can bear who reply to each message before they take the next. */
class ReplyPipelineIT {

    private static final Duration LIMIT = LoopbackNodes.LIMIT;
    private static final int TENTHS = 60;

    /** Progress must not stop for longer than this many tenths of a second, half the stall limit. */
    private static final int PAUSE_TENTHS_MAX = 20;

    @TempDir
    Path directory;

    private final AtomicReference<Throwable> error = new AtomicReference<>();

    private enum Variant {
        CONCAT_MAP,
        FLAT_MAP,
        SECOND_HANDLE,
        THREE_NODES,
        SAFE
    }

    private AtomicLong reply(LoopbackNodes nodes, int id, Variant variant, Disposable.Composite all) {
        EvsHandle handle = nodes.node(id).openHandle();
        handle.join("requests").block(LIMIT);
        EvsHandle by = variant == Variant.SECOND_HANDLE ? nodes.node(id).openHandle() : handle;
        Guarantee guarantee = variant == Variant.SAFE ? Guarantee.SAFE : Guarantee.AGREED;
        Function<Delivery, Mono<Position>> reply =
                request -> by.send(new Message(List.of(GroupName.of("replies")), guarantee, request.payload()));
        Flux<Delivery> requests = handle.deliveries();
        AtomicLong replies = new AtomicLong();
        all.add((variant == Variant.FLAT_MAP ? requests.flatMap(reply) : requests.concatMap(reply))
                .subscribe(position -> replies.incrementAndGet(), error::set));
        return replies;
    }

    @ParameterizedTest
    @EnumSource
    void repliesGoOnUnderLoadAndNobodyIsEnded(Variant variant) {
        Disposable.Composite all = Disposables.composite();
        try (LoopbackNodes nodes = new LoopbackNodes(
                directory,
                1,
                3,
                config -> config.set(Settings.SUBSCRIBER_EVENTS, 1_024)
                        .set(Settings.STALL_LIMIT, Duration.ofSeconds(4)))) {
            nodes.start().block(LIMIT);
            List<AtomicLong> replies = new ArrayList<>();
            for (int id : variant == Variant.THREE_NODES ? new int[] {1, 2, 3} : new int[] {2}) {
                replies.add(reply(nodes, id, variant, all));
            }
            EvsHandle reader = nodes.node(3).openHandle();
            reader.join("replies").block(LIMIT);
            AtomicLong read = new AtomicLong();
            all.add(reader.deliveries().subscribe(delivery -> read.incrementAndGet(), error::set));
            AtomicLong requested = new AtomicLong();
            all.add(nodes.node(1)
                    .openHandle()
                    .sendAll(Flux.generate(
                            sink -> sink.next(Message.to("requests").payload(new byte[200]))))
                    .subscribe(position -> requested.incrementAndGet(), error::set));
            List<AtomicLong> progress =
                    Stream.concat(replies.stream(), Stream.of(read)).toList();

            int longest = longestPause(progress);

            assertThat(error.get()).isNull();
            assertThat(longest).as("tenths of a second without progress").isLessThan(PAUSE_TENTHS_MAX);
            System.out.println(variant + ": replies " + replies + ", read " + read + ", requests " + requested
                    + ", longest pause " + longest + " tenths, delivery bytes "
                    + nodes.node(2).stats().get(Statistics.DELIVERY_BYTES));
            assertThat(requested.get()).isPositive();
            all.dispose();
        }
    }

    private static int longestPause(List<AtomicLong> progress) {
        long[] last = new long[progress.size()];
        int[] pause = new int[progress.size()];
        int[] longest = {0};
        Flux.interval(Duration.ofMillis(100))
                .take(TENTHS)
                .doOnNext(tick -> {
                    for (int i = 0; i < last.length; i++) {
                        long now = progress.get(i).get();
                        pause[i] = now == last[i] ? pause[i] + 1 : 0;
                        longest[0] = Math.max(longest[0], pause[i]);
                        last[i] = now;
                    }
                })
                .blockLast(LIMIT);
        return longest[0];
    }
}
