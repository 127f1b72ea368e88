/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node;

import static java.util.Objects.requireNonNull;

import dev.totem.core.ConfigurationException;
import dev.totem.core.EvsHandle;
import dev.totem.core.GroupName;
import dev.totem.core.Lease;
import dev.totem.core.Membership;
import dev.totem.core.NodeClosedException;
import dev.totem.core.NodeHealth;
import dev.totem.core.NodeId;
import dev.totem.core.NodeStats;
import dev.totem.core.PeerStatus;
import dev.totem.core.Position;
import dev.totem.core.ProtocolFailureException;
import dev.totem.core.RingProgress;
import dev.totem.core.Statistic;
import dev.totem.core.TotemNode;
import dev.totem.core.internal.node.crossing.HandleLane;
import dev.totem.core.internal.node.crossing.LaneScheduler;
import dev.totem.core.internal.node.environment.NodeEnvironment;
import dev.totem.core.internal.node.loop.NodeLoop;
import dev.totem.core.internal.node.loop.RingNumbers;
import dev.totem.core.internal.node.loop.StorageLog;
import dev.totem.core.internal.node.send.HandleState;
import dev.totem.core.internal.settings.NodeSettings;
import dev.totem.core.spi.NodeScheduler;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** A node on its loop, and the door to it. Any thread. */
public final class RunningNode implements TotemNode {

    private static final int KEY_ID_MAX = 255;

    /** Members of one site have answered by then. */
    private static final Duration PEERS_ANSWER = Duration.ofMillis(20);

    private final NodeId self;
    private final NodeSettings config;
    private final NodeParts parts;
    private final AtomicInteger handleNumbers = new AtomicInteger();

    private RunningNode(NodeId self, NodeSettings config, NodeParts parts) {
        this.self = self;
        this.config = config;
        this.parts = parts;
    }

    /**
     * Starts a node.
     *
     * <p>Completes with the node, never on its loop, when its first ring, of itself alone, is under way. Fails with
     * {@link ConfigurationException} if stable storage cannot be used or the settings do not fit the link, and with what
     * the seal or the link fail with; the link is then closed. Cold. Cancelling before it completes leaves and closes.
     *
     * @param onBound called on the loop with the node before anything happens: what subscribes here sees the first
     *     configuration. Must not block
     */
    public static Mono<TotemNode> start(
            NodeId self, NodeSettings config, NodeEnvironment environment, Consumer<TotemNode> onBound) {
        return Mono.<TotemNode>create(sink -> new Start(self, config, environment, onBound, sink).run())
                .publishOn(Schedulers.parallel());
    }

    /** One start: reserve ring numbers, then make everything on the loop. */
    private static final class Start {

        private final NodeId self;
        private final NodeSettings config;
        private final NodeEnvironment environment;
        private final Consumer<TotemNode> onBound;
        private final MonoSink<TotemNode> sink;
        private final AtomicBoolean cancelled = new AtomicBoolean();
        private volatile @Nullable RunningNode made;

        Start(
                NodeId self,
                NodeSettings config,
                NodeEnvironment environment,
                Consumer<TotemNode> onBound,
                MonoSink<TotemNode> sink) {
            this.self = self;
            this.config = config;
            this.environment = environment;
            this.onBound = onBound;
            this.sink = sink;
        }

        void run() {
            sink.onCancel(this::cancel);
            StorageLog log = new StorageLog(self, environment.scheduler()::nowNanos);
            RingNumbers.reserve(environment, log)
                    .subscribe(reserved -> environment.scheduler().execute(() -> afterLeases(reserved)), this::fail);
        }

        /** A former life of this node may have helped to leases that others still hold: this one takes part when they are over. */
        private void afterLeases(RingNumbers.Reserved reserved) {
            if (config.quorum().isNone()) {
                onLoop(reserved);
                return;
            }
            NodeScheduler scheduler = environment.scheduler();
            AtomicBoolean isOver = new AtomicBoolean();
            scheduler.schedule(scheduler.nowNanos() + config.timing().patience().toNanos(), () -> {
                if (isOver.compareAndSet(false, true)) {
                    onLoop(reserved);
                }
            });
            scheduler.whenEnded(() -> {
                if (isOver.compareAndSet(false, true)) {
                    fail(new RejectedExecutionException());
                }
            });
        }

        private void onLoop(RingNumbers.Reserved reserved) {
            if (cancelled.get()) {
                closeLink();
                return;
            }
            RunningNode node;
            try {
                node = new RunningNode(self, config, NodeParts.make(self, config, environment, reserved));
            } catch (RuntimeException | Error cannotBegin) {
                fail(cannotBegin);
                return;
            }
            made = node;
            NodeLoop loop = node.parts.loop();
            loop.batch(() -> {
                if (!tellBound(node)) {
                    return;
                }
                loop.step(reserved.start());
            });
            if (loop.isEnded()) {
                sink.error(node.parts.closing().refusal("node"));
            } else if (cancelled.get()) {
                cancel();
            } else {
                sink.success(node);
            }
        }

        /** The node of who fails here does not begin. */
        private boolean tellBound(RunningNode node) {
            try {
                onBound.accept(node);
                return true;
            } catch (RuntimeException thrown) {
                node.parts
                        .loop()
                        .refuse(new ConfigurationException(
                                "on-bound", String.valueOf(thrown), "the action given to onBound failed", thrown));
                return false;
            }
        }

        private void cancel() {
            cancelled.set(true);
            RunningNode node = made;
            if (node != null) {
                node.parts.mailbox().submit(node.parts.closing()::leave);
            }
        }

        private void fail(Throwable reason) {
            closeLink();
            sink.error(
                    reason instanceof RejectedExecutionException
                            ? new ProtocolFailureException(
                                    "the event loop was shut down before the node started", reason)
                            : reason);
        }

        private void closeLink() {
            environment.link().close().subscribe(nothing -> {}, notReleased -> {});
        }
    }

    @Override
    public NodeId id() {
        return self;
    }

    @Override
    public String cluster() {
        return config.cluster();
    }

    @Override
    public EvsHandle openHandle() {
        return openHandle(Schedulers.parallel());
    }

    @Override
    public EvsHandle openHandle(Scheduler scheduler) {
        return openHandle(scheduler, Optional.empty());
    }

    @Override
    public EvsHandle openHandle(Scheduler scheduler, String name) {
        int bytes = requireNonNull(name, "name").getBytes(StandardCharsets.UTF_8).length;
        if (bytes < 1 || bytes > GroupName.BYTES_MAX) {
            throw new ConfigurationException(
                    "name", name, "the name of a handle has 1 to " + GroupName.BYTES_MAX + " bytes of UTF-8");
        }
        return openHandle(scheduler, Optional.of(name));
    }

    private EvsHandle openHandle(Scheduler scheduler, Optional<String> name) {
        requireNonNull(scheduler, "scheduler");
        if (!parts.closing().isOpen()) {
            throw new NodeClosedException("node");
        }
        CompletableFuture<HandleState> opened = new CompletableFuture<>();
        LaneScheduler turns = new LaneScheduler(
                scheduler,
                worker(scheduler),
                parts.mailbox().scheduler(),
                thrown -> parts.mailbox().submitLater(() -> parts.closing().broken(opened.join(), thrown)));
        HandleLane lane = new HandleLane(turns, parts.laneWatch());
        HandleState state = new HandleState(lane, handleNumbers.incrementAndGet(), name);
        opened.complete(state);
        parts.mailbox().submit(() -> parts.closing().opened(state));
        return new RunningHandle(state, lane, parts, config.buffers());
    }

    @Override
    public Membership membership() {
        return parts.dispatch().membership();
    }

    @Override
    public Lease lease() {
        return parts.lease();
    }

    @Override
    public NodeHealth health() {
        return parts.closing()
                .told()
                .map(end -> new NodeHealth(List.of(end)))
                .orElseGet(() ->
                        parts.observer().health().now(parts.linkStatistics().get()));
    }

    @Override
    public NodeStats stats() {
        Map<Statistic, Long> all = new HashMap<>(parts.linkStatistics().get());
        all.putAll(parts.observer().counters().snapshot());
        return NodeStats.of(all);
    }

    @Override
    public Mono<RingProgress> progress() {
        return Mono.<RingProgress>create(sink -> parts.mailbox()
                        .serve(() -> sink.success(parts.loop().progress().orElse(null)), sink::error))
                .publishOn(Schedulers.parallel());
    }

    @Override
    public Mono<List<PeerStatus>> peers() {
        Mono<List<PeerStatus>> known =
                Mono.create(sink -> parts.mailbox().serve(() -> sink.success(knownPeers()), sink::error));
        return known.then(Mono.delay(PEERS_ANSWER)).then(known).publishOn(Schedulers.parallel());
    }

    private List<PeerStatus> knownPeers() {
        return parts.loop().isEnded()
                ? List.of()
                : parts.peers().list(membership().members());
    }

    @Override
    public Mono<SortedMap<GroupName, Integer>> groups(int most) {
        if (most < 1 || most > GROUPS_ASKED_MAX) {
            throw new ConfigurationException("groups", String.valueOf(most), "must be from 1 to " + GROUPS_ASKED_MAX);
        }
        return Mono.<SortedMap<GroupName, Integer>>create(sink -> parts.mailbox()
                        .serve(() -> sink.success(parts.dispatch().groups(most)), sink::error))
                .publishOn(Schedulers.parallel());
    }

    @Override
    public List<String> blackBox() {
        return parts.observer().box().lines();
    }

    @Override
    public Mono<Position> rekey(int keyId) {
        return switchTo(keyId, Optional.empty());
    }

    @Override
    public Mono<Position> expel(NodeId member, int keyId) {
        requireNonNull(member, "member");
        if (member.equals(self)) {
            throw new ConfigurationException(
                    "expel", member.toString(), "a node does not leave itself out; let another one do it, or leave");
        }
        return switchTo(keyId, Optional.of(member));
    }

    private Mono<Position> switchTo(int keyId, Optional<NodeId> without) {
        if (keyId < 1 || keyId > KEY_ID_MAX) {
            throw new ConfigurationException("key", String.valueOf(keyId), "a key id is from 1 to " + KEY_ID_MAX);
        }
        Mono<Position> switched = Mono.<Position>create(sink -> {
                    sink.onCancel(
                            () -> parts.mailbox().submit(() -> parts.rotation().cancel(sink)));
                    parts.mailbox().serve(() -> parts.rotation().request(keyId, without, sink), sink::error);
                })
                .publishOn(Schedulers.parallel());
        Mono<Position> ended = parts.closing()
                .whenClosed()
                .then(Mono.error(() -> parts.closing().refusal("node")));
        return Mono.firstWithSignal(switched, ended);
    }

    @Override
    public Mono<Void> leave() {
        return Mono.defer(() -> {
            dispose();
            return onClose();
        });
    }

    @Override
    public void dispose() {
        parts.mailbox().submit(parts.closing()::leave);
    }

    @Override
    public boolean isDisposed() {
        return !parts.closing().isOpen();
    }

    @Override
    public Mono<Void> onClose() {
        return parts.closing().whenClosed();
    }

    @Override
    public String toString() {
        return "TotemNode[" + self + "]";
    }

    /** A worker of a scheduler that leaves the calling thread: tried, because any scheduler may be built not to. */
    private static Scheduler.Worker worker(Scheduler scheduler) {
        Thread caller = Thread.currentThread();
        AtomicBoolean isImmediate = new AtomicBoolean();
        AtomicBoolean hasReturned = new AtomicBoolean();
        try {
            Scheduler.Worker worker = scheduler.createWorker();
            worker.schedule(() -> isImmediate.set(!hasReturned.get() && Thread.currentThread() == caller));
            hasReturned.set(true);
            if (isImmediate.get()) {
                worker.dispose();
                throw new ConfigurationException(
                        "scheduler",
                        scheduler.toString(),
                        "it runs tasks in the calling thread, which would be the protocol loop; use"
                                + " Schedulers.parallel() or another with threads of its own");
            }
            return worker;
        } catch (RejectedExecutionException disposed) {
            throw new ConfigurationException(
                    "scheduler", scheduler.toString(), "it takes no tasks: is it disposed?", disposed);
        }
    }
}
