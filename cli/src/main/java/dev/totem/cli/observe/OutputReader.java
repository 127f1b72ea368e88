/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli.observe;

import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.IoRegistration;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Whether somebody still reads the standard output of this process: the reader of a pipe that goes away is noticed without a line that
 * is written to nobody. Where there is no epoll, and for what is no pipe or socket, there is always somebody. Any thread.
 */
final class OutputReader implements AutoCloseable {

    private static final int STDOUT = 1;

    private final Optional<IoEventLoopGroup> loop;
    private volatile boolean isGone;

    private OutputReader(Optional<IoEventLoopGroup> loop) {
        this.loop = loop;
    }

    /** Begins to watch. */
    static OutputReader watch() {
        OutputReader reader = new OutputReader(
                Epoll.isAvailable()
                        ? Optional.of(new MultiThreadIoEventLoopGroup(
                                1, new DefaultThreadFactory("totem-stdout", true), EpollIoHandler.newFactory()))
                        : Optional.empty());
        reader.loop.ifPresent(reader::register);
        return reader;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the listener is told
    private void register(IoEventLoopGroup group) {
        group.register(new Handle()).addListener((Future<IoRegistration> registered) -> {
            if (registered.isSuccess()) {
                submit(registered.getNow());
            }
        });
    }

    private static void submit(IoRegistration registration) {
        try {
            registration.submit(EpollIoOps.EPOLLERR);
        } catch (UncheckedIOException noPipe) {
            // a file has no reader that goes away
        }
    }

    boolean isGone() {
        return isGone;
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // its thread ends by itself
    public void close() {
        loop.ifPresent(group -> group.shutdownGracefully(0, 0, TimeUnit.SECONDS));
    }

    private final class Handle implements EpollIoHandle {

        private final FileDescriptor stdout = new FileDescriptor(STDOUT);

        @Override
        public FileDescriptor fd() {
            return stdout;
        }

        @Override
        public void handle(IoRegistration registration, IoEvent event) {
            isGone = true;
            registration.cancel();
        }

        /** It is not ours to close. */
        @Override
        public void close() {}
    }
}
