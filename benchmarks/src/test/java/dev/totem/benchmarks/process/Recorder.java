/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;

/**
 * Stands between nodes on loopback that know each other by its addresses only, passes on what they say, and keeps it to be
 * said again. Any thread; passes on in one of its own.
 */
final class Recorder implements AutoCloseable {

    /** One datagram on its way: to whom, by the address of whom, and what. */
    record Datagram(int to, int from, byte[] bytes) {}

    private static final int DATAGRAMS_MAX = 50_000;
    private static final int BUFFER_BYTES = 4 << 20;

    private final InetSocketAddress[] nodes;

    /** {@code ways[x][y]}: where node x sends what is for node y, and from where it hears of y. */
    private final DatagramChannel[][] ways;

    private final Selector selector = Selector.open();
    private final List<Datagram> recording = new ArrayList<>();
    private final Thread thread = new Thread(this::run, "recorder");
    private volatile boolean echoes;
    private volatile UnaryOperator<byte[]> change = bytes -> bytes;

    private record Way(int from, int to) {}

    /** @param ports those of the nodes 1, 2, … */
    Recorder(int[] ports) throws IOException {
        int count = ports.length;
        nodes = new InetSocketAddress[count + 1];
        ways = new DatagramChannel[count + 1][count + 1];
        for (int id = 1; id <= count; id++) {
            nodes[id] = new InetSocketAddress(InetAddress.getLoopbackAddress(), ports[id - 1]);
            for (int peer = 1; peer <= count; peer++) {
                if (peer != id) {
                    DatagramChannel channel = DatagramChannel.open();
                    channel.setOption(java.net.StandardSocketOptions.SO_RCVBUF, BUFFER_BYTES);
                    channel.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                    channel.configureBlocking(false);
                    channel.register(selector, SelectionKey.OP_READ, new Way(id, peer));
                    ways[id][peer] = channel;
                }
            }
        }
        thread.setDaemon(true);
        thread.start();
    }

    /** Where a node finds another. */
    int portOf(int peer, int asSeenBy) throws IOException {
        return ((InetSocketAddress) ways[asSeenBy][peer].getLocalAddress()).getPort();
    }

    /** From now on everything is said twice, to everybody. */
    void echo(boolean on) {
        echoes = on;
    }

    /** From now on this arrives instead of what was sent; asked on the recorder's thread. */
    void change(UnaryOperator<byte[]> to) {
        change = to;
    }

    /** The first datagrams that passed, at most {@link #DATAGRAMS_MAX}. */
    List<Datagram> recording() {
        synchronized (recording) {
            return new ArrayList<>(recording);
        }
    }

    /** Says it all again, to everybody, at a rate that nobody's buffer minds. */
    void play(List<Datagram> datagrams, int perSecond) throws IOException {
        long start = System.nanoTime();
        for (int i = 0; i < datagrams.size(); i++) {
            long dueNanos = start + i * 1_000_000_000L / perSecond;
            for (long left = dueNanos - System.nanoTime(); left > 0; left = dueNanos - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            toEverybody(datagrams.get(i));
        }
    }

    private void toEverybody(Datagram datagram) throws IOException {
        for (int id = 1; id < nodes.length; id++) {
            if (id != datagram.from()) {
                ways[id][datagram.from()].send(ByteBuffer.wrap(datagram.bytes()), nodes[id]);
            }
        }
    }

    private void run() {
        ByteBuffer buffer = ByteBuffer.allocate(65_536);
        try {
            while (selector.isOpen()) {
                selector.select();
                for (SelectionKey key : selector.selectedKeys()) {
                    pass((DatagramChannel) key.channel(), (Way) key.attachment(), buffer);
                }
                selector.selectedKeys().clear();
            }
        } catch (ClosedSelectorException closed) {
            // the test is over
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private void pass(DatagramChannel channel, Way way, ByteBuffer buffer) throws IOException {
        while (channel.receive(buffer.clear()) != null) {
            byte[] bytes = new byte[buffer.flip().remaining()];
            buffer.get(bytes);
            Datagram datagram = new Datagram(way.to(), way.from(), bytes);
            synchronized (recording) {
                if (recording.size() < DATAGRAMS_MAX) {
                    recording.add(datagram);
                }
            }
            ways[way.to()][way.from()].send(ByteBuffer.wrap(change.apply(bytes)), nodes[way.to()]);
            if (echoes) {
                toEverybody(datagram);
            }
        }
    }

    @Override
    public void close() throws IOException {
        selector.close();
        for (DatagramChannel[] row : ways) {
            for (DatagramChannel channel : row) {
                if (channel != null) {
                    channel.close();
                }
            }
        }
    }
}
