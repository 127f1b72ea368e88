/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.totem.client.ExecutiveAddress;
import dev.totem.client.TotemClient;
import dev.totem.core.ConfigChange;
import dev.totem.core.ExecutiveAwayException;
import dev.totem.core.Delivery;
import dev.totem.core.EventsMissedException;
import dev.totem.core.EvsEvent;
import dev.totem.core.EvsHandle;
import dev.totem.core.GroupMember;
import dev.totem.core.Message;
import dev.totem.core.NodeHealth;
import dev.totem.core.Position;
import dev.totem.core.SendFailedException;
import dev.totem.testkit.TestRing;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

/** Connections that are lost, sessions that are not, and those that are. */
class ReattachmentIT {

    private static final Duration SOON = Executives.SOON;

    private final TestRing ring = TestRing.of(2);
    private Executives executives;
    private CuttingProxy proxy;
    private EvsHandle witness;
    private final List<Delivery> witnessed = new CopyOnWriteArrayList<>();

    @BeforeEach
    void serves() throws IOException {
        ring.awaitOneRing().block(SOON);
        executives = new Executives();
        executives.serve(ring.node(1), "one", builder -> builder.lease(Duration.ofSeconds(2)));
        executives.serve(ring.node(2), "two");
        proxy = new CuttingProxy(executives.path("proxy"), executives.path("one"));
        witness = ring.node(2).openHandle();
        witness.join("g").block(SOON);
        witness.deliveries().subscribe(witnessed::add);
    }

    @AfterEach
    void ends() throws IOException {
        executives.close();
        proxy.close();
        ring.close();
    }

    private static Message message(int number) {
        return Message.to("g").payload(new byte[] {(byte) (number >> 8), (byte) number});
    }

    private static void await(java.util.function.BooleanSupplier condition) {
        HandleContract.await(condition);
    }

    @Test
    void connectionsThatBreakAgainAndAgainCostNoEventAndDoubleNoSend() throws Exception {
        TotemClient client = executives.attach("proxy");
        EvsHandle handle = client.openHandle().block(SOON);
        handle.join("g").block(SOON);
        List<EvsEvent> events = new CopyOnWriteArrayList<>();
        handle.events().subscribe(events::add);
        List<Position> positions = new CopyOnWriteArrayList<>();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        int messages = 20_000;
        var sending = handle.sendAll(Flux.range(0, messages).map(ReattachmentIT::message))
                .subscribe(positions::add, failure::set);
        for (int cut = 0; cut < 25; cut++) {
            int reached = positions.size();
            await(() -> positions.size() > Math.min(reached + 200, messages - 1) || failure.get() != null);
            proxy.cut();
        }
        await(() -> positions.size() == messages || failure.get() != null);
        await(() -> witnessed.size() >= messages);
        sending.dispose();

        assertThat(failure.get()).isNull();
        assertThat(witnessed)
                .extracting(Delivery::position)
                .isEqualTo(positions)
                .doesNotHaveDuplicates();
        await(() -> events.stream().filter(Delivery.class::isInstance).count() == messages);
        assertThat(events.stream().filter(Delivery.class::isInstance)).isEqualTo(witnessed);
        assertThat(witness.members("g")).extracting(GroupMember::id).contains(handle.id());
        assertThat(executives.stats(0).get(ServerStatistics.SESSIONS_RESUMED)).isGreaterThan(5);
    }

    @Test
    void aClientWithoutItsExecutiveIsNotReadyUntilItIsBack() throws Exception {
        TotemClient client = executives.attach("proxy");
        assertThat(awaitReady(client, true).reasons()).isEmpty();

        proxy.refuse(true);
        proxy.cut();
        NodeHealth away = awaitReady(client, false);
        assertThat(away.has(NodeHealth.Code.EXECUTIVE_AWAY)).isTrue();
        assertThat(away.isLive()).isTrue();

        proxy.refuse(false);
        awaitReady(client, true);
        client.close().block(SOON);
        NodeHealth closed = awaitReady(client, false);
        assertThat(closed.has(NodeHealth.Code.CLOSED)).isTrue();
        assertThat(closed.isLive()).isFalse();
    }

    private static NodeHealth awaitReady(TotemClient client, boolean isReady) {
        return client.health()
                .repeatWhen(done -> done.delayElements(Duration.ofMillis(10)))
                .filter(health -> health.isReady() == isReady)
                .blockFirst(SOON);
    }

    @Test
    void whileTheConnectionIsGoneTheClientStaysAMemberAndSeesAllThatCameMeanwhile() throws Exception {
        TotemClient client = executives.attach("proxy");
        EvsHandle handle = client.openHandle().block(SOON);
        handle.join("g").block(SOON);
        List<Delivery> seen = new CopyOnWriteArrayList<>();
        CountDownLatch begun = new CountDownLatch(1);
        handle.events()
                .doOnNext(event -> begun.countDown())
                .ofType(Delivery.class)
                .subscribe(seen::add);
        assertThat(begun.await(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
        proxy.refuse(true);
        proxy.cut();
        witness.sendAll(Flux.range(0, 1_000).map(ReattachmentIT::message))
                .then()
                .block(SOON);
        assertThat(witness.members("g")).hasSize(2);
        assertThat(seen.size()).isLessThan(1_000);
        proxy.refuse(false);
        await(() -> seen.size() == 1_000);

        assertThat(seen).isEqualTo(witnessed);
    }

    @Test
    void afterTheLeaseTheClientIsNoMemberAndItsStreamsSayThatEventsAreMissing() throws Exception {
        TotemClient client = executives.attach("proxy");
        EvsHandle handle = client.openHandle().block(SOON);
        handle.join("g").block(SOON);
        var former = handle.id();
        AtomicReference<Throwable> end = new AtomicReference<>();
        handle.events().subscribe(event -> {}, end::set);
        proxy.refuse(true);
        proxy.cut();
        await(() -> witness.members("g").size() == 1);
        AtomicReference<Throwable> waiting = new AtomicReference<>();
        List<Position> late = new CopyOnWriteArrayList<>();
        handle.send(message(1)).subscribe(late::add, waiting::set);
        proxy.refuse(false);

        await(() -> end.get() != null);
        assertThat(end.get()).isInstanceOf(EventsMissedException.class);
        await(() -> witness.members("g").size() == 2);
        await(() -> !late.isEmpty());
        assertThat(waiting.get()).isNull();
        assertThat(handle.id()).isNotEqualTo(former);
        assertThat(handle.events().blockFirst(SOON)).isInstanceOf(ConfigChange.class);
    }

    @Test
    void aClientGoesOnAtAnotherExecutive() throws Exception {
        TotemClient client = executives.attach("proxy", "two");
        EvsHandle handle = client.openHandle().block(SOON);
        handle.join("g").block(SOON);
        AtomicReference<Throwable> end = new AtomicReference<>();
        handle.events().subscribe(event -> {}, end::set);
        List<Position> sent = new CopyOnWriteArrayList<>();
        List<Throwable> failed = new CopyOnWriteArrayList<>();
        Flux.range(0, 500)
                .flatMap(i -> handle.send(message(i))
                        .doOnNext(sent::add)
                        .doOnError(failed::add)
                        .onErrorComplete())
                .subscribe();
        await(() -> sent.size() > 50);
        proxy.refuse(true);
        proxy.cut();
        await(() -> sent.size() + failed.size() == 500);
        await(() -> client.executive().value() == 2 && handle.id().node().value() == 2);

        assertThat(failed)
                .allSatisfy(reason -> assertThat(reason)
                        .isInstanceOfSatisfying(
                                SendFailedException.class,
                                unknown -> assertThat(unknown.fate()).isEqualTo(SendFailedException.Fate.UNKNOWN)));
        assertThat(end.get()).isInstanceOf(EventsMissedException.class);
        handle.send(message(1_000)).block(SOON);
        await(() -> witnessed.stream().anyMatch(d -> d.position().compareTo(sent.get(sent.size() - 1)) > 0));
        assertThat(witnessed)
                .extracting(Delivery::position)
                .doesNotHaveDuplicates()
                .containsAll(sent);
        assertThat(witnessed).extracting(Delivery::payloadView).doesNotHaveDuplicates();
    }

    @Test
    void withoutAnyExecutiveTheClientEndsAndSaysWhere() throws Exception {
        TotemClient client = TotemClient.at(ExecutiveAddress.unix(executives.path("proxy")))
                .patience(Duration.ofMillis(500))
                .connect()
                .block(SOON);
        EvsHandle handle = client.openHandle().block(SOON);
        handle.join("g").block(SOON);
        AtomicReference<Throwable> end = new AtomicReference<>();
        handle.events().subscribe(event -> {}, end::set);
        proxy.refuse(true);
        proxy.cut();

        assertThatThrownBy(() -> client.onClose().block(SOON))
                .isInstanceOfSatisfying(ExecutiveAwayException.class, away -> assertThat(away.retryCanHelp())
                        .isTrue())
                .hasMessageContaining(executives.path("proxy").toString());
        await(() -> end.get() != null);
        assertThat(client.isDisposed()).isTrue();
        assertThatThrownBy(() -> handle.send(message(1)).block(SOON)).isInstanceOf(SendFailedException.class);
    }
}
