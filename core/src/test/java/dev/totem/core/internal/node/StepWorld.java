/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.node;

import dev.totem.core.NodeId;
import dev.totem.core.Statistic;
import dev.totem.core.Statistics;
import dev.totem.core.TotemNode;
import dev.totem.core.internal.node.environment.NodeEnvironment;
import dev.totem.core.internal.node.environment.RingReserve;
import dev.totem.core.internal.protocol.StepWitness;
import dev.totem.core.internal.settings.NodeSettings;
import dev.totem.core.spi.DatagramLink;
import dev.totem.core.spi.DatagramSeal;
import dev.totem.core.spi.NodeScheduler;
import dev.totem.core.spi.OpenFailure;
import dev.totem.core.spi.RingSequenceStore;
import dev.totem.core.spi.SealSession;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Nodes, their links and their users on one thread with a clock that the test turns. */
public final class StepWorld {

    static final int FRAME_BYTES = 1_400;
    private static final long DELAY_NANOS = 100_000;

    /** Where user signals run: on the same clock, never inside a node's task. */
    final Scheduler users = Schedulers.fromExecutor(task -> at(0, task));

    private final PriorityQueue<Task> tasks = new PriorityQueue<>();
    private final Map<NodeId, Link> links = new LinkedHashMap<>();
    private final Random random = new Random(1);
    private long nowNanos = 1_000_000_000L;
    private long tasksMade;

    /** How far the calendar has gone on without the clock. */
    long calendarAheadMillis;

    private record Task(long atNanos, long number, Runnable work) implements Comparable<Task> {

        @Override
        public int compareTo(Task other) {
            return Comparator.comparingLong(Task::atNanos)
                    .thenComparingLong(Task::number)
                    .compare(this, other);
        }
    }

    /** A node's place: its loop, its link and its disk. */
    public final class Place {

        final NodeId id;
        public final Link link;
        public final Loop loop = new Loop();
        final Disk disk = new Disk();

        DatagramSeal seal = new PlainSeal();

        /** Each ring asks the disk. */
        RingReserve reserve = new RingReserve(1, Duration.ZERO);

        Place(int id) {
            this.id = NodeId.of(id);
            link = new Link(this.id, loop);
        }

        TotemNode start(NodeSettings config, Consumer<TotemNode> onBound) {
            List<TotemNode> made = new ArrayList<>();
            RunningNode.start(id, config, environment(), node -> {
                        made.add(node);
                        onBound.accept(node);
                    })
                    .subscribe(node -> {}, error -> {});
            // With a quorum a node waits for the leases of lives before it.
            runUntil(() -> !made.isEmpty(), Duration.ofSeconds(3));
            return made.get(0);
        }

        TotemNode start(NodeSettings config) {
            return start(config, node -> {});
        }

        NodeEnvironment environment() {
            return new NodeEnvironment(link, loop, seal, disk, random, reserve, StepWitness.NONE);
        }
    }

    /** A loop on the world's clock. */
    public final class Loop implements NodeScheduler {

        private boolean isRunning;
        public boolean isAsleep;
        private final List<Runnable> slept = new ArrayList<>();

        /** What came while it stood still happens now. */
        public void wake() {
            isAsleep = false;
            List.copyOf(slept).forEach(this::run);
            slept.clear();
        }

        @Override
        public long nowNanos() {
            return nowNanos;
        }

        @Override
        public long epochMillis() {
            return nowNanos / 1_000_000 + calendarAheadMillis;
        }

        @Override
        public void execute(Runnable task) {
            at(0, () -> run(task));
        }

        @Override
        public Cancellation schedule(long deadlineNanos, Runnable task) {
            boolean[] isCancelled = {false};
            at(Math.max(0, deadlineNanos - nowNanos), () -> {
                if (!isCancelled[0]) {
                    run(task);
                }
            });
            return () -> isCancelled[0] = true;
        }

        @Override
        public boolean inLoop() {
            return isRunning;
        }

        private void run(Runnable task) {
            if (isAsleep) {
                slept.add(task);
                return;
            }
            isRunning = true;
            try {
                task.run();
            } finally {
                isRunning = false;
            }
        }
    }

    /** A link to all places that are on the same side. */
    public final class Link implements DatagramLink {

        private final NodeId self;
        private final Loop loop;
        private final List<Runnable> queued = new ArrayList<>();
        private Receiver receiver;
        public int side;
        int flushes;
        int framesSent;
        boolean isBroken;

        /** Longer frames do not arrive here. */
        int takesMax = Integer.MAX_VALUE;

        Link(NodeId self, Loop loop) {
            this.self = self;
            this.loop = loop;
        }

        @Override
        public int frameBytesMax() {
            return FRAME_BYTES;
        }

        @Override
        public void start(Receiver to) {
            receiver = to;
            links.put(self, this);
        }

        @Override
        public void multicast(ByteBuffer frame) {
            if (isBroken) {
                throw new IllegalStateException("the link is broken");
            }
            byte[] copy = copy(frame);
            links.values().stream()
                    .filter(link -> link != this)
                    .forEach(link -> queued.add(() -> link.take(copy, side)));
            framesSent++;
        }

        @Override
        public void unicast(NodeId to, ByteBuffer frame) {
            byte[] copy = copy(frame);
            queued.add(() -> links.values().stream()
                    .filter(link -> link.self.equals(to))
                    .forEach(link -> link.take(copy, side)));
            framesSent++;
        }

        @Override
        public void reply(SocketAddress source, ByteBuffer frame) {
            throw new UnsupportedOperationException("this seal asks for no replies");
        }

        @Override
        public void flush() {
            flushes++;
            queued.forEach(delivery -> at(DELAY_NANOS, delivery));
            queued.clear();
        }

        @Override
        public boolean learn(NodeId node, SocketAddress source) {
            return false;
        }

        @Override
        public void proven(NodeId node, SocketAddress source, boolean isNewLife) {}

        @Override
        public Map<Statistic, Long> statistics() {
            return Map.of(Statistics.LINK_FRAMES_SENT, (long) framesSent);
        }

        @Override
        public Mono<Void> close() {
            return Mono.fromRunnable(() -> links.remove(self));
        }

        void take(byte[] frame, int fromSide) {
            if (links.get(self) == this && fromSide == side && frame.length <= takesMax) {
                loop.run(
                        () -> receiver.received(ByteBuffer.wrap(frame), InetSocketAddress.createUnresolved("test", 1)));
            }
        }
    }

    /** Stable storage that the test can stop or break, once the node has begun. */
    static final class Disk implements RingSequenceStore {

        long stored;
        boolean isStuck;
        boolean isBroken;
        int writes;

        @Override
        public Mono<Long> load() {
            return Mono.fromSupplier(() -> stored);
        }

        @Override
        public Mono<Void> store(long bound) {
            return Mono.defer(() -> {
                boolean isFirst = writes++ == 0;
                if (isStuck && !isFirst) {
                    return Mono.never();
                }
                if (isBroken) {
                    return Mono.error(new java.io.IOException("no space left"));
                }
                return Mono.fromRunnable(() -> stored = bound);
            });
        }
    }

    /** Frames with a length, the transmitter and nothing secret. */
    static final class PlainSeal implements DatagramSeal {

        private static final int HEADER_BYTES = 8;

        @Override
        public String suite() {
            return "plain-test";
        }

        @Override
        public SealSession session(NodeId self, String cluster) {
            return new SealSession() {
                @Override
                public int overheadBytes() {
                    return HEADER_BYTES;
                }

                @Override
                public void seal(ByteBuffer plaintext, ByteBuffer frame) {
                    frame.putInt(plaintext.remaining()).putInt(self.value()).put(plaintext);
                }

                @Override
                public Opened open(ByteBuffer frames) {
                    int length = frames.remaining() < HEADER_BYTES ? -1 : frames.getInt();
                    if (length < 0 || length > frames.remaining() - Integer.BYTES) {
                        frames.position(frames.limit());
                        return new Opened.Refused(OpenFailure.MALFORMED);
                    }
                    NodeId transmitter = NodeId.of(frames.getInt());
                    byte[] plaintext = new byte[length];
                    frames.get(plaintext);
                    return new Opened.Frame(transmitter, ByteBuffer.wrap(plaintext));
                }

                @Override
                public void close() {}
            };
        }
    }

    Place place(int id) {
        return new Place(id);
    }

    void at(long delayNanos, Runnable work) {
        tasks.add(new Task(nowNanos + delayNanos, tasksMade++, work));
    }

    /** Runs until the condition holds; says whether it did in that time. */
    boolean runUntil(BooleanSupplier condition, Duration limit) {
        long end = nowNanos + limit.toNanos();
        while (!condition.getAsBoolean()) {
            Task next = tasks.peek();
            if (next == null || next.atNanos() > end) {
                nowNanos = end;
                return condition.getAsBoolean();
            }
            tasks.remove();
            nowNanos = Math.max(nowNanos, next.atNanos());
            next.work().run();
        }
        return true;
    }

    public void run(Duration time) {
        runUntil(() -> false, time);
    }

    private static byte[] copy(ByteBuffer frame) {
        byte[] copy = new byte[frame.remaining()];
        frame.get(copy);
        return copy;
    }
}
