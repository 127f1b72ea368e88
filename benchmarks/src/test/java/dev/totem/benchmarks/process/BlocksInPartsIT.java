/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.totem.testkit.internal.lab.NetLab;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * The building blocks in five processes on five hosts, while the network falls into parts, a tenth of the packets is lost, and processes
 * are stopped and killed: what clients were answered is what one state would have answered, nothing acknowledged is lost, tokens only
 * grow, and every command is answered. Runs with {@code -Dtotem.minutes=30} only; what happens is repeated by
 * {@code -Dtotem.seed=N}, but for the moments of the machine.
 */
class BlocksInPartsIT {

    private static final int NODES = 5;
    private static final Duration FORMS = Duration.ofSeconds(60);
    private static final Duration TIME = Duration.ofSeconds(60L * Integer.getInteger("totem.minutes", 0));

    @TempDir
    Path folder;

    private final long seed = Long.getLong("totem.seed", 1);
    private final Random random = new Random(seed);
    private final BlocksRecord record = new BlocksRecord();
    private final Map<Integer, BlocksProcess> nodes = new TreeMap<>();
    private final Map<Integer, BlocksClients> clients = new TreeMap<>();
    private int lives;
    private int parts;
    private int stops;
    private int kills;
    private int losses;

    @BeforeEach
    void needsALab() throws InterruptedException {
        Optional<String> obstacle = NetLab.obstacle();
        obstacle.ifPresent(why -> Totem.say("skipped: " + why));
        assumeTrue(obstacle.isEmpty(), () -> obstacle.orElse(""));
    }

    @AfterEach
    void end() {
        nodes.values().forEach(BlocksProcess::close);
    }

    @Test
    @EnabledIfSystemProperty(named = "totem.minutes", matches = "[0-9]+", disabledReason = "faults need minutes")
    void isOneStateWhateverHappensToProcessesAndTheirNetwork() throws Exception {
        Totem.Run keygen = Totem.run(
                folder, Duration.ofSeconds(20), "keygen", folder.resolve("key").toString());
        assertThat(keygen.status()).as(keygen.err()).isZero();
        try (NetLab lab = NetLab.of(NODES)) {
            for (int id = 1; id <= NODES; id++) {
                clients.put(id, new BlocksClients(id, record, seed));
                start(lab, id);
            }
            for (int id = 1; id <= NODES; id++) {
                awaitInState(id);
            }
            clients.values().forEach(BlocksClients::begin);
            Deadline end = Deadline.in(TIME);
            while (end.millisLeft() > 0) {
                round(lab);
            }
            lab.loseNothing();
            finish();
        }
    }

    private void start(NetLab lab, int id) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("blocks", "--json", "--id", String.valueOf(id)));
        arguments.addAll(List.of("--bind", lab.address(id) + ":5405"));
        arguments.addAll(List.of("--transport", "multicast", "--mcast", "239.192.7.1:5405"));
        arguments.addAll(List.of("--key", folder.resolve("key").toString()));
        arguments.addAll(List.of("--state-dir", folder.resolve("state-" + id).toString()));
        arguments.addAll(List.of("--quorum", "majority:" + NODES, "--set", "token=500ms"));
        List<String> command = new ArrayList<>(lab.inside(id));
        command.addAll(Totem.command(192, arguments));
        BlocksClients here = clients.get(id);
        Path err = folder.resolve("node-" + id + "-life-" + ++lives + ".err");
        BlocksProcess life = new BlocksProcess(id, command, err, here::took);
        nodes.put(id, life);
        here.use(life);
    }

    private void awaitInState(int id) throws InterruptedException {
        nodes.get(id).await("in-state", FORMS, event -> kind(event).equals("in-state"));
    }

    private static String kind(JsonNode event) {
        return event.path("event").asText();
    }

    // what happens

    /** The network is whole at its end; whoever was killed is there again and has the state, so that a majority always has. */
    private void round(NetLab lab) throws Exception {
        boolean hasLoss = random.nextBoolean();
        if (hasLoss) {
            lab.lose(0.1);
            losses++;
        }
        if (random.nextInt(10) < 7) {
            lab.partition(parts());
            parts++;
        }
        pass(0, 2_500);
        int victim = 1 + random.nextInt(NODES);
        boolean isKilled = false;
        if (random.nextBoolean()) {
            record.stopped(victim);
            nodes.get(victim).signal("STOP");
            stops++;
            pass(300, 4_000);
            nodes.get(victim).signal("CONT");
        } else if (random.nextBoolean()) {
            nodes.get(victim).kill();
            clients.get(victim).killed();
            kills++;
            isKilled = true;
            pass(0, 1_500);
            start(lab, victim);
        }
        pass(500, 4_000);
        lab.heal();
        if (hasLoss) {
            lab.loseNothing();
        }
        pass(500, 3_000);
        record.resumed(victim);
        if (isKilled) {
            awaitInState(victim);
        }
    }

    private List<List<Integer>> parts() {
        List<Integer> all =
                new ArrayList<>(IntStream.rangeClosed(1, NODES).boxed().toList());
        Collections.shuffle(all, random);
        int first = 1 + random.nextInt(NODES - 1);
        int second = first + random.nextInt(NODES - first + 1);
        return List.of(all.subList(0, first), all.subList(first, second), all.subList(second, NODES));
    }

    private void pass(int millisMin, int millisMax) {
        Deadline.after(Duration.ofMillis(random.nextInt(millisMin, millisMax)), () -> {})
                .join();
    }

    // the end

    private void finish() throws Exception {
        clients.values().forEach(BlocksClients::end);
        Deadline deadline = Deadline.in(FORMS);
        boolean isAllAnswered = isAllAnswered();
        while (!isAllAnswered && deadline.millisLeft() > 0) {
            pass(50, 51);
            isAllAnswered = isAllAnswered();
        }
        Totem.say(
                record + "; parts " + parts + ", stops " + stops + ", kills " + kills + ", rounds with loss " + losses);
        assertThat(isAllAnswered)
                .as("without an answer: "
                        + clients.values().stream()
                                .map(BlocksClients::unanswered)
                                .toList() + ", items that nobody got: " + record.notHanded())
                .isTrue();
        // What was acknowledged is there: the last reads are part of the history.
        for (String key : record.keys()) {
            clients.get(1 + random.nextInt(NODES)).get(key).block(FORMS);
        }
        Set<String> states = new TreeSet<>();
        for (BlocksClients one : clients.values()) {
            one.get("last").block(FORMS);
            states.add(one.dump().block(FORMS));
        }
        assertThat(states).as("states at the end").hasSize(1);
        assertThat(record.check()).isEmpty();
        for (BlocksProcess node : nodes.values()) {
            node.quit();
        }
    }

    private boolean isAllAnswered() {
        return clients.values().stream().map(BlocksClients::unanswered).allMatch(List::isEmpty)
                && record.notHanded().isEmpty();
    }
}
