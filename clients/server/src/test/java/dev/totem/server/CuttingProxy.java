/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.server;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Stands between a client and its executive, and cuts their connections off in the middle of anything. */
final class CuttingProxy implements AutoCloseable {

    private final ServerSocketChannel server;
    private final UnixDomainSocketAddress executive;
    private final Set<SocketChannel> open = ConcurrentHashMap.newKeySet();
    private volatile boolean isRefusing;

    CuttingProxy(Path at, Path executive) throws IOException {
        this.executive = UnixDomainSocketAddress.of(executive);
        this.server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(at));
        daemon(this::accept);
    }

    private static void daemon(Runnable work) {
        Thread thread = new Thread(work, "proxy");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (true) {
                SocketChannel client = server.accept();
                if (isRefusing) {
                    client.close();
                    continue;
                }
                SocketChannel behind = SocketChannel.open(executive);
                open.addAll(List.of(client, behind));
                daemon(() -> copy(client, behind));
                daemon(() -> copy(behind, client));
            }
        } catch (IOException closed) {
            cut();
        }
    }

    private void copy(SocketChannel from, SocketChannel to) {
        ByteBuffer buffer = ByteBuffer.allocate(1_000);
        try {
            while (from.read(buffer) >= 0) {
                buffer.flip();
                while (buffer.hasRemaining()) {
                    to.write(buffer);
                }
                buffer.clear();
            }
        } catch (IOException cut) {
            // Both ends are closed below.
        }
        close(from);
        close(to);
    }

    private void close(SocketChannel channel) {
        open.remove(channel);
        try {
            channel.close();
        } catch (IOException gone) {
            throw new java.io.UncheckedIOException(gone);
        }
    }

    /** Ends all connections where they are. */
    void cut() {
        List.copyOf(open).forEach(this::close);
    }

    /** Whether new connections are closed at once. */
    void refuse(boolean refuses) {
        isRefusing = refuses;
    }

    @Override
    public void close() throws IOException {
        server.close();
        cut();
    }
}
