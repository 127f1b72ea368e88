/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.totem.testkit.internal.lab.NetLab;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Four executives on hosts of their own, and two clients of each, all of which send: partitions, loss, pauses and kills in an order that
 * {@code -Dtotem.seed} repeats, for {@code -Dtotem.attach.seconds} (30).
 */
class AttachLabIT {

    private static final int EXECUTIVES = 4;
    private static final int CLIENTS = 2 * EXECUTIVES;
    private static final List<List<List<Integer>>> PARTITIONS = List.of(
            List.of(List.of(1, 2), List.of(3, 4)),
            List.of(List.of(1, 3, 4), List.of(2)),
            List.of(List.of(1), List.of(2, 4), List.of(3)));

    @TempDir
    Path folder;

    private final long seed = Long.getLong("totem.seed", System.nanoTime());
    private final Random random = new Random(seed);

    private enum Fault {
        PARTITION,
        LOSS,
        PAUSE_OF_EXECUTIVE,
        PAUSE_OF_CLIENT,
        KILL_OF_EXECUTIVE,
        KILL_OF_CLIENT
    }

    @BeforeEach
    void needsALab() throws InterruptedException {
        Optional<String> obstacle = NetLab.obstacle();
        obstacle.ifPresent(why -> Totem.say("skipped: " + why));
        assumeTrue(obstacle.isEmpty(), () -> obstacle.orElse(""));
    }

    @Test
    void clientsBearWhatTheirExecutivesBear() throws Exception {
        Totem.say("-Dtotem.seed=" + seed);
        try (NetLab lab = NetLab.of(EXECUTIVES);
                Cluster cluster = Cluster.inLab(folder, lab);
                AttachedClients attached = new AttachedClients(folder, cluster)) {
            for (int id = 1; id <= EXECUTIVES; id++) {
                attached.serve(id);
            }
            for (int client = 1; client <= CLIENTS; client++) {
                attach(attached, client);
            }
            attached.awaitRing(EXECUTIVES);
            attached.clients().forEach(attached::load);
            awaitProgress(attached);

            Deadline end = Deadline.in(Duration.ofSeconds(Integer.getInteger("totem.attach.seconds", 30)));
            for (int round = 0; round < Fault.values().length || end.millisLeft() > 0; round++) {
                // Each once, then by chance.
                Fault fault = Fault.values()[round < Fault.values().length ? round : random.nextInt(6)];
                Totem.say(String.valueOf(fault));
                happen(fault, lab, attached);
                awaitProgress(attached);
            }

            attached.awaitRing(EXECUTIVES);
            attached.quit(attached.clients());
            Totem.check(folder, attached.logs());
            attached.checkSends();
        }
    }

    /** At its executive, and if that is gone at the next one. */
    private static void attach(AttachedClients attached, int client) throws IOException {
        int at = (client + 1) / 2;
        attached.attach(client, at, at % EXECUTIVES + 1);
    }

    private void happen(Fault fault, NetLab lab, AttachedClients attached) throws Exception {
        int executive = 1 + random.nextInt(EXECUTIVES);
        int client = 1 + random.nextInt(CLIENTS);
        switch (fault) {
            case PARTITION -> {
                lab.partition(PARTITIONS.get(random.nextInt(PARTITIONS.size())));
                last(3_000);
                lab.heal();
            }
            case LOSS -> {
                lab.lose(0.1);
                last(3_000);
                awaitProgress(attached);
                lab.loseNothing();
            }
            case PAUSE_OF_EXECUTIVE -> {
                attached.executive(executive).signal("STOP");
                last(100 + random.nextInt(3_000));
                attached.executive(executive).signal("CONT");
            }
            case PAUSE_OF_CLIENT -> {
                attached.client(client).signal("STOP");
                last(100 + random.nextInt(1_900));
                attached.client(client).signal("CONT");
            }
            case KILL_OF_EXECUTIVE -> {
                attached.executive(executive).kill();
                long killedAt = System.nanoTime();
                for (int own : List.of(2 * executive - 1, 2 * executive)) {
                    attached.awaitProgress(own, 20);
                    Totem.say("client " + own + " goes on after " + (System.nanoTime() - killedAt) / 1_000_000 + " ms");
                }
                attached.serve(executive);
            }
            case KILL_OF_CLIENT -> {
                attached.client(client).kill();
                attach(attached, client);
                attached.client(client)
                        .await("a ring", AttachedClients.SOON, log -> !log.ring().isEmpty());
                attached.load(client);
            }
        }
    }

    private static void last(int millis) throws Exception {
        Deadline.after(Duration.ofMillis(millis), () -> {}).get(30, TimeUnit.SECONDS);
    }

    private static void awaitProgress(AttachedClients attached) throws InterruptedException {
        for (int client : attached.clients()) {
            attached.awaitProgress(client, 20);
        }
        assertThat(attached.clients()).hasSize(CLIENTS);
    }
}
