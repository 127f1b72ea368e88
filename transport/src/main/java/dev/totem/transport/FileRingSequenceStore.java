/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import dev.totem.core.ConfigurationException;
import dev.totem.core.NodeId;
import dev.totem.core.spi.RingSequenceStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.zip.CRC32;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Keeps the ring sequence number in the file {@code ringseq-<id>} of a directory ({@code PROTOCOL.md} 8). Any thread; the
 * files are touched on {@code Schedulers.boundedElastic()} only.
 *
 * <p>Holds a lock, from the first use to {@link #close}, so that two processes of one machine do not share a number and, by
 * that, a node id.
 */
final class FileRingSequenceStore implements RingSequenceStore {

    private static final Logger LOG = LoggerFactory.getLogger(FileRingSequenceStore.class);

    private static final String PREFIX = "ringseq ";

    private static final String CHECK = " crc32 ";

    private final Path directory;
    private final NodeId self;
    private final Path file;
    private final Path draft;
    private final FileChannel lockChannel;

    private FileRingSequenceStore(Path directory, NodeId self, FileChannel lockChannel) {
        this.directory = directory;
        this.self = self;
        this.file = directory.resolve("ringseq-" + self);
        this.draft = directory.resolve("ringseq-" + self + ".new");
        this.lockChannel = lockChannel;
    }

    /**
     * Makes the directory if need be, and locks the number; blocks.
     *
     * @throws ConfigurationException if the directory cannot be written, or another node uses the number
     */
    static FileRingSequenceStore open(Path directory, NodeId self) {
        try {
            Files.createDirectories(directory);
            Path lockFile = directory.resolve("ringseq-" + self + ".lock");
            FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (!locked(channel)) {
                channel.close();
                throw new ConfigurationException(
                        "state-dir",
                        directory.toString(),
                        "node " + self
                                + " already runs on this state: give each node an id of its own, or end the other"
                                + " process");
            }
            return new FileRingSequenceStore(directory, self, channel);
        } catch (IOException e) {
            throw unusable(directory, e);
        }
    }

    /** The lock lives as long as its channel. */
    private static boolean locked(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException heldByThisProcess) {
            return false;
        }
    }

    @Override
    public Mono<Long> load() {
        return blocking(this::read);
    }

    @Override
    public Mono<Void> store(long ringSeq) {
        return blocking(() -> {
                    write(ringSeq);
                    return ringSeq;
                })
                .then();
    }

    /** Lets another node use the number. */
    void close() {
        try {
            lockChannel.close();
        } catch (IOException e) {
            LOG.warn("node {}: the lock in {} was not released in order", self, directory, e);
        }
    }

    private Mono<Long> blocking(Callable<Long> access) {
        return Mono.fromCallable(access)
                .onErrorMap(IOException.class, e -> unusable(directory, e))
                .subscribeOn(Schedulers.boundedElastic());
    }

    private static ConfigurationException unusable(Path directory, IOException cause) {
        return new ConfigurationException(
                "state-dir",
                directory.toString(),
                "cannot be used (" + cause + "): name a directory this user can write to",
                cause);
    }

    private long read() throws IOException {
        String text;
        try {
            text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException none) {
            LOG.warn("node {}: no ring sequence number in {}; starting from 0", self, file);
            return 0;
        }
        OptionalLong number = parse(text);
        if (number.isEmpty()) {
            LOG.warn("node {}: {} holds no ring sequence number, it is damaged; starting from 0", self, file);
        }
        return number.orElse(0);
    }

    private void write(long ringSeq) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(format(ringSeq).getBytes(StandardCharsets.ISO_8859_1));
        try (FileChannel channel = FileChannel.open(
                draft, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
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
        } catch (IOException notOpenable) {
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
