/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks;

import dev.totem.blocks.internal.Chunks;
import dev.totem.blocks.internal.Reader;
import dev.totem.blocks.internal.Writer;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import reactor.core.publisher.Flux;

/** The state of counters; the answer is what a counter has then, and empty if that is no number of 64 bits. One thread. */
final class CounterMachine implements StateMachine<CounterCommand, OptionalLong> {

    private final Map<String, Long> counters = new TreeMap<>();
    private final Chunks restored = new Chunks();

    @Override
    public OptionalLong apply(Context at, CounterCommand command) {
        long before = value(command.name());
        long after = before + command.by();
        if (((before ^ after) & (command.by() ^ after)) < 0) {
            return OptionalLong.empty();
        }
        counters.put(command.name(), after);
        return OptionalLong.of(after);
    }

    long value(String name) {
        return counters.getOrDefault(name, 0L);
    }

    @Override
    public Flux<byte[]> snapshot() {
        List<Map.Entry<String, Long>> all = List.copyOf(new TreeMap<>(counters).entrySet());
        return Chunks.of(() -> all.stream()
                .map(counter -> new Writer()
                        .text(counter.getKey())
                        .i64(counter.getValue())
                        .toBytes())
                .iterator());
    }

    @Override
    public void restore(byte[] chunk) {
        for (byte[] bytes : restored.add(chunk)) {
            Reader in = new Reader(bytes);
            counters.put(in.text(), in.i64());
        }
    }
}
