/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.totem.core.ConfigChange;
import dev.totem.core.Delivery;
import dev.totem.core.EvsEvent;
import dev.totem.core.EvsHandle;
import dev.totem.core.Message;
import dev.totem.core.NodeId;
import dev.totem.core.Position;
import dev.totem.core.SendFailedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.publisher.PublisherProbe;

/** What sends of an {@link EvsHandle} promise, whoever made it. */
abstract class SendContract extends HandleFixture {

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
        assertThat(atOne.stream().filter(d -> d.sender().value() == 1).map(HandleFixture::text))
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
        assertThat(atOther).extracting(HandleFixture::text).containsExactly("to all");
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
        for (int tries = 0; tries < 60 && broken.isEmpty(); tries++) {
            ring.heal();
            ring.awaitOneRing().block(SOON);
            broken = cutWhileSending(one, seen);
        }

        ConfigChange where = broken.orElseThrow().configuration().orElseThrow();
        assertThat(where.kind()).isEqualTo(ConfigChange.Kind.TRANSITIONAL);
        assertThat(where.members()).contains(NodeId.of(1));
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
        assertThat(answers.stream().map(HandleFixture::text))
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
}
