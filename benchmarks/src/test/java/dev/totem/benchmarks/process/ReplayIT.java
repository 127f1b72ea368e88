/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Processes whose whole session is recorded on its way and played to them again. */
class ReplayIT {

    private static final Duration FORMS = Duration.ofSeconds(60);
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final int NODES = 3;
    private static final int PER_SECOND = 10_000;
    private static final int PLAYED = 15_000;

    @TempDir
    Path folder;

    @Test
    void aRecordingChangesNothingWheneverItIsPlayed() throws Exception {
        int[] ports = Cluster.freePorts(NODES);
        try (Recorder recorder = new Recorder(ports);
                Cluster cluster = Cluster.onLoopbackThrough(recorder, folder, ports, 192, "token=4s")) {
            startAll(cluster);
            work(cluster, 40);
            cluster.kill(2);
            cluster.awaitRing(FORMS, 1, 3);
            cluster.start(2);
            cluster.awaitRing(FORMS, 1, 2, 3);
            work(cluster, 40);
            List<Recorder.Datagram> recording = recording(recorder);

            Map<Integer, Integer> before = configurations(cluster);
            recorder.echo(true);
            work(cluster, 40);
            recorder.echo(false);
            assertThat(configurations(cluster)).as("played at once").isEqualTo(before);

            changesNothing("played later", cluster, recorder, recording);
            Collections.shuffle(recording, new Random(1));
            changesNothing("played in any order", cluster, recorder, recording);

            for (int id = 1; id <= NODES; id++) {
                cluster.kill(id);
            }
            startAll(cluster);
            changesNothing("played after restarts of all", cluster, recorder, recording);
            cluster.restartAll(FORMS);
            cluster.quitAndCheck();
        }
    }

    /** {@code -Dtotem.minutes=10}: no life has ended meanwhile, and no recording is of one that has. */
    @Test
    @EnabledIfSystemProperty(named = "totem.minutes", matches = "[0-9]+", disabledReason = "the delay is of minutes")
    void aRecordingOfLivesThatGoOnChangesNothingMinutesLater() throws Exception {
        int[] ports = Cluster.freePorts(NODES);
        try (Recorder recorder = new Recorder(ports);
                Cluster cluster = Cluster.onLoopbackThrough(recorder, folder, ports, 192, "token=4s")) {
            startAll(cluster);
            work(cluster, 400);
            List<Recorder.Datagram> recording = recording(recorder);
            long startNanos = System.nanoTime();

            long all = Duration.ofMinutes(Integer.getInteger("totem.minutes")).toSeconds();
            for (long seconds : new long[] {1, 10, all / 10, all / 2, all}) {
                long dueNanos = startNanos + seconds * 1_000_000_000;
                for (long left = dueNanos - System.nanoTime(); left > 0; left = dueNanos - System.nanoTime()) {
                    LockSupport.parkNanos(left);
                }
                changesNothing("played " + seconds + " s later", cluster, recorder, recording);
            }
            cluster.quitAndCheck();
        }
    }

    private static void startAll(Cluster cluster) throws Exception {
        for (int id = 1; id <= NODES; id++) {
            cluster.start(id);
        }
        cluster.awaitRing(FORMS, 1, 2, 3);
    }

    private static List<Recorder.Datagram> recording(Recorder recorder) {
        List<Recorder.Datagram> all = recorder.recording();
        assertThat(all).hasSizeGreaterThan(500);
        // The beginnings of both sessions and the ends of them.
        List<Recorder.Datagram> some = new ArrayList<>(all.subList(0, Math.min(PLAYED / 2, all.size())));
        some.addAll(all.subList(Math.max(some.size(), all.size() - PLAYED / 2), all.size()));
        return some;
    }

    private static void changesNothing(
            String how, Cluster cluster, Recorder recorder, List<Recorder.Datagram> recording) throws Exception {
        Map<Integer, Integer> configurations = configurations(cluster);
        Map<Integer, Integer> deliveries = deliveries(cluster);
        long refused = refused(cluster);

        recorder.play(recording, PER_SECOND);

        long refusedNow = refused(cluster);
        assertThat(configurations(cluster)).as(how).isEqualTo(configurations);
        assertThat(deliveries(cluster)).as(how).isEqualTo(deliveries);
        // Frames that came in one read count once when the first of them is refused.
        assertThat(refusedNow - refused).as(how).isGreaterThan(recording.size() / 10);
        work(cluster, 10);
        assertThat(configurations(cluster)).as(how).isEqualTo(configurations);
        Totem.say(recording.size() + " datagrams " + how + ": no configuration, no delivery, " + (refusedNow - refused)
                + " frames refused");
    }

    /** Each node sends, and all deliver it. */
    private static void work(Cluster cluster, int messages) throws Exception {
        Map<Integer, Integer> before = deliveries(cluster);
        for (NodeProcess node : cluster.nodes()) {
            int sent = node.see(log -> log.sent.size());
            for (int n = 0; n < messages; n++) {
                node.send("m" + (sent + n), new byte[700], n % 2 == 0 ? "agreed" : "safe");
            }
        }
        for (NodeProcess node : cluster.nodes()) {
            int goal = before.getOrDefault(node.id(), 0)
                    + messages * cluster.nodes().size();
            node.await("all messages", SOON, log -> log.delivered.size() >= goal);
        }
        for (NodeProcess node : cluster.nodes()) {
            assertThat(node.failedTags()).isEmpty();
        }
    }

    private static Map<Integer, Integer> configurations(Cluster cluster) {
        Map<Integer, Integer> counts = new TreeMap<>();
        cluster.nodes().forEach(node -> counts.put(node.id(), node.configs().size()));
        return counts;
    }

    private static Map<Integer, Integer> deliveries(Cluster cluster) {
        Map<Integer, Integer> counts = new TreeMap<>();
        cluster.nodes().forEach(node -> counts.put(node.id(), node.see(log -> log.delivered.size())));
        return counts;
    }

    private static long refused(Cluster cluster) throws InterruptedException {
        long refused = 0;
        for (NodeProcess node : cluster.nodes()) {
            for (long frames : node.stats(SOON).seal().refused().values()) {
                refused += frames;
            }
        }
        return refused;
    }
}
