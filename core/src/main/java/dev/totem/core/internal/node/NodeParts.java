/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node;

import dev.totem.core.ConfigurationException;
import dev.totem.core.NodeId;
import dev.totem.core.Statistic;
import dev.totem.core.internal.group.GroupEnvelope;
import dev.totem.core.internal.message.Origin;
import dev.totem.core.internal.node.close.NodeClosing;
import dev.totem.core.internal.node.crossing.DeliveryMemory;
import dev.totem.core.internal.node.crossing.LaneWatch;
import dev.totem.core.internal.node.crossing.LoopMailbox;
import dev.totem.core.internal.node.crossing.WokenLanes;
import dev.totem.core.internal.node.deliver.DeliveryRoom;
import dev.totem.core.internal.node.deliver.DispatchQueue;
import dev.totem.core.internal.node.deliver.GatedSource;
import dev.totem.core.internal.node.deliver.GroupOrder;
import dev.totem.core.internal.node.deliver.OwnRoll;
import dev.totem.core.internal.node.deliver.Routes;
import dev.totem.core.internal.node.deliver.SlowSubscribers;
import dev.totem.core.internal.node.environment.NodeEnvironment;
import dev.totem.core.internal.node.keys.KeyRotation;
import dev.totem.core.internal.node.loop.InboundPath;
import dev.totem.core.internal.node.loop.NodeLease;
import dev.totem.core.internal.node.loop.NodeLoop;
import dev.totem.core.internal.node.loop.OutboundPath;
import dev.totem.core.internal.node.loop.RingNumbers;
import dev.totem.core.internal.node.observe.AuditLog;
import dev.totem.core.internal.node.observe.BlackBox;
import dev.totem.core.internal.node.observe.FlightObserver;
import dev.totem.core.internal.node.observe.HealthWatch;
import dev.totem.core.internal.node.observe.LoggingObserver;
import dev.totem.core.internal.node.observe.NodeCounters;
import dev.totem.core.internal.node.observe.NodeObserver;
import dev.totem.core.internal.node.observe.Sightings;
import dev.totem.core.internal.node.send.Admission;
import dev.totem.core.internal.node.send.PendingSend;
import dev.totem.core.internal.node.send.PendingSends;
import dev.totem.core.internal.node.send.PrimaryPart;
import dev.totem.core.internal.packing.Packer;
import dev.totem.core.internal.packing.Unpacker;
import dev.totem.core.internal.protocol.RingMachine;
import dev.totem.core.internal.settings.BufferLimits;
import dev.totem.core.internal.settings.NodeSettings;
import dev.totem.core.internal.wire.MessageCodec;
import dev.totem.core.spi.DatagramLink;
import dev.totem.core.spi.NodeScheduler;
import dev.totem.core.spi.SealSession;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The parts of a running node that its users' calls reach, by way of the mailbox. */
record NodeParts(
        NodeLoop loop,
        LoopMailbox mailbox,
        PendingSends sends,
        DispatchQueue dispatch,
        NodeClosing closing,
        KeyRotation rotation,
        NodeObserver observer,
        NodeLease lease,
        LaneWatch laneWatch,
        KnownPeers peers,
        Supplier<Map<Statistic, Long>> linkStatistics) {

    /** An incarnation is wall-clock milliseconds, then random bits that tell lives of the same millisecond apart. */
    private static final int RANDOM_BITS = 20;

    /** Nothing more is originated when this part of the window waits for the node's memory. */
    private static final int BACKLOG_PART = 4;

    /** Where the link hands over what it reads; exists before what takes it, as the link must start first. */
    private static final class Inlet implements DatagramLink.Receiver {

        private @Nullable InboundPath path;

        @Override
        public void received(ByteBuffer bytes, SocketAddress source) {
            InboundPath to = path;
            if (to != null) {
                to.received(bytes, source);
            }
        }

        @Override
        public void misplaced(NodeId claimed, SocketAddress source, Optional<NodeId> listed) {
            InboundPath to = path;
            if (to != null) {
                to.misplaced(claimed, source, listed);
            }
        }

        @Override
        public void noticeDue() {
            InboundPath to = path;
            if (to != null) {
                to.noticeDue();
            }
        }

        @Override
        public void tell(Optional<NodeId> to, ByteBuffer notice, int frameBytes) {
            InboundPath by = path;
            if (by != null) {
                by.tell(to, notice, frameBytes);
            }
        }
    }

    /** Starts the link and makes everything that drives the machine; on the loop. */
    static NodeParts make(
            NodeId self, NodeSettings config, NodeEnvironment environment, RingNumbers.Reserved reserved) {
        NodeScheduler scheduler = environment.scheduler();
        DatagramLink link = environment.link();
        Origin origin = new Origin(self, incarnation(environment));
        SealSession session = environment.seal().session(self, config.cluster());
        Inlet inlet = new Inlet();
        link.start(inlet);
        LoggingObserver log = new LoggingObserver(self, scheduler::nowNanos);
        Sightings sightings = new Sightings(
                new Sightings.Ours(
                        self,
                        config.cluster(),
                        environment.seal().suite(),
                        config.timing().consensus(),
                        link.frameBytesMax()),
                scheduler::nowNanos,
                log::seen);
        NodeObserver observer = new NodeObserver(
                new NodeCounters(),
                log,
                new AuditLog(self, scheduler::nowNanos),
                new HealthWatch(config.timing().token(), scheduler::nowNanos, sightings),
                FlightObserver.of(self, scheduler::nowNanos),
                new BlackBox(scheduler::epochMillis));
        requirePackets(link, session);
        Packer<PendingSend> packer = new Packer<>(() -> packetBytes(link.frameBytes(), session));
        GatedSource source = new GatedSource(packer);
        MemoryShares memory = MemoryShares.of(
                config.buffers().memoryBytes(), Runtime.getRuntime().maxMemory());
        NodeSettings fitted = config.withFlow(memory.fit(config.flow(), link.frameBytesMax()));
        observer.log().windowFitted(config.flow(), fitted.flow(), config.buffers());
        RingMachine machine =
                new RingMachine(origin, fitted, source, environment.random(), observer, environment.witness());
        Admission admission = new Admission(memory.sendBytes());
        WokenLanes woken = new WokenLanes();
        PendingSends sends = new PendingSends(
                new PrimaryPart(self, config.quorum()), self, packer, admission, woken, config.buffers());
        SlowSubscribers slow = new SlowSubscribers(config.buffers().stallLimit(), scheduler::nowNanos);
        DeliveryMemory waiting = new DeliveryMemory(memory.deliveryBytes());
        Routes routes = new Routes();
        GroupOrder groups = new GroupOrder(origin, new OwnRoll(origin, sends), routes, source, observer.counters());
        DispatchQueue dispatch = new DispatchQueue(
                origin,
                routes,
                groups,
                new Unpacker(
                        BufferLimits.MESSAGE_BYTES_MOST + GroupEnvelope.BYTES_MAX,
                        config.buffers().messageBytesMax() + GroupEnvelope.BYTES_MAX,
                        config.buffers().memoryBytes()),
                sends,
                observer.counters(),
                new DispatchQueue.Bounds(
                        new DeliveryRoom(slow, waiting), woken, fitted.flow().windowSize() / BACKLOG_PART));
        NodeClosing closing = new NodeClosing(
                environment, session, machine, dispatch, sends, config.buffers().closeLimit());
        NodeLease lease = new NodeLease(scheduler::nowNanos);
        OutboundPath outbound = new OutboundPath(origin, link, session);
        NodeLoop loop = new NodeLoop(
                environment,
                machine,
                source,
                new NodeLoop.Parts(
                        outbound,
                        dispatch,
                        sends,
                        new NodeLoop.Memory(admission, waiting),
                        slow,
                        closing,
                        reserved,
                        observer,
                        lease));
        LoopMailbox mailbox = new LoopMailbox(scheduler, loop);
        waiting.whenRoom(() -> mailbox.submit(dispatch::memoryAgain));
        scheduler.whenEnded(mailbox::loopEnded);
        KeyRotation rotation = new KeyRotation(
                self,
                session.keys(),
                new KeyRotation.Surroundings(
                        environment.seal(),
                        sends,
                        task -> mailbox.submit(() -> loop.unlessEnded(task)),
                        machine::phase,
                        scheduler::nowNanos,
                        observer));
        dispatch.keyNotices(rotation);
        inlet.path = new InboundPath(environment, session, outbound, rotation, observer, loop);
        LaneWatch laneWatch =
                new LaneWatch(scheduler::scheduleElsewhere, config.buffers().stallLimit());
        return new NodeParts(
                loop,
                mailbox,
                sends,
                dispatch,
                closing,
                rotation,
                observer,
                lease,
                laneWatch,
                new KnownPeers(self, link, session),
                link::statistics);
    }

    private static long incarnation(NodeEnvironment environment) {
        long life = environment.random().nextLong() >>> (Long.SIZE - RANDOM_BITS);
        return environment.scheduler().epochMillis() << RANDOM_BITS | life;
    }

    private static void requirePackets(DatagramLink link, SealSession session) {
        int bytes = packetBytes(link.frameBytesLeast(), session);
        if (bytes < Packer.PACKET_BYTES_MIN) {
            throw new ConfigurationException(
                    "netmtu",
                    String.valueOf(link.frameBytesLeast()),
                    "frames of this size leave " + bytes + " bytes for messages, at least " + Packer.PACKET_BYTES_MIN
                            + " are needed");
        }
    }

    /** A packet leaves room for the header of its message, and for the one it is wrapped in during recovery. */
    private static int packetBytes(int frameBytes, SealSession session) {
        int bytes = frameBytes
                - session.overheadBytes()
                - MessageCodec.REGULAR_HEADER_BYTES
                - MessageCodec.RECOVERED_HEADER_BYTES;
        return Math.min(bytes, Packer.PACKET_BYTES_MAX);
    }
}
