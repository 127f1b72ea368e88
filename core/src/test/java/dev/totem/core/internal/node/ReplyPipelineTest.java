/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.Delivery;
import dev.totem.core.EvsHandle;
import dev.totem.core.GroupName;
import dev.totem.core.Guarantee;
import dev.totem.core.Message;
import dev.totem.core.Position;
import dev.totem.core.Settings;
import dev.totem.core.Statistics;
import dev.totem.core.internal.settings.NodeSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Subscribers that take the next event when their own send came back, under more load than they can bear. */
class ReplyPipelineTest {

    private static final Duration STALL = Duration.ofSeconds(2);
    private static final NodeSettings CONFIG = NodeSettings.defaults()
            .with(Settings.TOKEN, Duration.ofMillis(200))
            .with(Settings.WINDOW_SIZE, 32)
            .with(Settings.SUBSCRIBER_EVENTS, 64)
            .with(Settings.STALL_LIMIT, STALL);

    private final StepWorld world = new StepWorld();

    private enum Variant {
        CONCAT_MAP,
        FLAT_MAP,
        SECOND_HANDLE,
        THREE_NODES,
        SAFE
    }

    private Log<Position> reply(StepMember member, Variant variant) {
        EvsHandle handle = member.node.openHandle(world.users);
        new Log<Void>().follow(handle.join("requests").then());
        EvsHandle by = variant == Variant.SECOND_HANDLE ? member.node.openHandle(world.users) : handle;
        Guarantee guarantee = variant == Variant.SAFE ? Guarantee.SAFE : Guarantee.AGREED;
        Function<Delivery, Mono<Position>> reply =
                request -> by.send(new Message(List.of(GroupName.of("g")), guarantee, request.payload()));
        Flux<Delivery> requests = handle.deliveries();
        return new Log<Position>()
                .follow(variant == Variant.FLAT_MAP ? requests.flatMap(reply, 16) : requests.concatMap(reply));
    }

    @ParameterizedTest
    @EnumSource
    void repliesGoOnForEverAtASteadyRate(Variant variant) {
        List<StepMember> ring = StepMember.ring(world, 3, CONFIG);
        List<Log<Position>> replies = new ArrayList<>();
        for (StepMember member : variant == Variant.THREE_NODES ? ring : ring.subList(1, 2)) {
            replies.add(reply(member, variant));
        }
        world.run(Duration.ofMillis(20));
        Log<Position> load = new Log<Position>()
                .follow(ring.get(0)
                        .handle
                        .sendAll(Flux.generate(
                                sink -> sink.next(Message.to("requests").payload(new byte[200])))));

        for (int second = 0; second < 10; second++) {
            List<Integer> before =
                    replies.stream().map(log -> log.values.size()).toList();
            int ordered = load.values.size();
            world.run(Duration.ofSeconds(1));

            for (int i = 0; i < replies.size(); i++) {
                assertThat(replies.get(i).error).isNull();
                assertThat(replies.get(i).values.size() - before.get(i))
                        .as("replies of %d in second %d", i, second)
                        .isGreaterThan(100);
            }
            assertThat(load.values.size()).as("requests in second %d", second).isGreaterThan(ordered);
            ring.forEach(member -> assertThat(member.node.stats().get(Statistics.DELIVERY_BYTES))
                    .isLessThan(2_000_000L));
        }
    }

    @Test
    void aSubscriberThatTakesAnEventNowAndThenIsNeverEnded() {
        List<StepMember> ring = StepMember.ring(world, 2, CONFIG);
        EvsHandle handle = ring.get(1).node.openHandle(world.users);
        new Log<Void>().follow(handle.join("requests").then());
        Flux<Object> soonEnough =
                Flux.create(sink -> world.at(STALL.minusMillis(100).toNanos(), sink::complete));
        Log<Object> slow = new Log<>().follow(handle.deliveries().concatMap(delivery -> soonEnough.startWith(1), 1));
        world.run(Duration.ofMillis(20));
        new Log<Position>()
                .follow(ring.get(0)
                        .handle
                        .sendAll(Flux.generate(
                                sink -> sink.next(Message.to("requests").payload(new byte[200])))));

        world.run(STALL.multipliedBy(20));

        assertThat(slow.error).isNull();
        assertThat(slow.values).hasSizeGreaterThan(15);
    }
}
