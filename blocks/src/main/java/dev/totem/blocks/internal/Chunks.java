/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks.internal;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import reactor.core.publisher.Flux;

/** Records of any size as the chunks of a snapshot, and back. One thread. */
public final class Chunks {

    private static final int CHUNK_BYTES = 64 * 1024;

    private byte[] rest = {};

    /** The records, each with its length before it, cut into chunks; they are encoded when they are asked for. */
    public static Flux<byte[]> of(Iterable<byte[]> records) {
        return Flux.generate(() -> new Cutter(records.iterator()), (cutter, sink) -> {
            byte[] chunk = cutter.next();
            if (chunk.length == 0) {
                sink.complete();
            } else {
                sink.next(chunk);
            }
            return cutter;
        });
    }

    private static final class Cutter {

        private final Iterator<byte[]> records;
        private ByteBuffer record = ByteBuffer.allocate(0);

        Cutter(Iterator<byte[]> records) {
            this.records = records;
        }

        byte[] next() {
            ByteArrayOutputStream chunk = new ByteArrayOutputStream(CHUNK_BYTES);
            while (chunk.size() < CHUNK_BYTES && (record.hasRemaining() || records.hasNext())) {
                if (!record.hasRemaining()) {
                    record = ByteBuffer.wrap(new Writer().bytes(records.next()).toBytes());
                }
                int length = Math.min(record.remaining(), CHUNK_BYTES - chunk.size());
                chunk.write(record.array(), record.position(), length);
                record.position(record.position() + length);
            }
            return chunk.toByteArray();
        }
    }

    /** Takes a chunk; the records that are whole with it. */
    public List<byte[]> add(byte[] chunk) {
        ByteBuffer in = ByteBuffer.allocate(rest.length + chunk.length)
                .put(rest)
                .put(chunk)
                .flip();
        List<byte[]> whole = new ArrayList<>();
        while (in.remaining() >= Integer.BYTES && in.remaining() - Integer.BYTES >= in.getInt(in.position())) {
            byte[] record = new byte[in.getInt()];
            in.get(record);
            whole.add(record);
        }
        rest = new byte[in.remaining()];
        in.get(rest);
        return whole;
    }
}
