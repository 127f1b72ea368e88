/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.totem.testkit.internal.lab.NetLab;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Real processes on one machine, and so with one clock: at no instant two rings hold a lease, and the lease of who stands still or is cut
 * off is over before others have installed a primary configuration.
 */
class LeaseIT {

    private static final Duration FORMS = Duration.ofSeconds(60);
    private static final Duration CHANGES = Duration.ofSeconds(15);
    private static final Duration TOKEN_TIMEOUTS = Duration.ofMillis(1_500);

    /** Whoever is not heard of for this long stands still, is dead, or was looked for by nobody. */
    private static final long GAP_NANOS = 100_000_000;

    @TempDir
    Path folder;

    private final Map<Integer, Member> members = new TreeMap<>();

    /** What a process said: by the clock of the machine. */
    private record Look(long before, long after, String ring, boolean isPrimary, long until) {

        static Look of(String line) {
            String[] words = line.split(" ", -1);
            return new Look(
                    Long.parseLong(words[0]),
                    Long.parseLong(words[1]),
                    words[2],
                    Boolean.parseBoolean(words[3]),
                    Long.parseLong(words[4]));
        }
    }

    private record Member(int id, Process process, List<Look> told) {

        List<Look> looks() {
            return List.copyOf(told);
        }

        Optional<Look> last() {
            List<Look> looks = looks();
            return looks.isEmpty() ? Optional.empty() : Optional.of(looks.get(looks.size() - 1));
        }
    }

    /** A process held the lease of a ring without doubt from one time on, and at most until another. */
    private record Held(int id, String ring, long from, long until) {}

    @AfterEach
    void end() {
        members.values().forEach(member -> member.process.destroyForcibly());
    }

    @Test
    void whoIsStoppedOrKilledHoldsNoLeaseBesideTheOthers() throws Exception {
        int[] ports = Cluster.freePorts(4);
        for (int id = 1; id <= 3; id++) {
            start(id, "127.0.0.1", ports[id - 1], ports[3], host -> List.of());
        }
        decide(FORMS, 1, 2, 3);
        for (int stopped = 1; stopped <= 3; stopped++) {
            int first = stopped == 1 ? 2 : 1;
            int second = stopped == 3 ? 2 : 3;
            String ring = ring(stopped);
            signal(stopped, "STOP");
            Deadline.after(TOKEN_TIMEOUTS, () -> {}).get();
            decideWithout(ring, first, second);
            signal(stopped, "CONT");
            wasOverBeforeOthersDecided(stopped, ring, first, second);
            decide(CHANGES, 1, 2, 3);
        }
        String ring = ring(3);
        members.get(3).process.destroyForcibly().waitFor();
        decideWithout(ring, 1, 2);
        wasOverBeforeOthersDecided(3, ring, 1, 2);
        neverTwoAtOnce();
    }

    @Test
    void whoIsCutOffHoldsNoLeaseBesideTheOthers() throws Exception {
        Optional<String> obstacle = NetLab.obstacle();
        obstacle.ifPresent(why -> Totem.say("skipped: " + why));
        assumeTrue(obstacle.isEmpty(), () -> obstacle.orElse(""));
        try (NetLab lab = NetLab.of(3)) {
            for (int id = 1; id <= 3; id++) {
                start(id, lab.address(id), 5405, 5406, lab::inside);
            }
            decide(FORMS, 1, 2, 3);
            for (int cut = 1; cut <= 3; cut++) {
                int first = cut == 1 ? 2 : 1;
                int second = cut == 3 ? 2 : 3;
                String ring = ring(cut);
                lab.partition(List.of(List.of(cut), List.of(first, second)));
                decideWithout(ring, first, second);
                wasOverBeforeOthersDecided(cut, ring, first, second);
                lab.heal();
                decide(CHANGES, 1, 2, 3);
            }
            neverTwoAtOnce();
        }
    }

    private void start(int id, String host, int port, int groupPort, IntFunction<List<String>> prefix)
            throws IOException {
        List<String> words = new ArrayList<>(prefix.apply(id));
        words.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xmx192m",
                "-cp",
                System.getProperty("java.class.path"),
                LeaseMember.class.getName(),
                String.valueOf(id),
                host,
                String.valueOf(port),
                String.valueOf(groupPort),
                folder.resolve("state-" + id).toString()));
        Process process = new ProcessBuilder(words)
                .redirectError(folder.resolve("err-" + id).toFile())
                .start();
        Member member = new Member(id, process, Collections.synchronizedList(new ArrayList<>()));
        members.put(id, member);
        Thread reader = new Thread(() -> read(member), "lease-member-" + id);
        reader.setDaemon(true);
        reader.start();
    }

    private static void read(Member member) {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(member.process.getInputStream(), StandardCharsets.UTF_8))) {
            lines.lines()
                    .filter(line -> line.matches("[0-9]+ [0-9]+ [^ ]+ (true|false) [0-9]+"))
                    .map(Look::of)
                    .forEach(member.told::add);
        } catch (IOException | UncheckedIOException ended) {
            // what it said is what counts
        }
    }

    private String ring(int id) {
        return members.get(id).last().orElseThrow().ring;
    }

    private void signal(int id, String name) throws Exception {
        Process kill = new ProcessBuilder(
                        "kill",
                        "-" + name,
                        String.valueOf(members.get(id).process.pid()))
                .start();
        assertThat(kill.waitFor()).as("kill -" + name).isZero();
    }

    /** Waits until these are on one ring and each of them holds its lease. */
    private void decide(Duration time, int... ids) throws Exception {
        await("one ring whose leases " + Arrays.toString(ids) + " hold", time, () -> {
            List<String> rings = new ArrayList<>();
            for (int id : ids) {
                members.get(id).last().filter(look -> look.until != 0).ifPresent(look -> rings.add(look.ring));
            }
            return rings.size() == ids.length && rings.stream().distinct().count() == 1;
        });
    }

    /** The same on another ring. */
    private void decideWithout(String ring, int... ids) throws Exception {
        await(
                "another ring than " + ring,
                CHANGES,
                () -> !ring(ids[0]).equals(ring) && !ring(ids[1]).equals(ring));
        decide(CHANGES, ids);
    }

    private static void await(String what, Duration time, BooleanSupplier holds) throws Exception {
        Deadline deadline = Deadline.in(time);
        while (!holds.getAsBoolean()) {
            assertThat(deadline.millisLeft()).as(what).isPositive();
            Deadline.after(Duration.ofMillis(10), () -> {}).get();
        }
    }

    /** Each of the others was seen on its ring of before when this one's lease was over. */
    private void wasOverBeforeOthersDecided(int id, String ring, int... others) {
        long over = members.get(id).looks().stream()
                .filter(look -> look.ring.equals(ring))
                .mapToLong(Look::until)
                .max()
                .orElseThrow();
        for (int other : others) {
            long lastBefore = members.get(other).looks().stream()
                    .filter(look -> look.ring.equals(ring))
                    .mapToLong(Look::before)
                    .max()
                    .orElseThrow();
            Look first = members.get(other).looks().stream()
                    .filter(look -> look.before > lastBefore && look.isPrimary)
                    .findFirst()
                    .orElseThrow();
            assertThat(lastBefore - over)
                    .as(
                            "from the end of the lease of node %s until node %s had another primary, seen from %s to %s",
                            id, other, lastBefore, first.after)
                    .isPositive();
        }
    }

    private void neverTwoAtOnce() {
        List<Held> all = new ArrayList<>();
        members.values().forEach(member -> all.addAll(held(member)));
        assertThat(all.stream().map(Held::ring).distinct().count()).isGreaterThan(3);
        for (Held one : all) {
            for (Held other : all) {
                boolean isAtOnce = one.from < other.until && other.from < one.until;
                assertThat(isAtOnce && !one.ring.equals(other.ring))
                        .as("%s and %s", one, other)
                        .isFalse();
            }
        }
        Totem.say("leases of " + all.stream().map(Held::ring).distinct().count() + " rings, never of two at once");
    }

    /** Whoever goes on telling has held it until it told so last; whoever does not, until it ended by itself. */
    private static List<Held> held(Member member) {
        List<Held> all = new ArrayList<>();
        List<Look> looks = member.looks();
        for (int i = 0; i < looks.size(); i++) {
            Look look = looks.get(i);
            if (look.until == 0) {
                continue;
            }
            boolean isLast = i + 1 == looks.size() || looks.get(i + 1).before - look.after > GAP_NANOS;
            all.add(new Held(member.id, look.ring, look.before, isLast ? look.until : look.after));
        }
        return merged(all);
    }

    private static List<Held> merged(List<Held> looks) {
        List<Held> all = new ArrayList<>();
        for (Held look : looks) {
            Held before = all.isEmpty() ? look : all.get(all.size() - 1);
            if (!all.isEmpty() && before.ring.equals(look.ring)) {
                all.set(all.size() - 1, new Held(look.id, look.ring, before.from, Math.max(before.until, look.until)));
            } else {
                all.add(look);
            }
        }
        return all;
    }
}
