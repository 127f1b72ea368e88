/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.process;

import dev.totem.testkit.internal.lab.NetLab;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** A cluster of which every node sends all the time, and what is done to it. One thread. */
final class UnderLoad {

    private static final Duration FORMS = Duration.ofSeconds(60);

    private static final Duration ENDS = Duration.ofSeconds(15);

    private static final Duration PAUSE = Duration.ofMillis(2);

    private final Cluster cluster;
    private final int bytes;
    private final int[] all;
    private final Map<Integer, Load> loads = new TreeMap<>();

    private UnderLoad(Cluster cluster, int bytes, int[] all) {
        this.cluster = cluster;
        this.bytes = bytes;
        this.all = all;
    }

    /** Starts nodes 1 to {@code nodes}; they are one ring and under load when this returns. */
    static UnderLoad form(Cluster cluster, int nodes, int bytes) throws IOException, InterruptedException {
        UnderLoad formed =
                new UnderLoad(cluster, bytes, IntStream.rangeClosed(1, nodes).toArray());
        for (int id : formed.all) {
            cluster.start(id);
        }
        cluster.awaitRing(FORMS, formed.all);
        for (int id : formed.all) {
            formed.load(id);
        }
        formed.awaitProgress(Duration.ofSeconds(40), 200, formed.all);
        return formed;
    }

    private void load(int id) {
        loads.put(id, Load.paced(cluster.node(id), bytes, PAUSE));
    }

    /** Cuts the lab in two, lets both parts go on, and heals it. */
    void partAndMerge(NetLab lab, List<List<Integer>> parts, Duration parting, Duration merging)
            throws IOException, InterruptedException {
        lab.partition(parts);
        for (List<Integer> part : parts) {
            cluster.awaitRing(parting, ids(part));
        }
        for (List<Integer> part : parts) {
            awaitProgress(Duration.ofSeconds(10), 100, ids(part));
        }
        lab.heal();
        long healedAtNanos = System.nanoTime();
        cluster.awaitRing(merging, all);
        Totem.say("parted under load, both sides went on; one ring again "
                + (System.nanoTime() - healedAtNanos) / 1_000_000 + " ms after healing");
        awaitProgress(Duration.ofSeconds(10), 100, all);
    }

    /** {@code kill -9}, a ring of the others, and the next life. */
    void killAndRestart(int victim, Duration parting, Duration joining) throws IOException, InterruptedException {
        cluster.kill(victim);
        loads.remove(victim).stop();
        int[] others = IntStream.of(all).filter(id -> id != victim).toArray();
        long killedAtNanos = System.nanoTime();
        cluster.awaitRing(parting, others);
        Totem.say("kill -9 of node " + victim + ": a ring of the others "
                + (System.nanoTime() - killedAtNanos) / 1_000_000 + " ms later");
        awaitProgress(Duration.ofSeconds(10), 100, others);
        cluster.start(victim);
        cluster.awaitRing(joining, all);
        load(victim);
        awaitProgress(Duration.ofSeconds(15), 100, all);
    }

    /** Stops a process for a while, and waits until all are one ring that makes progress. */
    void pause(int victim, int millis, Duration back) throws Exception {
        NodeProcess paused = cluster.node(victim);
        int configs = paused.configs().size();
        paused.signal("STOP");
        Deadline.after(Duration.ofMillis(millis), () -> resume(paused)).get(10, TimeUnit.SECONDS);
        awaitProgress(Duration.ofSeconds(15), 50, all);
        cluster.awaitRing(back, all);
        Totem.say("node " + victim + " paused for " + millis + " ms: "
                + (paused.configs().size() - configs) + " configuration changes there, one ring");
    }

    private static void resume(NodeProcess paused) {
        try {
            paused.signal("CONT");
        } catch (IOException | InterruptedException failed) {
            throw new IllegalStateException(failed);
        }
    }

    /** Each of these delivers so many more messages of each of these. */
    void awaitProgress(Duration time, int messages, int... ids) throws InterruptedException {
        Deadline deadline = Deadline.in(time);
        for (int id : ids) {
            int[] before = cluster.node(id).see(log -> log.deliveredBySender.clone());
            cluster.node(id)
                    .await(
                            messages + " more messages of each of " + Arrays.toString(ids),
                            Duration.ofMillis(deadline.millisLeft()),
                            log -> IntStream.of(ids)
                                    .allMatch(sender -> log.deliveredBySender[sender] >= before[sender] + messages));
        }
    }

    /** Ends the load, of which every send must have an answer, and checks the logs of all lives. */
    void finish() throws IOException, InterruptedException {
        for (Load load : new ArrayList<>(loads.values())) {
            load.finish(ENDS);
        }
        cluster.quitAndCheck();
    }

    private static int[] ids(List<Integer> part) {
        return part.stream().mapToInt(Integer::intValue).toArray();
    }
}
