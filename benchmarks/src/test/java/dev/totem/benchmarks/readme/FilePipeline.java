/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.readme;

import dev.totem.core.Delivery;
import dev.totem.core.EvsHandle;
import dev.totem.core.Message;
import dev.totem.core.Position;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SynchronousSink;
import reactor.core.scheduler.Schedulers;

/** From a file to a ring to files: the disk is read as fast as the slowest writer writes. */
final class FilePipeline {

    private static final int CHUNK_BYTES = 8_192;

    private FilePipeline() {}

    // example:files
    /** Reads a chunk when the ring has room for it; an empty message says that it was the last. */
    static Flux<Position> send(Path file, EvsHandle handle) {
        Flux<Message> chunks = Flux.using(() -> Files.newInputStream(file), FilePipeline::chunks, FilePipeline::close);
        return handle.sendAll(chunks.concatWithValues(Message.to("file")).subscribeOn(Schedulers.boundedElastic()));
    }

    /** Writes what comes, at the speed of the disk, and completes behind the last chunk. */
    static Mono<Void> receive(EvsHandle handle, Path file) {
        Flux<Delivery> chunks =
                handle.deliveries().mergeWith(handle.join("file").then(Mono.empty()));
        return Mono.using(
                () -> Files.newOutputStream(file),
                out -> chunks.publishOn(Schedulers.boundedElastic(), 16)
                        .takeWhile(chunk -> chunk.payloadBytes() > 0)
                        .doOnNext(chunk -> write(out, chunk.payload()))
                        .then(),
                FilePipeline::close);
    }
    // example:end

    private static Flux<Message> chunks(InputStream in) {
        return Flux.generate(sink -> read(in, sink));
    }

    private static void read(InputStream in, SynchronousSink<Message> sink) {
        try {
            byte[] chunk = in.readNBytes(CHUNK_BYTES);
            if (chunk.length == 0) {
                sink.complete();
            } else {
                sink.next(Message.to("file").payload(chunk));
            }
        } catch (IOException e) {
            sink.error(e);
        }
    }

    private static void write(OutputStream out, byte[] chunk) {
        try {
            out.write(chunk);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void close(Closeable file) {
        try {
            file.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
