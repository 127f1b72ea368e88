/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.totem.blocks.Block;
import dev.totem.blocks.BlockBuilder;
import dev.totem.blocks.Codec;
import dev.totem.blocks.FencedLock;
import dev.totem.blocks.LeaderElection;
import dev.totem.blocks.Leadership;
import dev.totem.blocks.Lease;
import dev.totem.blocks.MapChange;
import dev.totem.blocks.MapEntry;
import dev.totem.blocks.ReplicaStoppedException;
import dev.totem.blocks.ReplicatedMap;
import dev.totem.blocks.Reply;
import dev.totem.blocks.Requests;
import dev.totem.client.TotemClient;
import dev.totem.core.EventsMissedException;
import dev.totem.core.HandleSource;
import dev.totem.core.NodeClosedException;
import dev.totem.core.Quorum;
import dev.totem.testkit.TestRing;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Blocks on clients: several at one executive, beside those on nodes, and through what happens to clients and executives. */
class AttachedBlocksIT {

    private static final Duration SOON = Executives.SOON;

    /** For which an executive keeps the place of a client. */
    private static final Duration PLACE = Duration.ofSeconds(2);

    private static final BlockBuilder<ReplicatedMap<String, String>> MAP =
            ReplicatedMap.of("m", Quorum.majority(2), Codec.utf8(), Codec.utf8());
    private static final BlockBuilder<ReplicatedMap<String, String>> LONE_MAP =
            ReplicatedMap.of("m", Quorum.none(), Codec.utf8(), Codec.utf8());
    private static final BlockBuilder<FencedLock> LOCK =
            FencedLock.of("l", Quorum.majority(2)).lease(Duration.ofSeconds(1));

    private final TestRing ring = TestRing.of(2);
    private Executives executives;
    private CuttingProxy proxy;

    @BeforeEach
    void serves() throws IOException {
        ring.awaitOneRing().block(SOON);
        executives = new Executives();
        executives.serve(ring.node(1), "one", builder -> builder.lease(PLACE));
        executives.serve(ring.node(2), "two", builder -> builder.lease(PLACE));
        proxy = new CuttingProxy(executives.path("proxy"), executives.path("one"));
    }

    @AfterEach
    void ends() throws IOException {
        proxy.refuse(false);
        executives.close();
        proxy.close();
        ring.close();
    }

    private static <T> T get(Mono<T> mono) {
        return Objects.requireNonNull(mono.block(SOON));
    }

    private static void await(BooleanSupplier condition) {
        HandleContract.await(condition);
    }

    private static <B extends Block> B inState(B block) {
        block.inState().block(SOON);
        return block;
    }

    private static <B> List<B> open(BlockBuilder<B> builder, HandleSource... places) {
        return Flux.just(places).flatMapSequential(builder::open).collectList().block(SOON);
    }

    @Test
    void clientsOfOneExecutiveAndNodesHaveOneState() {
        List<ReplicatedMap<String, String>> maps =
                open(MAP, executives.attach("one"), executives.attach("one"), executives.attach("two"), ring.node(2));
        maps.forEach(AttachedBlocksIT::inState);
        assertThat(maps.stream().map(Block::member)).doesNotHaveDuplicates();
        List<String> seen = new CopyOnWriteArrayList<>();
        maps.get(1).watch("k").map(MapChange::value).subscribe(value -> seen.add(value.orElse("none")));
        for (int i = 0; i < maps.size(); i++) {
            get(maps.get(i).put("k", "v" + i));
        }
        for (ReplicatedMap<String, String> map : maps) {
            assertThat(get(map.getLatest("k")).value()).isEqualTo("v3");
        }
        await(() -> seen.containsAll(List.of("v0", "v1", "v2", "v3")));
        maps.get(0).close().block(SOON);
        assertThat(get(maps.get(1).put("k", "v4"))).isNotNull();
    }

    @Test
    void aStateIsHandedToAClientThatComesLater() {
        List<ReplicatedMap<String, String>> maps = open(MAP, executives.attach("one"), executives.attach("two"));
        maps.forEach(AttachedBlocksIT::inState);
        String value = "x".repeat(1_000);
        Flux.range(0, 3_000)
                .flatMap(i -> maps.get(i % 2).put("k" + i, value), 64)
                .blockLast(SOON);
        ReplicatedMap<String, String> late =
                inState(open(MAP, executives.attach("one")).get(0));
        assertThat(get(late.size())).isEqualTo(3_000);
        assertThat(get(late.entries().map(MapEntry::key).collectList()))
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, 3_000).mapToObj(i -> "k" + i).toList());
    }

    @Test
    void theLockOfAClientThatIsGoneIsFreeWhenItsPlaceAndItsLeaseAreOver() throws IOException {
        List<FencedLock> locks =
                open(LOCK, executives.attach("proxy"), executives.attach("one"), executives.attach("two"));
        locks.forEach(AttachedBlocksIT::inState);
        Lease lease = get(locks.get(0).acquire("job"));
        List<String> happened = new CopyOnWriteArrayList<>();
        AtomicReference<Lease> next = new AtomicReference<>();
        lease.lost().subscribe(why -> happened.add("lost"));
        locks.get(1).acquire("job").subscribe(granted -> {
            next.set(granted);
            happened.add("granted while held: " + lease.isHeld());
        });
        proxy.refuse(true);
        proxy.cut();
        await(() -> happened.size() == 2);
        assertThat(happened).containsExactly("lost", "granted while held: false");
        assertThat(next.get().token()).isGreaterThan(lease.token());
    }

    /** It is the lowest, so that it is for it to hand the state over. */
    @Test
    void aClientThatIsGoneIsReplacedInWhatItDidForAll() throws IOException {
        List<ReplicatedMap<String, String>> maps = open(MAP, executives.attach("proxy"), executives.attach("two"));
        maps.forEach(AttachedBlocksIT::inState);
        ReplicatedMap<String, String> beside =
                inState(open(MAP, executives.attach("one")).get(0));
        get(maps.get(0).put("k", "v"));
        proxy.refuse(true);
        proxy.cut();
        ReplicatedMap<String, String> late =
                inState(open(MAP, executives.attach("one")).get(0));
        assertThat(get(late.getLatest("k")).value()).isEqualTo("v");
        assertThat(get(beside.put("k", "w"))).isNotNull();
    }

    @Test
    void nobodyBeginsAnEmptyStateBesideAClientThatIsAwayForAMoment() throws IOException {
        ReplicatedMap<String, String> first =
                inState(open(LONE_MAP, executives.attach("proxy")).get(0));
        get(first.put("k", "v"));
        proxy.refuse(true);
        proxy.cut();
        ReplicatedMap<String, String> second =
                open(LONE_MAP, executives.attach("one")).get(0);
        AtomicReference<Boolean> isIn = new AtomicReference<>(false);
        second.inState().subscribe(nothing -> {}, failed -> {}, () -> isIn.set(true));
        Mono.delay(PLACE.dividedBy(4)).block(SOON);
        assertThat(isIn.get()).isFalse();
        proxy.refuse(false);
        inState(second);
        assertThat(get(second.getLatest("k")).value()).isEqualTo("v");
        assertThat(get(first.put("k", "w"))).isNotNull();
    }

    @Test
    void aBlockOfAClientThatGoesOnElsewhereStopsAndIsOpenedAgain() throws IOException {
        TotemClient mover = executives.attach("proxy", "two");
        List<ReplicatedMap<String, String>> maps = open(MAP, mover, executives.attach("one"), executives.attach("two"));
        maps.forEach(AttachedBlocksIT::inState);
        Requests requests = get(Requests.open(mover));
        get(maps.get(0).put("k", "v"));
        AtomicReference<Throwable> end = new AtomicReference<>();
        maps.get(0).status().subscribe(now -> {}, end::set);
        proxy.refuse(true);
        proxy.cut();

        await(() -> end.get() != null);
        assertThat(end.get())
                .isInstanceOf(ReplicaStoppedException.class)
                .hasCauseInstanceOf(EventsMissedException.class)
                .hasMessageContaining("on node 1 stopped: events are missing");
        assertThatThrownBy(() -> maps.get(0).put("k", "w").block(SOON)).isInstanceOf(NodeClosedException.class);
        until(isOver(requests));
        ReplicatedMap<String, String> again = inState(open(MAP, mover).get(0));
        assertThat(again.member().node()).isEqualTo(ring.node(2).id());
        assertThat(get(again.getLatest("k")).value()).isEqualTo("v");
        assertThat(get(maps.get(1).put("k", "x"))).isNotNull();
    }

    private static Mono<Boolean> isOver(Requests requests) {
        return requests.askAll("q", new byte[0], Duration.ofMillis(10))
                .then(Mono.just(false))
                .onErrorReturn(NodeClosedException.class, true);
    }

    /** Asks again and again. */
    private static void until(Mono<Boolean> condition) {
        condition.repeat().filter(isTrue -> isTrue).blockFirst(SOON);
    }

    @Test
    void aBlockWhoseExecutiveHasEndedSaysSo() {
        List<FencedLock> locks = open(LOCK, executives.attach("one"), executives.attach("two"));
        locks.forEach(AttachedBlocksIT::inState);
        AtomicReference<String> end = new AtomicReference<>();
        locks.get(0).status().subscribe(now -> {}, stopped -> end.set("failed"), () -> end.set("completed"));
        ring.node(1).leave().block(SOON);
        await(() -> end.get() != null);
        assertThat(end.get()).isEqualTo("completed");
    }

    @Test
    void oneOfThoseWhoStandAtOneExecutiveLeads() {
        List<LeaderElection> elections = open(
                LeaderElection.of("e", Quorum.majority(2)).lease(Duration.ofSeconds(1)),
                executives.attach("one"),
                executives.attach("one"),
                executives.attach("two"));
        elections.forEach(AttachedBlocksIT::inState);
        List<Leadership> own = new CopyOnWriteArrayList<>();
        elections.forEach(election ->
                election.candidate("chair").filter(Leadership::isOwn).subscribe(own::add, failed -> {}));
        await(() -> own.size() == 1);
        LeaderElection first = elections.stream()
                .filter(election -> election.isLeading("chair"))
                .findFirst()
                .orElseThrow();
        first.close().block(SOON);
        await(() -> own.size() == 2);
        assertThat(elections.stream().filter(election -> election.isLeading("chair")))
                .hasSize(1)
                .doesNotContain(first);
    }

    @Test
    void clientsAskAndAnswer() {
        List<Requests> requests = Flux.just(
                        executives.attach("one"), executives.attach("one"), executives.attach("two"), ring.node(2))
                .map(HandleSource.class::cast)
                .flatMapSequential(Requests::open)
                .collectList()
                .block(SOON);
        requests.forEach(each ->
                each.serve("q").flatMap(asked -> asked.reply(asked.data())).subscribe(nothing -> {}, closed -> {}));
        until(requests.get(0).askAll("q", new byte[] {7}, SOON).count().map(count -> count == requests.size()));
        List<Reply> replies = get(requests.get(2).askAll("q", new byte[] {7}).collectList());
        assertThat(replies).hasSize(4).allMatch(Reply::isAnswered);
        assertThat(get(requests.get(3).askOne("q", "key", new byte[] {1})).from())
                .isEqualTo(
                        get(requests.get(0).askOne("q", "key", new byte[] {1})).from());
    }
}
