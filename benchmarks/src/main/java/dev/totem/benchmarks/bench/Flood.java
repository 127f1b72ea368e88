/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.bench;

import dev.totem.core.spi.SealHeader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.PortUnreachableException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/**
 * Somebody without the key who hears a multicast group on loopback, and pours datagrams of one kind over one of its members. Any
 * thread; hears and sends in one of its own.
 */
final class Flood implements AutoCloseable {

    /** What he sends; {@code HostileBenchmark} says what each costs the seal. */
    enum Kind {
        /** Random bytes. */
        GARBAGE,
        /** As many headers as fit into a datagram of an Ethernet, of a suite that nobody uses here. */
        OTHER_SUITE,
        /** Headers with the cluster and the key, a life that never was and any guard. */
        UNKNOWN_LIFE,
        /** What he has heard a moment ago. */
        REPLAYED,
        /** Frames of lives that have ended, with wrong tags. */
        ENDED_LIFE;

        static Kind of(String text) {
            return valueOf(text.toUpperCase(Locale.ROOT).replace('-', '_'));
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    private static final int HEARD_MAX = 300;
    private static final int DATAGRAMS = 64;
    private static final int BYTES = 100;
    private static final int SMALL_FRAMES = 45;
    private static final int OTHER_SUITE = 200;

    private final DatagramChannel ear = DatagramChannel.open(StandardProtocolFamily.INET);
    private final DatagramChannel mouth = DatagramChannel.open(StandardProtocolFamily.INET);
    private final List<byte[]> heard = new ArrayList<>();
    private final Random random = new Random(22);
    private final Kind kind;
    private final int perSecond;
    private final InetSocketAddress victim;
    private final List<byte[]> ended;
    private final Thread thread = new Thread(this::run, "flood");
    private volatile boolean isClosed;
    private volatile long sent;
    private volatile long startNanos;
    private volatile long endNanos;

    /**
     * @param perSecond 0 to hear only
     * @param ended frames of lives that have ended, for that kind
     */
    Flood(InetSocketAddress group, InetSocketAddress victim, Kind kind, int perSecond, List<byte[]> ended)
            throws IOException {
        this.victim = victim;
        this.kind = kind;
        this.perSecond = perSecond;
        this.ended = List.copyOf(ended);
        ear.setOption(StandardSocketOptions.SO_REUSEADDR, true);
        ear.bind(group);
        ear.join(group.getAddress(), NetworkInterface.getByInetAddress(InetAddress.getLoopbackAddress()));
        ear.configureBlocking(false);
        thread.setDaemon(true);
        thread.start();
    }

    /** Datagrams a second, from the first to the last. */
    double rate() {
        return sent == 0 ? 0 : sent * 1e9 / (endNanos - startNanos);
    }

    /** What he has heard; after {@link #close}. */
    List<byte[]> heard() {
        return List.copyOf(heard);
    }

    private void run() {
        try {
            hear();
            ear.close();
            if (perSecond > 0 && !isClosed) {
                send(datagrams());
            }
        } catch (PortUnreachableException over) {
            // the run has ended before he has
        } catch (IOException failed) {
            System.err.println("the flood ended: " + failed);
        }
    }

    /** First of the nodes that come up, then of the ring that works. */
    private void hear() throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(SealHeader.FRAME_BYTES_MAX);
        while (!isClosed && heard.size() < HEARD_MAX) {
            if (ear.receive(buffer.clear()) == null) {
                LockSupport.parkNanos(1_000_000);
            } else {
                buffer.flip();
                int frameBytes = SealHeader.skipFrame(buffer);
                if (frameBytes > BYTES && SealHeader.kindAt(buffer, 0) == SealHeader.KIND_PROTOCOL) {
                    heard.add(Arrays.copyOf(buffer.array(), frameBytes));
                }
            }
        }
    }

    private List<byte[]> datagrams() {
        List<byte[]> datagrams = new ArrayList<>();
        List<byte[]> frames = kind == Kind.ENDED_LIFE ? ended : heard;
        for (int i = 0; i < DATAGRAMS; i++) {
            datagrams.add(datagram(frames.get(i % frames.size()).clone()));
        }
        return datagrams;
    }

    private byte[] datagram(byte[] frame) {
        ByteBuffer header = ByteBuffer.wrap(frame);
        switch (kind) {
            case GARBAGE -> {
                byte[] garbage = new byte[BYTES];
                random.nextBytes(garbage);
                return garbage;
            }
            case OTHER_SUITE -> {
                ByteBuffer small = ByteBuffer.allocate(SMALL_FRAMES * SealHeader.BYTES);
                while (small.hasRemaining()) {
                    small.put(frame, 0, 2).put((byte) OTHER_SUITE).put(frame[3]);
                    small.putShort((short) SealHeader.BYTES).put(frame, 6, SealHeader.BYTES - 6);
                }
                return small.array();
            }
            case UNKNOWN_LIFE -> {
                header.putShort(4, (short) BYTES).putLong(16, random.nextLong());
                return Arrays.copyOf(frame, BYTES);
            }
            case REPLAYED -> {
                return frame;
            }
            default -> {
                frame[frame.length - 1] ^= 1;
                return frame;
            }
        }
    }

    private void send(List<byte[]> datagrams) throws IOException {
        mouth.connect(victim);
        List<ByteBuffer> ready = datagrams.stream().map(ByteBuffer::wrap).toList();
        startNanos = System.nanoTime();
        long dueFromNanos = startNanos;
        for (long i = 0; !isClosed; i++) {
            long leftNanos = dueFromNanos + i * 1_000_000_000L / perSecond - System.nanoTime();
            if (leftNanos > 0) {
                LockSupport.parkNanos(leftNanos);
            } else if (leftNanos < -1_000_000_000L) {
                // What this machine cannot send is not sent later.
                dueFromNanos -= leftNanos;
            }
            mouth.write(ready.get((int) (i % ready.size())).rewind());
            sent = i + 1;
            endNanos = System.nanoTime();
        }
    }

    @Override
    public void close() throws IOException {
        isClosed = true;
        try {
            thread.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        ear.close();
        mouth.close();
    }
}
