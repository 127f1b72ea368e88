/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.internal.sim;

import dev.totem.core.ConfigChange;
import dev.totem.core.Delivery;
import dev.totem.core.EvsEvent;
import dev.totem.core.EvsHandle;
import dev.totem.core.GroupMember;
import dev.totem.core.GroupName;
import dev.totem.core.Lease;
import dev.totem.core.MemberId;
import dev.totem.core.Membership;
import dev.totem.core.Message;
import dev.totem.core.NodeHealth;
import dev.totem.core.NodeId;
import dev.totem.core.NodeStats;
import dev.totem.core.OverflowPolicy;
import dev.totem.core.Position;
import dev.totem.core.RingId;
import dev.totem.core.RingProgress;
import dev.totem.core.SendFailedException;
import dev.totem.core.TotemException;
import dev.totem.core.TotemNode;
import dev.totem.core.internal.message.Origin;
import dev.totem.core.internal.message.ProtocolMessage;
import dev.totem.core.internal.message.RegularMessage;
import dev.totem.core.internal.packing.Packet;
import dev.totem.core.internal.packing.PacketSource;
import dev.totem.core.internal.protocol.Effect;
import dev.totem.core.internal.protocol.Input;
import dev.totem.core.internal.protocol.RingMachine;
import dev.totem.core.internal.protocol.RingObserver;
import dev.totem.core.internal.protocol.RingPhase;
import dev.totem.core.internal.settings.NodeSettings;
import dev.totem.core.spi.DatagramLink;
import dev.totem.core.spi.NodeScheduler;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.scheduler.Scheduler;

/**
 * The protocol machine with the least around it that is a node: values travel instead of bytes, a message is a frame
 * whatever its size. Shows whether a failing schedule is the machine's doing or the node's.
 */
final class BareNode implements TotemNode, PacketSource, DatagramLink.Receiver {

    /** What is under way in one cluster; frames hold indexes. */
    static final class Ether implements NodeLauncher {

        private final List<Object> values = new ArrayList<>();

        private int put(Object value) {
            values.add(value);
            return values.size() - 1;
        }

        @Override
        public Mono<TotemNode> launch(NodeId self, NodeSettings config, World world, Consumer<TotemNode> onBound) {
            return world.disk().load().map(stored -> {
                BareNode node = new BareNode(self, config, world, this);
                world.scheduler().execute(() -> {
                    world.link().start(node);
                    onBound.accept(node);
                    node.step(Input.Start.of(stored, world.scheduler().epochMillis()));
                });
                return node;
            });
        }
    }

    private final Origin self;
    private final NodeLauncher.World world;
    private final String cluster;
    private final Ether ether;
    private final RingMachine machine;
    private final ArrayDeque<Effect> effects = new ArrayDeque<>();
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    private final ArrayDeque<Waiting> ordered = new ArrayDeque<>();
    private final List<BareHandle> handles = new ArrayList<>();
    private final List<MonoSink<Void>> ends = new ArrayList<>();
    private NodeScheduler.Cancellation timer = () -> {};
    private boolean persisting;
    private boolean isShut;
    private boolean isPrimary;
    private boolean over;
    private boolean leaving;

    private BareNode(NodeId self, NodeSettings config, NodeLauncher.World world, Ether ether) {
        this.self = new Origin(
                self, (world.scheduler().epochMillis() << 16) + world.random().nextInt(1 << 16));
        this.world = world;
        this.cluster = config.cluster();
        this.ether = ether;
        this.machine = new RingMachine(this.self, config, this, world.random(), new RingObserver() {}, world.witness());
    }

    private void step(Input input) {
        if (over) {
            return;
        }
        try {
            machine.step(world.scheduler().nowNanos(), input);
            effects.addAll(machine.drain());
            carryOut();
            timer.cancel();
            long deadline = machine.nextDeadlineNanos();
            if (deadline != Long.MAX_VALUE) {
                timer = world.scheduler().schedule(deadline, () -> step(new Input.TimerDue()));
            }
        } catch (TotemException broken) {
            over = true;
            ends.forEach(end -> end.error(broken));
        }
    }

    private void carryOut() {
        while (!persisting && !effects.isEmpty()) {
            carryOut(effects.remove());
        }
        world.link().flush();
        if (leaving && effects.isEmpty()) {
            leaving = false;
            over = true;
            handles.forEach(handle -> handle.worker.schedule(() -> handle.sinks.forEach(FluxSink::complete)));
        }
    }

    private void carryOut(Effect effect) {
        if (effect instanceof Effect.Multicast multicast) {
            world.link().multicast(frame(multicast.message()));
        } else if (effect instanceof Effect.Unicast unicast && unicast.to().equals(self.node())) {
            world.scheduler().execute(() -> step(new Input.Received(unicast.message())));
        } else if (effect instanceof Effect.Unicast unicast) {
            world.link().unicast(unicast.to(), frame(unicast.message()));
        } else if (effect instanceof Effect.Persist persist) {
            persisting = true;
            world.disk()
                    .store(persist.ringSeq() + RingId.STEP)
                    .subscribe(
                            done -> {},
                            failure -> {},
                            () -> world.scheduler().execute(() -> {
                                persisting = false;
                                carryOut();
                            }));
        } else if (effect instanceof Effect.Install install) {
            handles.forEach(handle -> handle.emit(install.change()));
            if (install.change().isRegular()) {
                opened(install.change());
            }
        } else if (effect instanceof Effect.Deliver deliver) {
            deliver(deliver.message());
        } else if (effect instanceof Effect.Stop stop) {
            over = true;
            ends.forEach(end -> end.error(stop.reason()));
        }
    }

    /** Nothing was originated on the new ring before: now it is known what may be. */
    private void opened(ConfigChange change) {
        isShut = false;
        isPrimary = change.isPrimary();
        waiting.removeIf(this::refused);
        world.scheduler().execute(() -> step(new Input.Submitted()));
    }

    private boolean refused(Waiting sending) {
        boolean isRefused = sending.message.isOnlyInPrimary() && !isShut && !isPrimary;
        if (isRefused) {
            sending.handle.worker.schedule(() -> sending.sink.error(new SendFailedException(
                    SendFailedException.Fate.REFUSED, "only for a primary configuration", true)));
        }
        return isRefused;
    }

    private void deliver(RegularMessage regular) {
        Message message = (Message)
                ether.values.get(regular.packet().getInt(regular.packet().position()));
        Position position = new Position(regular.ring(), regular.seq(), 0);
        Delivery delivery = new Delivery(
                regular.origin().node(), message.groups(), message.guarantee(), position, message.payload());
        handles.forEach(handle -> handle.emit(delivery));
        if (regular.origin().equals(self)) {
            Waiting sent = ordered.remove();
            sent.handle.worker.schedule(() -> sent.sink.success(position));
        }
    }

    private ByteBuffer frame(ProtocolMessage message) {
        int bytes = message instanceof RegularMessage regular ? regular.packet().remaining() : 100;
        ByteBuffer frame = ByteBuffer.allocate(8 + bytes);
        frame.putInt(frame.capacity()).putInt(ether.put(message));
        return frame.rewind();
    }

    @Override
    public void received(ByteBuffer bytes, SocketAddress source) {
        while (bytes.hasRemaining()) {
            int start = bytes.position();
            int length = bytes.getInt();
            ProtocolMessage message = (ProtocolMessage) ether.values.get(bytes.getInt());
            bytes.position(start + length);
            step(new Input.Received(message));
        }
    }

    @Override
    public int backlog() {
        return isShut ? 0 : waiting.size();
    }

    @Override
    public Optional<Packet> next() {
        Optional<Waiting> next = isShut ? Optional.empty() : Optional.ofNullable(waiting.poll());
        return next.map(sending -> {
            ordered.add(sending);
            ByteBuffer packet = ByteBuffer.allocate(4 + sending.message.payload().length);
            packet.putInt(ether.put(sending.message));
            return new Packet(sending.message.guarantee(), packet.rewind());
        });
    }

    @Override
    public void configurationInstalled() {
        isShut = true;
    }

    @Override
    public NodeId id() {
        return self.node();
    }

    @Override
    public EvsHandle openHandle() {
        throw new UnsupportedOperationException();
    }

    @Override
    public EvsHandle openHandle(Scheduler scheduler) {
        BareHandle handle = new BareHandle(scheduler.createWorker());
        handles.add(handle);
        return handle;
    }

    @Override
    public EvsHandle openHandle(Scheduler scheduler, String name) {
        return openHandle(scheduler);
    }

    @Override
    public Membership membership() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Lease lease() {
        throw new UnsupportedOperationException();
    }

    @Override
    public String cluster() {
        return cluster;
    }

    @Override
    public NodeHealth health() {
        return new NodeHealth(
                machine.phase() == RingPhase.OPERATIONAL
                        ? List.of()
                        : List.of(new NodeHealth.Reason(NodeHealth.Code.NO_RING, String.valueOf(machine.phase()))));
    }

    @Override
    public List<String> blackBox() {
        return List.of();
    }

    @Override
    public NodeStats stats() {
        return NodeStats.of(Map.of());
    }

    @Override
    public Mono<RingProgress> progress() {
        return Mono.empty();
    }

    @Override
    public Mono<SortedMap<GroupName, Integer>> groups(int most) {
        return Mono.just(new TreeMap<>());
    }

    @Override
    public Mono<Position> expel(NodeId member, int keyId) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Mono<Position> rekey(int keyId) {
        throw new UnsupportedOperationException("a bare node has no keys");
    }

    @Override
    public Mono<Void> leave() {
        return Mono.fromRunnable(() -> {
            leaving = true;
            step(new Input.Leave());
        });
    }

    @Override
    public Mono<Void> onClose() {
        return Mono.create(ends::add);
    }

    @Override
    public void dispose() {
        leave().subscribe();
    }

    @Override
    public boolean isDisposed() {
        return leaving || over;
    }

    private record Waiting(BareHandle handle, Message message, MonoSink<Position> sink) {}

    private final class BareHandle implements EvsHandle {

        private final Scheduler.Worker worker;
        private final Set<GroupName> groups = new TreeSet<>();
        private final List<FluxSink<EvsEvent>> sinks = new ArrayList<>();

        BareHandle(Scheduler.Worker worker) {
            this.worker = worker;
        }

        private void emit(EvsEvent event) {
            boolean ours = event instanceof ConfigChange
                    || (event instanceof Delivery delivery
                            && delivery.groups().stream().anyMatch(groups::contains));
            if (ours) {
                worker.schedule(() -> sinks.forEach(sink -> sink.next(event)));
            }
        }

        @Override
        public MemberId id() {
            return new MemberId(self.node(), self.incarnation(), 1 + handles.indexOf(this));
        }

        @Override
        public Mono<Void> watch(Collection<GroupName> groups) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Mono<Void> unwatch(Collection<GroupName> groups) {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<GroupMember> members(String group) {
            return List.of();
        }

        @Override
        public Mono<Position> join(Collection<GroupName> more) {
            return Mono.fromRunnable(() -> groups.addAll(more));
        }

        @Override
        public Mono<Position> leave(Collection<GroupName> some) {
            return Mono.empty();
        }

        @Override
        public Set<GroupName> groups() {
            // They are a filter here, and no part of the order.
            return Set.of();
        }

        @Override
        public Mono<Position> send(Message message) {
            return Mono.create(sink -> {
                Waiting sending = new Waiting(this, message, sink);
                if (!refused(sending)) {
                    waiting.add(sending);
                }
                world.scheduler().execute(() -> step(new Input.Submitted()));
            });
        }

        @Override
        public Flux<Position> sendAll(Publisher<Message> messages) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Flux<EvsEvent> events(OverflowPolicy policy) {
            return Flux.create(sinks::add);
        }

        @Override
        public Mono<Void> close() {
            return Mono.empty();
        }

        @Override
        public void dispose() {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean isDisposed() {
            return over;
        }
    }
}
