/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks;

import dev.totem.blocks.MapChange.Kind;
import dev.totem.blocks.MapMachine.Change;
import dev.totem.blocks.MapMachine.Held;
import dev.totem.blocks.internal.Bytes;
import dev.totem.blocks.internal.Host;
import dev.totem.core.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;
import reactor.core.publisher.Sinks.EmitResult;

/** Those who watch a map on one node. The replica's thread, but for {@link #watch}. */
final class MapWatches<K, V> implements Host.Observer<MapMachine> {

    private static final int WAITING_MAX = 65_536;

    private final Host<MapMachine, MapCommand, MapMachine.Result> host;
    private final Codec<K> keys;
    private final Codec<V> values;
    private final List<Watch<K, V>> watches = new ArrayList<>();
    private @Nullable MapMachine current;

    private record Watch<K, V>(Optional<Bytes> key, Sinks.Many<MapChange<K, V>> changes) {

        boolean wants(Change change) {
            return key.isEmpty() || key.get().equals(change.key());
        }
    }

    MapWatches(Host<MapMachine, MapCommand, MapMachine.Result> host, Codec<K> keys, Codec<V> values) {
        this.host = host;
        this.keys = keys;
        this.values = values;
        host.observe(this);
        host.end().subscribe(nothing -> {}, stopped -> host.run(() -> end(stopped)), () -> host.run(() -> end(null)));
    }

    /** Any thread. */
    Flux<MapChange<K, V>> watch(Optional<Bytes> key) {
        return Flux.defer(() -> {
            Watch<K, V> watch = new Watch<>(
                    key, Sinks.many().unicast().onBackpressureBuffer(new LinkedBlockingQueue<>(WAITING_MAX)));
            return host.call(() -> begin(watch))
                    .flatMapMany(present -> Flux.fromIterable(present)
                            .concatWith(watch.changes().asFlux()))
                    .doFinally(signal -> host.run(() -> watches.remove(watch)));
        });
    }

    private List<MapChange<K, V>> begin(Watch<K, V> watch) {
        watches.add(watch);
        if (host.isOver()) {
            watch.changes().tryEmitComplete();
        }
        MapMachine machine = current;
        if (machine == null) {
            return List.of();
        }
        return machine.entries().entrySet().stream()
                .map(entry -> present(entry.getKey(), entry.getValue()))
                .filter(watch::wants)
                .map(this::told)
                .toList();
    }

    private static Change present(Bytes key, Held held) {
        return new Change(Kind.PRESENT, key, Optional.of(held.value()), held.version());
    }

    @Override
    public void applied(MapMachine machine) {
        MapMachine before = current;
        current = machine;
        List<Change> changes = machine.takeChanges();
        if (before == machine) {
            changes.forEach(this::tell);
        } else if (!watches.isEmpty()) {
            SortedMap<Bytes, Held> known = before == null ? new TreeMap<>() : before.entries();
            differences(known, machine).forEach(this::tell);
        }
    }

    /** What has changed from one state to another, whose history is not known. */
    private static List<Change> differences(SortedMap<Bytes, Held> before, MapMachine after) {
        List<Change> changes = new ArrayList<>();
        SortedMap<Bytes, Held> now = after.entries();
        Optional<Position> at = after.at();
        before.keySet().stream()
                .filter(key -> !now.containsKey(key))
                .forEach(key -> changes.add(new Change(Kind.REMOVED, key, Optional.empty(), at.orElseThrow())));
        for (Map.Entry<Bytes, Held> entry : now.entrySet()) {
            Held known = before.get(entry.getKey());
            Held held = entry.getValue();
            if (known == null || !known.version().equals(held.version())) {
                changes.add(new Change(Kind.PUT, entry.getKey(), Optional.of(held.value()), held.version()));
            }
        }
        return changes;
    }

    private void tell(Change change) {
        for (Watch<K, V> watch : List.copyOf(watches)) {
            if (watch.wants(change) && tell(watch, change) == EmitResult.FAIL_OVERFLOW) {
                watches.remove(watch);
                watch.changes()
                        .tryEmitError(new WatchOverflowException(WAITING_MAX + " changes wait for a watch of the map:"
                                + " take them faster, or watch again for the entries as they are then"));
            }
        }
    }

    private EmitResult tell(Watch<K, V> watch, Change change) {
        try {
            return watch.changes().tryEmitNext(told(change));
        } catch (RuntimeException undecodable) {
            watches.remove(watch);
            return watch.changes().tryEmitError(undecodable);
        }
    }

    private MapChange<K, V> told(Change change) {
        return new MapChange<>(
                change.kind(),
                keys.decode(change.key().array()),
                change.value().map(values::decode),
                change.position());
    }

    @Override
    public void status(StateStatus now) {}

    private void end(@Nullable Throwable reason) {
        for (Watch<K, V> watch : List.copyOf(watches)) {
            if (reason == null) {
                watch.changes().tryEmitComplete();
            } else {
                watch.changes().tryEmitError(reason);
            }
        }
        watches.clear();
    }
}
