/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.Delivery;
import dev.totem.core.EvsEvent;
import dev.totem.core.EvsHandle;
import dev.totem.core.GroupName;
import dev.totem.core.Message;
import dev.totem.core.Position;
import dev.totem.core.Settings;
import dev.totem.core.Statistics;
import dev.totem.core.internal.settings.NodeSettings;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/** A thousand handles of one node, and many subscriptions that come and go: {@code -Dtotem.subscriptions=100000} for more. */
class ManyHandlesTest {

    private static final int SUBSCRIPTIONS = Integer.getInteger("totem.subscriptions", 10_000);
    private static final long LIMIT_SECONDS = Math.max(180, SUBSCRIPTIONS / 50);

    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int GROUPS = 50;
    private static final NodeSettings CONFIG = NodeSettings.defaults().with(Settings.TOKEN, Duration.ofMillis(200));

    private final StepWorld world = new StepWorld();

    /** A handle in one group, and what it saw. */
    private record User(String group, EvsHandle handle, Log<EvsEvent> log) {

        static User open(StepMember member, StepWorld world, int number) {
            EvsHandle handle = member.node.openHandle(world.users);
            String group = "s" + number % GROUPS;
            Log<EvsEvent> log = new Log<EvsEvent>().follow(handle.events());
            new Log<Void>().follow(handle.join(group).then());
            return new User(group, handle, log);
        }

        List<Delivery> deliveries() {
            return log.values.stream()
                    .filter(Delivery.class::isInstance)
                    .map(Delivery.class::cast)
                    .toList();
        }
    }

    @Test
    void aThousandHandlesOpenJoinSendLeaveAndCloseUnderLoad() {
        List<StepMember> ring = StepMember.ring(world, 2, CONFIG);
        StepMember busy = ring.get(1);
        String[] others = IntStream.range(1, GROUPS).mapToObj(i -> "s" + i).toArray(String[]::new);
        new Log<Void>().follow(busy.handle.join("s0", others).then());
        world.run(Duration.ofMillis(5));
        Log<Position> load = new Log<Position>()
                .follow(ring.get(0)
                        .handle
                        .sendAll(Flux.range(0, 5_000)
                                .map(i -> Message.to("s" + i % GROUPS).payload(new byte[100]))));
        Random random = new Random(3);
        List<User> open = new ArrayList<>();
        List<User> all = new ArrayList<>();
        List<Log<Position>> sends = new ArrayList<>();
        List<Log<Void>> closes = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            User user = User.open(busy, world, i);
            open.add(user);
            all.add(user);
        }
        for (int i = 0; i < 300; i++) {
            world.run(Duration.ofMillis(1));
            User user = open.remove(random.nextInt(open.size()));
            sends.add(new Log<Position>().follow(user.handle.send(new byte[] {1})));
            if (i % 3 == 0) {
                closes.add(new Log<Void>().follow(user.handle.close()));
            } else {
                closes.add(new Log<Void>().follow(user.handle.leave(user.group).then()));
            }
            User next = User.open(busy, world, random.nextInt(GROUPS));
            open.add(next);
            all.add(next);
        }
        assertThat(world.runUntil(() -> load.isComplete && closes.stream().allMatch(Log::hasEnded), SOON))
                .isTrue();
        assertThat(world.runUntil(() -> sends.stream().allMatch(Log::hasEnded), SOON))
                .isTrue();
        world.run(Duration.ofMillis(100));

        assertThat(sends).allMatch(send -> send.values.size() == 1);
        assertThat(closes).allMatch(close -> close.isComplete);
        assertThat(busy.deliveries()).hasSize(5_300);
        for (User user : all) {
            List<Delivery> wanted = busy.deliveries().stream()
                    .filter(delivery -> delivery.groups().contains(GroupName.of(user.group)))
                    .toList();
            List<Delivery> seen = user.deliveries();
            if (!seen.isEmpty()) {
                int from = wanted.indexOf(seen.get(0));
                assertThat(seen).isEqualTo(wanted.subList(from, from + seen.size()));
            }
        }
        for (User user : open) {
            assertThat(user.log.values).isNotEmpty();
            assertThat(user.log.hasEnded()).isFalse();
        }
        Log<Void> left = new Log<>();
        left.follow(busy.node.leave());
        assertThat(world.runUntil(() -> open.stream().allMatch(user -> user.log.isComplete), SOON))
                .isTrue();
    }

    @Test
    void subscriptionsComeAndGoUnderLoadWithoutALostOrDoubledEvent() throws Exception {
        LiveNode live = new LiveNode(CONFIG);
        EvsHandle handle = live.node.openHandle();
        handle.join("g").block(LiveNode.LIMIT);
        AtomicInteger counter = new AtomicInteger();
        Disposable load = handle.sendAll(Flux.<Message>generate(sink ->
                                sink.next(Message.of(ByteBuffer.allocate(50).putInt(0, counter.getAndIncrement()))))
                        .limitRate(64))
                .onErrorComplete()
                .subscribe();
        int threads = 4;
        int each = SUBSCRIPTIONS / threads;
        CountDownLatch done = new CountDownLatch(threads);
        List<String> wrong = new CopyOnWriteArrayList<>();
        for (int thread = 0; thread < threads; thread++) {
            EvsHandle reader = thread % 2 == 0 ? handle : live.node.openHandle();
            reader.join("g").block(LiveNode.LIMIT);
            int take = 1 + thread;
            Flux.defer(() -> reader.events().take(take + 1).collectList().flux())
                    .repeat(each - 1)
                    .publishOn(Schedulers.boundedElastic())
                    .doOnNext(events -> check(events, wrong))
                    .doFinally(signal -> done.countDown())
                    .subscribe(events -> {}, error -> wrong.add(String.valueOf(error)));
        }

        assertThat(done.await(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
        load.dispose();

        assertThat(wrong).isEmpty();
        handle.send(Message.to("nobody"))
                .repeat(() -> live.node.stats().get(Statistics.DELIVERY_BYTES) > 0)
                .blockLast(LiveNode.LIMIT);
        long delivered = live.node.stats().get(Statistics.EVENTS_DELIVERED);
        handle.send(new byte[] {1, 2, 3, 4}).block(LiveNode.LIMIT);
        assertThat(live.node.stats().messages().eventsDelivered()).isEqualTo(delivered);
        assertThat(live.node.stats().memory().deliveryBytes()).isZero();
        live.close();
    }

    /** First the current configuration, then messages without a gap, whatever changes of configuration a slow machine adds. */
    private static void check(List<EvsEvent> events, List<String> wrong) {
        List<Integer> numbers = events.stream()
                .filter(Delivery.class::isInstance)
                .map(event -> ByteBuffer.wrap(((Delivery) event).payload()).getInt())
                .toList();
        List<Integer> expected = IntStream.range(0, numbers.size())
                .map(i -> numbers.get(0) + i)
                .boxed()
                .toList();
        if (events.get(0) instanceof Delivery || !numbers.equals(expected)) {
            wrong.add(events.toString());
        }
    }
}
