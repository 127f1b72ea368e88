/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.totem.core.NodeId;
import dev.totem.core.SendFailedException;
import dev.totem.testkit.Simulation;
import dev.totem.testkit.TotemSimulation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import reactor.core.publisher.Mono;

class RequestsTest {

    private static final Duration SHORT = Duration.ofMillis(300);

    private final Map<Integer, Requests> requests = new HashMap<>();
    private final Set<Integer> silent = new HashSet<>();

    /** Nodes 1 to 3 answer with their number and the question, but for those that are silent. */
    private void serve(Simulation sim) {
        requests.clear();
        silent.clear();
        sim.onStart(node -> Requests.open(node).subscribe(opened -> {
            int id = node.id().value();
            requests.put(id, opened);
            opened.serve("clerks")
                    .filter(request -> !silent.contains(id))
                    .flatMap(request -> {
                        String question = new String(request.data(), UTF_8);
                        return question.equals("fail")
                                ? request.fail("cannot")
                                : request.reply((id + " " + question + " "
                                                + request.timeLeft().isPresent())
                                        .getBytes(UTF_8));
                    })
                    .subscribe(done -> {}, gone -> {});
        }));
        sim.awaitOneRing();
        sim.run(SHORT);
    }

    private static String told(Reply reply) {
        return reply.from().node() + ": "
                + reply.data()
                        .map(data -> new String(data, UTF_8))
                        .orElseGet(() -> reply.missing().orElseThrow());
    }

    private List<String> ask(Simulation sim, int id, String question) {
        return sim.await(
                        requests.get(id)
                                .askAll("clerks", question.getBytes(UTF_8))
                                .map(RequestsTest::told)
                                .sort()
                                .collectList(),
                        OnNodes.LIMIT)
                .orElseThrow();
    }

    @TotemSimulation(nodes = 3, seeds = 5)
    void allAnswer(Simulation sim) {
        serve(sim);
        assertThat(ask(sim, 2, "hello")).containsExactly("1: 1 hello false", "2: 2 hello false", "3: 3 hello false");
        assertThat(ask(sim, 1, "fail")).containsExactly("1: cannot", "2: cannot", "3: cannot");
        assertThat(sim.await(requests.get(1).askAll("nobody", new byte[0]).collectList(), OnNodes.LIMIT))
                .contains(List.of());
    }

    @TotemSimulation(nodes = 3, seeds = 5)
    void whoIsGoneIsNamedWithoutATimeout(Simulation sim) {
        serve(sim);
        silent.add(3);
        List<Reply> replies = new ArrayList<>();
        List<String> ended = new ArrayList<>();
        requests.get(1)
                .askAll("clerks", new byte[0])
                .subscribe(replies::add, Throwable::printStackTrace, () -> ended.add("all"));
        sim.run(SHORT);
        assertThat(replies).hasSize(2).allMatch(Reply::isAnswered);
        sim.crash(3);
        sim.run(Duration.ofSeconds(1));
        assertThat(ended).containsExactly("all");
        assertThat(told(replies.get(2))).isEqualTo("3: it is gone: NODE_GONE");
    }

    @TotemSimulation(nodes = 3, seeds = 5)
    void whoDoesNotAnswerInTimeIsNamed(Simulation sim) {
        serve(sim);
        silent.add(2);
        Mono<List<String>> asking = requests.get(1)
                .askAll("clerks", "q".getBytes(UTF_8), Duration.ofSeconds(1))
                .map(RequestsTest::told)
                .sort()
                .collectList();
        assertThat(sim.await(asking, OnNodes.LIMIT).orElseThrow())
                .containsExactly("1: 1 q true", "2: no answer within PT1S", "3: 3 q true");
    }

    @TotemSimulation(nodes = 3, seeds = 5)
    void oneIsAskedByNodeOrByKey(Simulation sim) {
        serve(sim);
        byte[] question = "q".getBytes(UTF_8);
        assertThat(sim.await(requests.get(1).askOne("clerks", NodeId.of(3), question), OnNodes.LIMIT)
                        .map(RequestsTest::told))
                .contains("3: 3 q false");
        Set<NodeId> asked = new HashSet<>();
        for (int i = 0; i < 20; i++) {
            String key = "key" + i;
            NodeId one = sim.await(requests.get(1).askOne("clerks", key, question), OnNodes.LIMIT)
                    .orElseThrow()
                    .from()
                    .node();
            NodeId again = sim.await(requests.get(3).askOne("clerks", key, question), OnNodes.LIMIT)
                    .orElseThrow()
                    .from()
                    .node();
            assertThat(again).isEqualTo(one);
            asked.add(one);
        }
        assertThat(asked).hasSize(3);
        assertThatThrownBy(() -> sim.await(requests.get(1).askOne("nobody", "k", question), OnNodes.LIMIT))
                .isInstanceOf(SendFailedException.class)
                .hasMessageContaining("nobody is in group nobody");
    }
}
