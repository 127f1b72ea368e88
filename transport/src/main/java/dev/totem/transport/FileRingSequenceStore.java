/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import dev.totem.core.ConfigurationException;
import dev.totem.core.NodeId;
import dev.totem.core.spi.RingSequenceStore;
import dev.totem.core.spi.SideThread;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Keeps the bound of the ring numbers in the file {@code ringseq-<id>} of a directory ({@code PROTOCOL.md} 8). Any thread;
 * the files are touched on a thread of its own, after {@link #open}.
 *
 * <p>Holds a lock, from the first use to {@link #close}, so that two processes of one machine do not share a number and, by
 * that, a node id. What fails is tried anew by who calls: a directory that was away and is back is used again.
 */
final class FileRingSequenceStore implements RingSequenceStore {

    private static final Logger LOG = LoggerFactory.getLogger(FileRingSequenceStore.class);

    private static final int CLOSE_SECONDS = 2;

    private static final String PREFIX = "ringseq ";

    private static final String CHECK = " crc32 ";

    private final Path directory;
    private final NodeId self;
    private final Path file;
    private final Path draft;
    private final Path lockFile;
    private final SideThread thread;
    private final Scheduler scheduler;
    private OwnLock lock;
    private boolean isClosed;

    private FileRingSequenceStore(Path directory, NodeId self, OwnLock lock) {
        this.directory = directory;
        this.self = self;
        this.file = directory.resolve("ringseq-" + self);
        this.draft = directory.resolve("ringseq-" + self + ".new");
        this.lockFile = lockFile(directory, self);
        this.thread = new SideThread("totem-" + self + "-state");
        this.scheduler = Schedulers.fromExecutor(thread);
        this.lock = lock;
    }

    /**
     * Makes the directory if need be, and locks the number; blocks.
     *
     * @throws ConfigurationException if the directory cannot be written, or another node uses the number
     */
    static FileRingSequenceStore open(Path directory, NodeId self) {
        try {
            Files.createDirectories(directory);
            return new FileRingSequenceStore(directory, self, lock(directory, self));
        } catch (IOException e) {
            throw StateTrouble.of(e).at(directory, e);
        }
    }

    private static OwnLock lock(Path directory, NodeId self) throws IOException {
        return OwnLock.take(lockFile(directory, self))
                .orElseThrow(() -> new ConfigurationException(
                        "state-dir",
                        directory.toString(),
                        "node " + self
                                + " already runs on this state: give each node an id of its own, or end the other"
                                + " process"));
    }

    private static Path lockFile(Path directory, NodeId self) {
        return directory.resolve("ringseq-" + self + ".lock");
    }

    @Override
    public Mono<Long> load() {
        return blocking(this::read);
    }

    @Override
    public Mono<Void> store(long bound) {
        return blocking(() -> {
                    write(bound);
                    return bound;
                })
                .then();
    }

    /**
     * Lets another node use the number: completes when what is being written is written, so that it does not come after
     * what the next life writes. A disc that does not answer is not waited for; nothing is begun any more.
     */
    Mono<Void> close() {
        return Mono.fromFuture(() -> CompletableFuture.runAsync(this::release, thread)
                .completeOnTimeout(null, CLOSE_SECONDS, TimeUnit.SECONDS));
    }

    private void release() {
        isClosed = true;
        try {
            lock.release();
        } catch (IOException e) {
            LOG.warn("node {}: the lock in {} was not released in order", self, directory, e);
        }
    }

    private Mono<Long> blocking(Callable<Long> access) {
        return Mono.fromCallable(() -> {
                    if (isClosed) {
                        throw new ClosedChannelException();
                    }
                    return access.call();
                })
                .onErrorMap(IOException.class, e -> StateTrouble.of(e).at(directory, e))
                .subscribeOn(scheduler);
    }

    private long read() throws IOException {
        String text;
        try {
            text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException none) {
            LOG.info("node {}: first start of node {} with its state in {}", self, self, directory);
            return 0;
        }
        OptionalLong number = parse(text);
        if (number.isEmpty()) {
            LOG.warn("node {}: {} is damaged; the ring numbers of this life begin with the clock's", self, file);
        }
        return number.orElse(0);
    }

    private void write(long bound) throws IOException {
        if (!Files.exists(lockFile)) {
            // The directory was replaced by another, which has to be this node's alone too.
            OwnLock former = lock;
            lock = lock(directory, self);
            former.release();
        }
        ByteBuffer bytes = ByteBuffer.wrap(format(bound).getBytes(StandardCharsets.ISO_8859_1));
        // A new file, not what somebody may have put there: a link leads to a file that this is to replace.
        Files.deleteIfExists(draft);
        try (FileChannel channel = FileChannel.open(draft, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        syncDirectory();
    }

    private void syncDirectory() throws IOException {
        FileChannel channel;
        try {
            channel = FileChannel.open(directory, StandardOpenOption.READ);
        } catch (AccessDeniedException notOpenable) {
            // Some systems open no directories; they order renames by themselves.
            return;
        }
        try (channel) {
            channel.force(true);
        }
    }

    /** A line with a check, because part of a number is a number too. */
    static String format(long ringSeq) {
        String head = PREFIX + ringSeq;
        CRC32 crc = new CRC32();
        crc.update(head.getBytes(StandardCharsets.ISO_8859_1));
        return head + CHECK + crc.getValue() + "\n";
    }

    private static OptionalLong parse(String text) {
        int end = text.indexOf(CHECK);
        if (!text.startsWith(PREFIX) || end < PREFIX.length()) {
            return OptionalLong.empty();
        }
        try {
            long number = Long.parseLong(text.substring(PREFIX.length(), end));
            return number >= 0 && format(number).equals(text) ? OptionalLong.of(number) : OptionalLong.empty();
        } catch (NumberFormatException damaged) {
            return OptionalLong.empty();
        }
    }
}
