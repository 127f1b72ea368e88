/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks;

import static java.util.Objects.requireNonNull;

import dev.totem.blocks.MapCommand.Condition;
import dev.totem.blocks.MapCommand.Item;
import dev.totem.blocks.internal.Bytes;
import dev.totem.core.ConfigurationException;
import dev.totem.core.Position;
import dev.totem.core.Quorum;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A map that all nodes have. Any thread.
 *
 * <p>Changes are decided in the one order and complete as {@link ReplicatedState#submit} does, also with its failures. Keys are
 * the same if their bytes are. A command with its keys and values must fit into a message ({@code max-message-size}).
 *
 * @param <K> keys
 * @param <V> values
 */
public final class ReplicatedMap<K, V> implements Block {

    private static final Duration TICK = Duration.ofSeconds(1);

    private final ReplicatedState<MapMachine, MapCommand, MapMachine.Result> state;
    private final Codec<K> keys;
    private final Codec<V> values;
    private final Clock clock;
    private final MapWatches<K, V> watches;

    private ReplicatedMap(
            ReplicatedState<MapMachine, MapCommand, MapMachine.Result> state,
            Codec<K> keys,
            Codec<V> values,
            Clock clock) {
        this.state = state;
        this.keys = keys;
        this.values = values;
        this.clock = clock;
        this.watches = new MapWatches<>(state.host(), keys, values);
    }

    /**
     * A map to be opened. Its ordered time, by which values expire, goes on by one message a second.
     *
     * @param name of the map, the same at all nodes; 1 to 96 bytes
     * @param quorum which replicas may decide, the same at all nodes
     */
    public static <K, V> BlockBuilder<ReplicatedMap<K, V>> of(
            String name, Quorum quorum, Codec<K> keys, Codec<V> values) {
        requireNonNull(keys, "keys");
        requireNonNull(values, "values");
        BlockBuilder<ReplicatedMap<K, V>> builder = BlockBuilder.of(
                "map",
                requireNonNull(name, "name"),
                requireNonNull(quorum, "quorum"),
                (node, settings, instance) -> ReplicatedState.open(
                                node, settings, instance, MapMachine::new, MapCommand.CODEC)
                        .map(state -> new ReplicatedMap<>(state, keys, values, settings.clock())));
        return builder.tick(TICK);
    }

    // changes

    /** Puts a value; completes with its version. */
    public Mono<Position> put(K key, V value) {
        return submit(new MapCommand.Always(), List.of(item(key, value)), 0).map(MapMachine.Result::position);
    }

    /**
     * Puts a value that is removed when its time is over, at a position of the order.
     *
     * @param timeToLive from 1 ms, in ordered time: by the clock of the sender, and seen about a second later
     */
    public Mono<Position> put(K key, V value, Duration timeToLive) {
        long millis = requireNonNull(timeToLive, "timeToLive").toMillis();
        if (millis < 1) {
            throw new ConfigurationException("time-to-live", timeToLive.toString(), "1 ms or more");
        }
        return submit(new MapCommand.Always(), List.of(item(key, value)), millis)
                .map(MapMachine.Result::position);
    }

    /** Puts all or, if that fails, none; completes with the version of all. */
    public Mono<Position> putAll(Map<? extends K, ? extends V> entries) {
        List<Item> items = requireNonNull(entries, "entries").entrySet().stream()
                .map(entry -> item(entry.getKey(), entry.getValue()))
                .toList();
        return submit(new MapCommand.Always(), items, 0).map(MapMachine.Result::position);
    }

    /** Puts a value if the key has none. */
    public Mono<MapUpdate<V>> putIfAbsent(K key, V value) {
        return update(new MapCommand.Absent(), item(key, value));
    }

    /** Puts a value in place of the one of this version. */
    public Mono<MapUpdate<V>> replace(K key, V value, Position version) {
        return update(new MapCommand.HasVersion(requireNonNull(version, "version")), item(key, value));
    }

    /** Puts a value in place of this one; values are the same if their bytes are. */
    public Mono<MapUpdate<V>> compareAndSet(K key, V expected, V value) {
        return update(new MapCommand.HasValue(Bytes.of(values.encode(expected))), item(key, value));
    }

    /** Removes a key; applied also if it had nothing. */
    public Mono<MapUpdate<V>> remove(K key) {
        return update(new MapCommand.Always(), new Item(bytes(key), Optional.empty()));
    }

    /** Removes a key if its value has this version. */
    public Mono<MapUpdate<V>> remove(K key, Position version) {
        return update(
                new MapCommand.HasVersion(requireNonNull(version, "version")), new Item(bytes(key), Optional.empty()));
    }

    /** Removes a key if it has this value. */
    public Mono<MapUpdate<V>> compareAndRemove(K key, V expected) {
        return update(
                new MapCommand.HasValue(Bytes.of(values.encode(expected))), new Item(bytes(key), Optional.empty()));
    }

    private Mono<MapUpdate<V>> update(Condition condition, Item item) {
        return submit(condition, List.of(item), 0)
                .map(result -> new MapUpdate<>(
                        result.isApplied(),
                        result.position(),
                        result.before().map(held -> values.decode(held.value()))));
    }

    private Mono<MapMachine.Result> submit(Condition condition, List<Item> items, long ttlMillis) {
        return Mono.defer(() -> state.submit(new MapCommand(condition, items, clock.millis(), ttlMillis)));
    }

    private Item item(K key, V value) {
        return new Item(bytes(key), Optional.of(values.encode(requireNonNull(value, "value"))));
    }

    private Bytes bytes(K key) {
        return Bytes.of(keys.encode(requireNonNull(key, "key")));
    }

    // looks

    /** What this node has now, which may be behind; empty if nothing. */
    public Mono<MapEntry<K, V>> get(K key) {
        return state.read(reading(key)).flatMap(Mono::justOrEmpty);
    }

    /** Linearizable {@link #get}, as {@link ReplicatedState#readLatest}. */
    public Mono<MapEntry<K, V>> getLatest(K key) {
        return state.readLatest(reading(key)).flatMap(Mono::justOrEmpty);
    }

    private Function<MapMachine, Optional<MapEntry<K, V>>> reading(K key) {
        Bytes bytes = bytes(key);
        return machine ->
                machine.get(bytes).map(held -> new MapEntry<>(key, values.decode(held.value()), held.version()));
    }

    /**
     * All entries that this node has when it is subscribed, in the order of the keys' bytes; what changes meanwhile does not show.
     * With demand; the entries' references are copied, which holds up the replica for about a tenth of a microsecond each.
     */
    public Flux<MapEntry<K, V>> entries() {
        return state.read(MapMachine::entries).flatMapIterable(Map::entrySet).map(this::entry);
    }

    private MapEntry<K, V> entry(Map.Entry<Bytes, MapMachine.Held> entry) {
        MapMachine.Held held = entry.getValue();
        return new MapEntry<>(keys.decode(entry.getKey().array()), values.decode(held.value()), held.version());
    }

    /** How many entries this node has now; empty if it has no state. */
    public Mono<Integer> size() {
        return state.read(MapMachine::size);
    }

    /** All of the map at this node now, and a digest to compare with that of others. Empty if this node has no state. */
    public Mono<MapSnapshot<K, V>> snapshot() {
        return state.read(machine -> new MapSnapshot<>(
                machine.at(),
                machine.digest(),
                machine.entries().entrySet().stream().map(this::entry).toList()));
    }

    /**
     * The entries that there are, and then every change, without a gap.
     *
     * <p>Order: that of the changes. If the state comes as a whole, because this node missed more than the others keep, the last
     * change of each key is told in place of all. Backpressure: up to 65,536 changes wait, then it fails with
     * {@link WatchOverflowException}; entries that were there wait as long as they must. Completes when the map is closed or its
     * node leaves; fails with {@link ReplicaStoppedException}. Any number of subscribers, each with its own entries.
     */
    public Flux<MapChange<K, V>> watch() {
        return watches.watch(Optional.empty());
    }

    /** The same of one key. */
    public Flux<MapChange<K, V>> watch(K key) {
        return watches.watch(Optional.of(bytes(key)));
    }

    // the block

    @Override
    public Member member() {
        return state.member();
    }

    @Override
    public Flux<StateStatus> status() {
        return state.status();
    }

    @Override
    public Mono<Void> inState() {
        return state.inState();
    }

    @Override
    public Mono<Void> close() {
        return state.close();
    }
}
