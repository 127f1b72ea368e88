/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks.example;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.totem.blocks.Context;
import dev.totem.blocks.StateMachine;
import java.util.Map;
import java.util.TreeMap;
import reactor.core.publisher.Flux;

// example:machine
/** How many there are of each thing. A command is "apples 5" or "apples -2"; the answer is how many there are then. */
class Stock implements StateMachine<String, Integer> {

    private final Map<String, Integer> items = new TreeMap<>();

    @Override
    public Integer apply(Context at, String command) {
        String[] words = command.split(" ", -1);
        int change = Integer.parseInt(words[1]);
        return items.merge(words[0], change, (have, more) -> have + more < 0 ? have : have + more);
    }

    int count(String item) {
        return items.getOrDefault(item, 0);
    }

    @Override
    public Flux<byte[]> snapshot() {
        return Flux.fromIterable(new TreeMap<>(items).entrySet())
                .map(item -> (item.getKey() + " " + item.getValue()).getBytes(UTF_8));
    }

    @Override
    public void restore(byte[] chunk) {
        String[] words = new String(chunk, UTF_8).split(" ", -1);
        items.put(words[0], Integer.valueOf(words[1]));
    }
}
// example:end
