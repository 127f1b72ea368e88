/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.process;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.totem.core.SendFailedException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Clients of the blocks of one node, through all its lives: each asks, waits for the answer, and asks again after a while. Any thread.
 */
final class BlocksClients {

    private static final int ENTRY_CLIENTS = 2;
    private static final int ITEMS_AHEAD = 20;
    private static final String QUEUE = "jobs";

    private final int id;
    private final BlocksRecord record;
    private final SplittableRandom random;
    private final Map<String, Sinks.One<JsonNode>> open = new LinkedHashMap<>();
    private @Nullable BlocksProcess process;
    private boolean isOver;
    private long lastTag;

    BlocksClients(int id, BlocksRecord record, long seed) {
        this.id = id;
        this.record = record;
        this.random = new SplittableRandom(seed * 31 + id);
    }

    /** The process was killed: who waits for an answer never gets one. */
    static final class GoneException extends RuntimeException {

        private static final long serialVersionUID = 1L;
    }

    // lives

    void begin() {
        for (int i = 0; i < ENTRY_CLIENTS; i++) {
            again(Mono.defer(this::useEntry), 40);
        }
        again(Mono.defer(this::useLock), 200);
        again(Mono.defer(this::enqueue), 150);
    }

    private void again(Mono<?> use, int pauseMillis) {
        Mono.defer(() -> use.onErrorComplete().then().delaySubscription(Duration.ofMillis(chance(pauseMillis))))
                .repeat(() -> !isOver())
                .subscribe(nothing -> {}, failed -> record.broken(failed));
    }

    /** From now on they use this life. */
    void use(BlocksProcess life) {
        synchronized (this) {
            process = life;
        }
        tell(BlocksProcess.command("work", "queue", QUEUE, "demand", ITEMS_AHEAD));
    }

    void killed() {
        List<Sinks.One<JsonNode>> gone;
        synchronized (this) {
            process = null;
            gone = new ArrayList<>(open.values());
            open.clear();
        }
        record.killed(id);
        gone.forEach(answer -> answer.tryEmitError(new GoneException()));
    }

    /** No new command from now on, but for those that give up what they have. */
    synchronized void end() {
        isOver = true;
    }

    private synchronized boolean isOver() {
        return isOver;
    }

    private synchronized int chance(int below) {
        return random.nextInt(below);
    }

    /** Commands that have no answer yet. */
    synchronized List<String> unanswered() {
        return List.copyOf(open.keySet());
    }

    // commands and answers

    private boolean tell(ObjectNode command) {
        BlocksProcess life;
        synchronized (this) {
            life = process;
        }
        if (life == null) {
            return false;
        }
        try {
            life.tell(command);
            return true;
        } catch (UncheckedIOException gone) {
            return false;
        }
    }

    /** The answer to a command; fails as the command did, and with {@link GoneException} if the process was killed. */
    private Mono<JsonNode> ask(String op, Object... fields) {
        return Mono.defer(() -> {
            Sinks.One<JsonNode> answer = Sinks.one();
            String tag;
            synchronized (this) {
                tag = op + "-" + id + "-" + ++lastTag;
                open.put(tag, answer);
            }
            if (!tell(BlocksProcess.command(op, fields).put("tag", tag))) {
                synchronized (this) {
                    open.remove(tag);
                }
                return Mono.error(new GoneException());
            }
            return answer.asMono().flatMap(BlocksClients::result);
        });
    }

    private static Mono<JsonNode> result(JsonNode event) {
        if (!event.path("event").asText().equals("failed")) {
            return Mono.just(event);
        }
        String error = event.path("error").asText();
        return Mono.error(
                event.path("fate").asText().equals("refused")
                        ? SendFailedException.refused(error)
                        : SendFailedException.unknown(error));
    }

    /** What the process says; false if it is not for a client. */
    boolean took(JsonNode event) {
        String kind = event.path("event").asText();
        if (event.has("tag")) {
            Sinks.One<JsonNode> answer;
            synchronized (this) {
                answer = open.remove(event.path("tag").asText());
            }
            if (answer == null) {
                record.contradicts("a second answer, or one that nobody waits for: " + event);
            } else {
                answer.tryEmitValue(event);
            }
            return true;
        }
        if (kind.equals("item")) {
            record.handed(id, event);
            tell(BlocksProcess.command(
                    "ack", "queue", QUEUE, "item", event.path("item").asText()));
            tell(BlocksProcess.command("work", "queue", QUEUE, "demand", 1));
            return true;
        }
        if (kind.equals("lock-lost")) {
            record.lost(event.path("token").asText());
            return true;
        }
        return kind.equals("failed") || kind.equals("group") || kind.equals("transfer");
    }

    // what they do

    private Mono<String> useEntry() {
        String key = record.key(chance(2));
        String value = record.value();
        return switch (chance(7)) {
            case 0, 1 ->
                record.operation(
                        key,
                        "put " + value,
                        ask("put", "key", key, "value", value).map(done -> "done"));
            case 2 -> {
                String before = record.recent(chance(10));
                yield record.operation(
                        key,
                        "cas " + before + " " + value,
                        ask("cas", "key", key, "expect", before, "value", value)
                                .map(done -> done.path("applied").asText()));
            }
            case 3 -> record.operation(key, "remove", ask("remove", "key", key).map(done -> "done"));
            case 4 -> {
                String counter = record.counter();
                yield record.operation(
                        counter,
                        "add",
                        ask("add", "key", counter, "by", 1)
                                .map(sum -> sum.path("value").asText()));
            }
            default -> get(key);
        };
    }

    /** The value that an entry has now. */
    Mono<String> get(String key) {
        return record.operation(
                key,
                "get",
                ask("get", "key", key)
                        .map(found -> found.path("value").isNull()
                                ? BlocksRecord.NOTHING
                                : found.path("value").asText()));
    }

    private Mono<JsonNode> useLock() {
        String name = "lock" + chance(2);
        return Mono.defer(() -> {
            long asked = record.moment();
            return ask("lock", "name", name).flatMap(granted -> {
                String token = granted.path("token").asText();
                record.granted(id, name, token, asked);
                return Mono.delay(Duration.ofMillis(chance(100)))
                        .doOnNext(late -> record.lost(token))
                        .then(ask("unlock", "name", name));
            });
        });
    }

    private Mono<JsonNode> enqueue() {
        String value = record.value();
        return ask("enqueue", "queue", QUEUE, "value", value).doOnNext(done -> record.enqueued(value));
    }

    /** Where the map is and what is in it, in one text. */
    Mono<String> dump() {
        return ask("dump").map(state -> state.path("hash").asText());
    }
}
