/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.totem.core.ConfigChange;
import dev.totem.core.Delivery;
import dev.totem.core.EvsEvent;
import dev.totem.core.EvsHandle;
import dev.totem.core.GroupChange;
import dev.totem.core.GroupMember;
import dev.totem.core.GroupName;
import dev.totem.core.Message;
import dev.totem.core.NodeClosedException;
import dev.totem.core.NodeId;
import dev.totem.core.NotJoinedException;
import dev.totem.core.OverflowPolicy;
import dev.totem.core.Position;
import dev.totem.core.SendFailedException;
import dev.totem.core.SlowSubscriberException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

/** What an {@link EvsHandle} promises, whoever made it: of a node in this process, or at an executive. */
abstract class HandleContract extends SendContract {

    @Test
    void eventsBeginWithTheConfigurationAndTheGroupsAndComeAsTheyAreRequested() throws Exception {
        EvsHandle one = joined(1, "g");
        one.watch("w").block(SOON);

        StepVerifier.create(one.events(), 0)
                .expectSubscription()
                .expectNoEvent(A_WHILE)
                .thenRequest(1)
                .assertNext(event -> assertThat(event).isInstanceOfSatisfying(ConfigChange.class, change -> {
                    assertThat(change.isRegular()).isTrue();
                    assertThat(change.members()).containsExactly(NodeId.of(1), NodeId.of(2));
                    assertThat(change.joined()).isEmpty();
                }))
                .expectNoEvent(A_WHILE)
                .thenRequest(2)
                .expectNextMatches(GroupChange.class::isInstance)
                .expectNextMatches(GroupChange.class::isInstance)
                .then(() -> one.send(text("g", "text")).subscribe())
                .expectNoEvent(A_WHILE)
                .thenRequest(5)
                .expectNextMatches(event ->
                        event instanceof Delivery delivery && text(delivery).equals("text"))
                .then(() -> one.close().subscribe())
                .thenConsumeWhile(GroupChange.class::isInstance)
                .expectComplete()
                .verify(SOON);
    }

    @Test
    void joinAndLeaveAreOrderedAndExact() throws Exception {
        EvsHandle one = open(1);
        EvsHandle two = joined(2, "always");
        List<Delivery> seen = follow(one, Delivery.class);
        List<Delivery> all = follow(two, Delivery.class);

        two.send(Message.to("g", "always").payload(new byte[] {0})).block(SOON);
        Position in = one.join("g").block(SOON);
        two.send(Message.to("g", "always").payload(new byte[] {1})).block(SOON);
        Position out = one.leave("g").block(SOON);
        two.send(Message.to("g", "always").payload(new byte[] {2})).block(SOON);
        await(() -> all.size() == 3);

        assertThat(seen).containsExactly(all.get(1));
        assertThat(all.get(0).position()).isLessThan(in);
        assertThat(all.get(1).position()).isBetween(in, out);
        assertThat(all.get(2).position()).isGreaterThan(out);
        assertThat(one.groups()).isEmpty();
        assertThatThrownBy(() -> one.leave("g").block(SOON)).isInstanceOf(NotJoinedException.class);
        assertThat(one.join(List.of()).blockOptional(SOON)).isEmpty();
    }

    @Test
    void groupChangesSayWhoIsThere() throws Exception {
        EvsHandle one = openNamed(1, "first");
        EvsHandle two = openNamed(2, "second");
        EvsHandle watcher = open(1);
        List<GroupChange> changes = follow(watcher, GroupChange.class);
        one.join("g").block(SOON);
        watcher.watch("g").block(SOON);
        two.join("g").block(SOON);
        one.leave("g").block(SOON);
        two.close().block(SOON);
        await(() -> changes.size() == 4);

        GroupMember first = new GroupMember(one.id(), java.util.Optional.of("first"));
        GroupMember second = new GroupMember(two.id(), java.util.Optional.of("second"));
        assertThat(changes)
                .extracting(GroupChange::members)
                .containsExactly(List.of(first), List.of(first, second), List.of(second), List.of());
        assertThat(changes)
                .extracting(GroupChange::reason)
                .endsWith(GroupChange.Reason.JOINED, GroupChange.Reason.LEFT, GroupChange.Reason.CLOSED);
        assertThat(changes.get(1).joined()).containsExactly(second);
        watcher.unwatch("g").block(SOON);
        assertThat(watcher.members("g")).isEmpty();
    }

    @Test
    void membersAreKnownWithAndWithoutASubscriber() throws Exception {
        EvsHandle one = joined(1, "g");
        EvsHandle two = joined(2, "g");
        await(() -> one.members("g").size() == 2);
        assertThat(one.members("g")).extracting(GroupMember::id).containsExactly(one.id(), two.id());
        assertThat(one.members("other")).isEmpty();

        AtomicReference<List<GroupMember>> whenGiven = new AtomicReference<>(List.of());
        two.groupChanges().subscribe(change -> whenGiven.set(two.members("g")));
        await(() -> whenGiven.get().size() == 2);
        one.leave("g").block(SOON);
        await(() -> whenGiven.get().size() == 1);
        assertThat(whenGiven.get()).extracting(GroupMember::id).containsExactly(two.id());
    }

    @Test
    void theConfigurationChangesInTheOrder() throws Exception {
        EvsHandle one = joined(1, "g");
        List<EvsEvent> events = follow(one, EvsEvent.class);
        one.send(text("g", "before")).block(SOON);
        ring.crash(2);
        ring.awaitRing(1).block(SOON);
        one.send(text("g", "after")).block(SOON);
        await(() -> events.stream().anyMatch(e -> e instanceof Delivery d && text(d).equals("after")));

        List<EvsEvent> interesting = events.stream()
                .filter(event -> !(event instanceof GroupChange))
                .collect(Collectors.toCollection(ArrayList::new));
        assertThat(interesting.remove(0)).isInstanceOf(ConfigChange.class);
        assertThat(interesting.get(0)).isInstanceOf(Delivery.class);
        assertThat(interesting.get(1)).isInstanceOfSatisfying(ConfigChange.class, change -> {
            assertThat(change.isRegular()).isFalse();
            assertThat(change.left()).containsExactly(NodeId.of(2));
        });
        assertThat(interesting.get(interesting.size() - 2)).isInstanceOfSatisfying(ConfigChange.class, change -> {
            assertThat(change.isRegular()).isTrue();
            assertThat(change.members()).containsExactly(NodeId.of(1));
        });
    }

    @Test
    void closingOrdersWhatWasAcceptedAndCompletesTheStreams() throws Exception {
        EvsHandle one = joined(1, "g");
        EvsHandle two = joined(2, "g");
        List<Delivery> seen = follow(two, Delivery.class);
        List<String> ends = new CopyOnWriteArrayList<>();
        one.events().subscribe(event -> {}, failed -> ends.add("failed"), () -> ends.add("complete"));
        List<Position> sent = new CopyOnWriteArrayList<>();
        for (int i = 0; i < 50; i++) {
            one.send(text("g", "m" + i)).subscribe(sent::add);
        }
        one.close().block(SOON);
        one.close().block(SOON);

        assertThat(one.isDisposed()).isTrue();
        await(() -> !ends.isEmpty() && seen.size() == 50 && sent.size() == 50);
        assertThat(ends).containsExactly("complete");
        await(() -> two.members("g").size() == 1);
        assertThatThrownBy(() -> one.send(text("g", "late")).block(SOON)).isInstanceOf(SendFailedException.class);
        assertThatThrownBy(() -> one.join("g").block(SOON)).isInstanceOf(NodeClosedException.class);
        assertThatThrownBy(() -> one.events().blockFirst(SOON)).isInstanceOf(NodeClosedException.class);
    }

    @Test
    void whatWasNotTakenWhenTheHandleClosedCanBeTakenLater() throws Exception {
        EvsHandle one = joined(1, "g");
        StepVerifier.create(one.events().ofType(Delivery.class), 1)
                .expectSubscription()
                .expectNoEvent(A_WHILE)
                .then(() -> one.sendAll(Flux.range(0, 10).map(i -> text("g", "m" + i)))
                        .then(one.close())
                        .block(SOON))
                .expectNextCount(1)
                .expectNoEvent(A_WHILE)
                .thenRequest(4)
                .expectNextCount(4)
                .expectNoEvent(A_WHILE)
                .thenRequest(6)
                .expectNextCount(5)
                .expectComplete()
                .verify(SOON);
    }

    @Test
    void whoCancelsMaySubscribeAgain() throws Exception {
        EvsHandle one = joined(1, "g");
        List<Delivery> first = new CopyOnWriteArrayList<>();
        var subscription = one.deliveries().subscribe(first::add);
        one.send(text("g", "a")).block(SOON);
        subscription.dispose();
        one.send(text("g", "b")).block(SOON);
        List<Delivery> second = follow(one, Delivery.class);
        one.send(text("g", "c")).block(SOON);
        await(() -> !second.isEmpty());

        assertThat(first.stream().map(HandleFixture::text)).isEqualTo(List.of("a"));
        assertThat(second.stream().map(HandleFixture::text)).containsOnly("c");
    }

    /** Requests what the test says, and nothing else. */
    private static final class Reluctant extends BaseSubscriber<EvsEvent> {

        final AtomicLong seen = new AtomicLong();
        final AtomicReference<Throwable> error = new AtomicReference<>();

        @Override
        protected void hookOnSubscribe(Subscription subscription) {}

        @Override
        protected void hookOnNext(EvsEvent event) {
            seen.incrementAndGet();
        }

        @Override
        protected void hookOnError(Throwable reason) {
            error.set(reason);
        }
    }

    @Test
    void whoAsksForNothingHoldsTheRingBackUntilTheStallLimitAndNoLonger() throws Exception {
        EvsHandle slow = joined(1, "g");
        Reluctant reluctant = new Reluctant();
        slow.events().subscribe(reluctant);
        EvsHandle other = joined(1, "g");
        List<Delivery> seen = follow(other, Delivery.class);
        EvsHandle sender = joined(2, "g");

        sender.sendAll(Flux.range(0, 3_000).map(i -> Message.to("g").payload(new byte[1_000])))
                .then()
                .block(SOON);
        await(() -> reluctant.error.get() != null && seen.size() == 3_000);

        assertThat(reluctant.error.get()).isInstanceOfSatisfying(SlowSubscriberException.class, slowness -> {
            assertThat(slowness.lag()).isGreaterThanOrEqualTo(64);
            assertThat(slowness).hasMessageContaining("stall-limit");
        });
        assertThat(reluctant.seen).hasValue(0);
    }

    @Test
    void whoSaysFailIsEndedAtOnceAndHoldsNobodyBack() throws Exception {
        EvsHandle slow = joined(1, "g");
        Reluctant reluctant = new Reluctant();
        slow.events(OverflowPolicy.FAIL).subscribe(reluctant);
        EvsHandle sender = joined(2, "g");
        sender.sendAll(Flux.range(0, 500).map(i -> Message.to("g").payload(new byte[100])))
                .then()
                .block(SOON);
        await(() -> reluctant.error.get() != null);

        assertThat(reluctant.error.get()).isInstanceOf(SlowSubscriberException.class);
    }

    @Test
    void blockingInACallbackForTheSameHandleIsRefused() throws Exception {
        Scheduler single = Schedulers.newSingle("blocking");
        try {
            EvsHandle one = open(1, single);
            one.join("g").block(SOON);
            AtomicReference<Throwable> ofSend = new AtomicReference<>();
            AtomicReference<Throwable> ofJoin = new AtomicReference<>();
            one.deliveries().subscribe(delivery -> {
                ofSend.set(caught(() -> one.send(text("g", "again")).block(SOON)));
                ofJoin.set(caught(() -> one.join("h").block(SOON)));
            });
            one.send(text("g", "first")).block(SOON);
            await(() -> ofJoin.get() != null);

            assertThat(ofSend.get()).isNotNull();
            assertThat(ofJoin.get()).isInstanceOf(IllegalStateException.class);
        } finally {
            single.dispose();
        }
    }

    private static Throwable caught(Runnable call) {
        try {
            call.run();
            return null;
        } catch (RuntimeException thrown) {
            return thrown;
        }
    }

    @Test
    void aSubscriberThatThrowsCostsItselfOnly() throws Exception {
        EvsHandle one = joined(1, "g");
        one.deliveries().subscribe(new BaseSubscriber<>() {
            @Override
            protected void hookOnNext(Delivery delivery) {
                throw new IllegalStateException("on purpose");
            }

            @Override
            protected void hookOnError(Throwable reason) {}
        });
        List<Delivery> seen = follow(one, Delivery.class);
        one.send(text("g", "a")).block(SOON);
        one.send(text("g", "b")).block(SOON);
        await(() -> seen.size() == 2);
    }

    @Test
    void namesOfGroupsAreKnownAtOnce() throws Exception {
        EvsHandle one = open(1);
        one.join("a", "b").block(SOON);
        assertThat(one.groups()).containsExactlyInAnyOrder(GroupName.of("a"), GroupName.of("b"));
        assertThat(one.id().node()).isEqualTo(NodeId.of(1));
    }
}
