/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

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
import dev.totem.core.Settings;
import dev.totem.core.SlowSubscriberException;
import dev.totem.testkit.TestRing;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.publisher.PublisherProbe;

/** What an {@link EvsHandle} promises, whoever made it: of a node in this process, or at an executive. */
abstract class HandleContract {

    static final Duration SOON = Duration.ofSeconds(20);
    private static final Duration A_WHILE = Duration.ofMillis(300);
    static final Duration STALL = Duration.ofMillis(1_500);

    TestRing ring;

    /** A handle of the node with this number. */
    abstract EvsHandle open(int node, Scheduler scheduler) throws Exception;

    /** A handle with a name. */
    abstract EvsHandle openNamed(int node, String name) throws Exception;

    private EvsHandle open(int node) throws Exception {
        return open(node, Schedulers.parallel());
    }

    private EvsHandle joined(int node, String group) throws Exception {
        EvsHandle handle = open(node);
        handle.join(group).block(SOON);
        return handle;
    }

    @BeforeEach
    void formsARing() {
        ring = TestRing.of(
                2,
                settings -> settings.set(Settings.QUORUM, "majority:2")
                        .set(Settings.SUBSCRIBER_EVENTS, 64)
                        .set(Settings.WINDOW_SIZE, 32)
                        .set(Settings.STALL_LIMIT, STALL));
        ring.awaitOneRing().block(SOON);
    }

    @AfterEach
    void ends() {
        ring.close();
    }

    private static Message text(String group, String text) {
        return Message.to(group).payload(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(Delivery delivery) {
        return new String(delivery.payload(), StandardCharsets.UTF_8);
    }

    /** What a handle is shown of this kind from now on, in a list that grows; the first event of all has come. */
    private static <T extends EvsEvent> List<T> follow(EvsHandle handle, Class<T> kind) {
        List<T> seen = new CopyOnWriteArrayList<>();
        CountDownLatch begun = new CountDownLatch(1);
        handle.events().doOnNext(first -> begun.countDown()).ofType(kind).subscribe(seen::add, failed -> {});
        try {
            assertThat(begun.await(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
        return seen;
    }

    static void await(java.util.function.BooleanSupplier condition) {
        Flux.interval(Duration.ofMillis(5))
                .takeUntil(tick -> condition.getAsBoolean())
                .blockLast(SOON);
    }

    @Test
    void allSeeTheSameMessagesInTheSameOrderAtTheSamePositions() throws Exception {
        EvsHandle one = joined(1, "g");
        EvsHandle two = joined(2, "g");
        List<Delivery> atOne = follow(one, Delivery.class);
        List<Delivery> atTwo = follow(two, Delivery.class);

        Mono<List<Position>> fromOne =
                one.sendAll(Flux.range(0, 500).map(i -> text("g", "one" + i))).collectList();
        Mono<List<Position>> fromTwo =
                two.sendAll(Flux.range(0, 500).map(i -> text("g", "two" + i))).collectList();
        var positions = Mono.zip(fromOne, fromTwo).block(SOON);
        await(() -> atOne.size() == 1_000 && atTwo.size() == 1_000);

        assertThat(atOne).isEqualTo(atTwo);
        assertThat(atOne).extracting(Delivery::position).isSorted().doesNotHaveDuplicates();
        assertThat(atOne.stream().filter(d -> d.sender().value() == 1).map(Delivery::position))
                .isEqualTo(positions.getT1());
        assertThat(atTwo.stream().filter(d -> d.sender().value() == 2).map(Delivery::position))
                .isEqualTo(positions.getT2());
        assertThat(atOne.stream().filter(d -> d.sender().value() == 1).map(HandleContract::text))
                .isEqualTo(IntStream.range(0, 500).mapToObj(i -> "one" + i).toList());
    }

    @Test
    void messagesOfAllSizesAndGuaranteesArriveAsTheyWere() throws Exception {
        EvsHandle one = joined(1, "g");
        List<Delivery> seen = follow(one, Delivery.class);
        List<Message> messages = new ArrayList<>();
        for (int size : new int[] {0, 1, 100, 70_000, 1 << 20}) {
            byte[] payload = new byte[size];
            java.util.Arrays.fill(payload, (byte) size);
            messages.add(Message.to("g", "h").payload(payload));
            messages.add(Message.to("g").safe().payload(payload));
            messages.add(Message.to("g").fifo().payload(payload));
        }
        one.sendAll(Flux.fromIterable(messages)).then().block(SOON);
        await(() -> seen.size() == messages.size());

        for (int i = 0; i < messages.size(); i++) {
            assertThat(seen.get(i).payload()).isEqualTo(messages.get(i).payload());
            assertThat(seen.get(i).groups()).isEqualTo(messages.get(i).groups());
            assertThat(seen.get(i).guarantee()).isEqualTo(messages.get(i).guarantee());
        }
    }

    @Test
    void headersArriveAsTheyWere() throws Exception {
        EvsHandle one = joined(1, "g");
        List<Delivery> seen = follow(joined(2, "g"), Delivery.class);
        one.send(text("g", "with").header("content-type", "text/plain").header("\u00fcbrig", ""))
                .block(SOON);
        one.send(text("g", "without")).block(SOON);
        await(() -> seen.size() == 2);

        assertThat(seen.get(0).headers()).containsExactly(entry("content-type", "text/plain"), entry("\u00fcbrig", ""));
        assertThat(seen.get(1).headers()).isEmpty();
    }

    @Test
    void whatIsAddressedToMembersIsShownToThemAlone() throws Exception {
        EvsHandle one = joined(1, "g");
        EvsHandle meant = open(2);
        List<Delivery> atMeant = follow(meant, Delivery.class);
        List<Delivery> atOther = follow(joined(2, "g"), Delivery.class);
        Message message = Message.to(meant.id()).header("to", "you").safe().payload(new byte[] {7});

        Position position = one.send(message).block(SOON);
        one.send(text("g", "to all")).block(SOON);
        await(() -> !atMeant.isEmpty() && !atOther.isEmpty());

        assertThat(atMeant).singleElement().satisfies(delivery -> {
            assertThat(delivery.position()).isEqualTo(position);
            assertThat(delivery.groups()).isEmpty();
            assertThat(delivery.guarantee()).isEqualTo(message.guarantee());
            assertThat(delivery.headers()).isEqualTo(message.headers());
            assertThat(delivery.payload()).isEqualTo(message.payload());
        });
        assertThat(atOther).extracting(HandleContract::text).containsExactly("to all");
    }

    @Test
    void whoIsCutOffIsToldSoAndOrdersNothingThatIsOnlyForPrimaries() throws Exception {
        EvsHandle one = joined(1, "g");
        List<ConfigChange> seen = follow(one, ConfigChange.class);
        Message only = text("g", "only").onlyInPrimary();
        one.send(only).block(SOON);

        ring.partition(1);
        await(() -> seen.size() >= 3);
        assertThat(seen.subList(0, 3)).extracting(ConfigChange::isPrimary).containsExactly(true, true, false);
        assertThatThrownBy(() -> one.send(only).block(SOON))
                .isInstanceOfSatisfying(SendFailedException.class, refused -> {
                    assertThat(refused.fate()).isEqualTo(SendFailedException.Fate.REFUSED);
                    assertThat(refused.retryCanHelp()).isTrue();
                    assertThat(refused.configuration()).isEmpty();
                })
                .hasMessageContaining("majority:2");
        one.send(text("g", "any")).block(SOON);

        ring.heal();
        await(() -> seen.get(seen.size() - 1).isPrimary());
        one.send(only).block(SOON);
    }

    @Test
    void whatABrokenPrimaryOrderedSaysWhereItWasDelivered() throws Exception {
        EvsHandle one = joined(1, "g");
        List<EvsEvent> seen = follow(one, EvsEvent.class);
        Optional<SendFailedException> broken = cutWhileSending(one, seen);
        for (int tries = 0; tries < 10 && broken.isEmpty(); tries++) {
            ring.heal();
            ring.awaitOneRing().block(SOON);
            broken = cutWhileSending(one, seen);
        }

        ConfigChange where = broken.orElseThrow().configuration().orElseThrow();
        assertThat(where.kind()).isEqualTo(ConfigChange.Kind.TRANSITIONAL);
        assertThat(where.members()).containsExactly(NodeId.of(1));
        assertThat(seen).contains(where);
        assertThat(seen.get(seen.indexOf(where) + 1)).isInstanceOf(Delivery.class);
    }

    /** Cuts node 1 off while messages of the handle are being ordered; one that was ordered there and not safe, if any. */
    private Optional<SendFailedException> cutWhileSending(EvsHandle handle, List<EvsEvent> seen) throws Exception {
        AtomicBoolean isCut = new AtomicBoolean();
        Message message = text("g", "only").safe().onlyInPrimary();
        int before = seen.size();
        CompletableFuture<List<SendFailedException>> failures = Flux.range(0, Integer.MAX_VALUE)
                .takeWhile(number -> !isCut.get())
                .flatMap(
                        number -> handle.send(message)
                                .then(Mono.<SendFailedException>empty())
                                .onErrorResume(SendFailedException.class, Mono::just),
                        64)
                .collectList()
                .toFuture();
        await(() -> seen.size() > before + 200);
        ring.partition(1);
        isCut.set(true);
        return failures.get(SOON.toSeconds(), TimeUnit.SECONDS).stream()
                .filter(failed -> failed.fate() == SendFailedException.Fate.TRANSITIONAL)
                .findFirst();
    }

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
    void aSendCompletesAfterItsOwnDeliveryWasShown() throws Exception {
        EvsHandle one = joined(1, "g");
        List<Object> order = new CopyOnWriteArrayList<>();
        one.deliveries().map(Delivery::position).subscribe(order::add);
        for (int i = 0; i < 200; i++) {
            one.send(text("g", "m" + i)).subscribe(position -> order.add("sent " + position));
        }
        await(() -> order.size() == 400);

        for (Object entry : order) {
            if (entry instanceof Position position) {
                assertThat(order.indexOf(position)).isLessThan(order.indexOf("sent " + position));
            }
        }
    }

    @Test
    void whoAnswersEachMessageBeforeHeTakesTheNextGoesOn() throws Exception {
        EvsHandle one = joined(1, "questions");
        EvsHandle two = joined(2, "answers");
        List<Delivery> answers = follow(two, Delivery.class);
        AtomicReference<Throwable> failure = new AtomicReference<>();
        one.deliveries()
                .concatMap(question -> one.send(text("answers", "to " + text(question))), 1)
                .subscribe(position -> {}, failure::set);
        two.sendAll(Flux.range(0, 300).map(i -> text("questions", "q" + i)))
                .then()
                .block(SOON);
        await(() -> answers.size() == 300 || failure.get() != null);

        assertThat(failure.get()).isNull();
        assertThat(answers.stream().map(HandleContract::text))
                .isEqualTo(IntStream.range(0, 300).mapToObj(i -> "to q" + i).toList());
    }

    @Test
    void whatCannotBeSentIsRefusedWithTheLimit() throws Exception {
        EvsHandle one = open(1);

        assertThatThrownBy(() -> one.send(new byte[1]).block(SOON))
                .isInstanceOfSatisfying(
                        SendFailedException.class,
                        refused -> assertThat(refused.fate()).isEqualTo(SendFailedException.Fate.REFUSED))
                .hasMessageContaining("group");
        assertThatThrownBy(() -> one.send(Message.to("g").payload(new byte[(1 << 20) + 1]))
                        .block(SOON))
                .isInstanceOfSatisfying(
                        SendFailedException.class,
                        refused -> assertThat(refused.fate()).isEqualTo(SendFailedException.Fate.REFUSED))
                .hasMessageContaining("max-message-size")
                .hasMessageContaining("1048577");
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

        assertThat(first.stream().map(HandleContract::text)).isEqualTo(List.of("a"));
        assertThat(second.stream().map(HandleContract::text)).containsOnly("c");
    }

    @Test
    void sendAllRequestsAMessageWhenItsPositionWasRequested() throws Exception {
        EvsHandle one = joined(1, "g");
        AtomicLong requested = new AtomicLong();
        Flux<Message> messages =
                Flux.range(0, 1_000).map(i -> text("g", "m" + i)).doOnRequest(requested::addAndGet);

        StepVerifier.create(one.sendAll(messages), 0)
                .expectSubscription()
                .expectNoEvent(A_WHILE)
                .then(() -> assertThat(requested).hasValue(0))
                .thenRequest(3)
                .expectNextCount(3)
                .then(() -> assertThat(requested).hasValue(3))
                .thenRequest(1)
                .expectNextCount(1)
                .thenCancel()
                .verify(SOON);
    }

    @Test
    void takeSendsAsManyMessagesAsItTakesPositions() throws Exception {
        EvsHandle one = joined(1, "g");
        List<Delivery> seen = follow(one, Delivery.class);
        one.sendAll(Flux.range(0, 100).map(i -> text("g", "m" + i)))
                .take(10)
                .then()
                .block(SOON);
        one.send(text("g", "last")).block(SOON);
        await(() -> seen.stream().anyMatch(d -> text(d).equals("last")));

        assertThat(seen).hasSize(11);
    }

    @Test
    void anErrorOfUpstreamComesAfterThePositionsBeforeIt() throws Exception {
        EvsHandle one = joined(1, "g");
        Flux<Message> failing =
                Flux.range(0, 5).map(i -> text("g", "m" + i)).concatWith(Flux.error(new IllegalStateException("mine")));

        StepVerifier.create(one.sendAll(failing))
                .expectNextCount(5)
                .expectErrorMessage("mine")
                .verify(SOON);
    }

    @Test
    void whoStopsLookingAtPositionsCancelsUpstream() throws Exception {
        EvsHandle one = joined(1, "g");
        PublisherProbe<Message> probe =
                PublisherProbe.of(Flux.just(text("g", "m")).concatWith(Flux.never()));
        one.sendAll(probe.flux()).next().block(SOON);
        await(probe::wasCancelled);
        probe.assertWasRequested();
    }

    @Test
    void sendAllFailsWhenItsHandleCloses() throws Exception {
        EvsHandle one = joined(1, "g");
        PublisherProbe<Message> probe =
                PublisherProbe.of(Flux.just(text("g", "m")).concatWith(Flux.never()));

        StepVerifier.create(one.sendAll(probe.flux()))
                .expectNextCount(1)
                .then(one::dispose)
                .expectError(SendFailedException.class)
                .verify(SOON);
        probe.assertWasCancelled();
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
