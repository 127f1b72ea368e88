/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.internal.sim;

import dev.totem.testkit.Fault;
import dev.totem.testkit.internal.sim.ScheduleStep.Await;
import dev.totem.testkit.internal.sim.ScheduleStep.Crash;
import dev.totem.testkit.internal.sim.ScheduleStep.Cut;
import dev.totem.testkit.internal.sim.ScheduleStep.CutTokens;
import dev.totem.testkit.internal.sim.ScheduleStep.DirectedWeather;
import dev.totem.testkit.internal.sim.ScheduleStep.Heal;
import dev.totem.testkit.internal.sim.ScheduleStep.Leave;
import dev.totem.testkit.internal.sim.ScheduleStep.LoseTokens;
import dev.totem.testkit.internal.sim.ScheduleStep.Mute;
import dev.totem.testkit.internal.sim.ScheduleStep.Partition;
import dev.totem.testkit.internal.sim.ScheduleStep.Pause;
import dev.totem.testkit.internal.sim.ScheduleStep.Replay;
import dev.totem.testkit.internal.sim.ScheduleStep.Restart;
import dev.totem.testkit.internal.sim.ScheduleStep.Sends;
import dev.totem.testkit.internal.sim.ScheduleStep.SlowDisk;
import dev.totem.testkit.internal.sim.ScheduleStep.Stall;
import dev.totem.testkit.internal.sim.ScheduleStep.Twin;
import dev.totem.testkit.internal.sim.ScheduleStep.Wait;
import dev.totem.testkit.internal.sim.ScheduleStep.Weather;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Makes up what happens next. One thread. */
final class ScheduleSteps {

    private static final int REPLAYED_MAX = 100;
    private static final int STALLED_MAX = 5;
    private static final int CUT_TOKENS_EVERY = 20;

    private final SplittableRandom random;

    /** Decides on faults that were added later, so that the schedules of known seeds stay what they were otherwise. */
    private final SplittableRandom later;

    private final int nodes;
    private final Duration token;
    private final Set<Fault> allowed;
    private final WeatherMaker weather;
    private final List<Supplier<ScheduleStep>> disturbances = new ArrayList<>();
    private final List<Supplier<ScheduleStep>> faults = new ArrayList<>();

    ScheduleSteps(SplittableRandom random, SplittableRandom later, int nodes, Duration token, Set<Fault> allowed) {
        this.random = random;
        this.later = later;
        this.nodes = nodes;
        this.token = token;
        this.allowed = allowed;
        weather = new WeatherMaker(random, token, allowed);
        disturb();
        annoy();
    }

    /** What breaks a ring. */
    private void disturb() {
        disturbances.add(Heal::new);
        if (allowed.contains(Fault.PARTITION)) {
            disturbances.addAll(List.of(this::partition, this::partition));
        }
        if (allowed.contains(Fault.CRASH)) {
            disturbances.add(() -> new Crash(node()));
        }
        if (allowed.contains(Fault.PAUSE)) {
            disturbances.add(this::pause);
        }
        if (allowed.contains(Fault.ONE_WAY)) {
            disturbances.add(() -> new Cut(node(), node()));
        }
        if (allowed.contains(Fault.TOKEN_LOSS)) {
            disturbances.add(this::tokenLoss);
        }
        faults.addAll(disturbances);
    }

    /** What a ring may or may not survive, and what comes back. */
    private void annoy() {
        faults.add(Heal::new);
        if (allowed.contains(Fault.CRASH)) {
            faults.addAll(List.of(this::restart, this::restart, this::restart));
        }
        if (allowed.contains(Fault.LEAVE)) {
            faults.add(() -> new Leave(node()));
        }
        if (allowed.contains(Fault.SLOW_DISK)) {
            faults.add(() -> new SlowDisk(node(), upTo(token)));
        }
        if (allowed.contains(Fault.SLOW_SUBSCRIBER)) {
            faults.add(() -> new Stall(node(), random.nextInt(2), upTo(token.multipliedBy(STALLED_MAX))));
        }
        if (allowed.contains(Fault.REPLAY)) {
            faults.add(() -> new Replay(1 + random.nextInt(REPLAYED_MAX)));
        }
        if (allowed.contains(Fault.MULTICAST_LOSS)) {
            faults.add(() -> new Mute(node()));
        }
        if (allowed.contains(Fault.TWIN)) {
            faults.add(() -> random.nextBoolean() ? new Twin(node()) : new Heal());
        }
        if (weather.isAny()) {
            faults.addAll(List.of(
                    () -> new Weather(weather.next()), () -> new DirectedWeather(node(), node(), weather.next())));
        }
    }

    /** A fault or some sends, and then some time; or faults at chosen moments of a membership change under load. */
    List<ScheduleStep> next() {
        List<ScheduleStep> steps = usual();
        boolean isCut = allowed.contains(Fault.UNICAST_LOSS) && later.nextInt(CUT_TOKENS_EVERY) == 0;
        return isCut
                ? Stream.concat(
                                Stream.of(new CutTokens(1 + later.nextInt(nodes), 1 + later.nextInt(nodes))),
                                steps.stream())
                        .toList()
                : steps;
    }

    private List<ScheduleStep> usual() {
        return switch (random.nextInt(12)) {
            case 0, 1 -> atMilestones();
            case 2 -> atTokenOfRecovery();
            case 3 -> atInstallOfSome();
            case 4, 5, 6 -> List.of(faults.get(random.nextInt(faults.size())).get(), time());
            default -> List.of(sends(node()), time());
        };
    }

    /**
     * Disturbs a ring under load, waits until a new one is being formed or installed at some of its members, and disturbs
     * just then: the faults that chance alone would seldom time so well.
     */
    private List<ScheduleStep> atMilestones() {
        List<ScheduleStep> steps = load();
        steps.add(disturbance());
        int again = 1 + random.nextInt(3);
        for (int i = 0; i < again; i++) {
            Milestone milestone = random.nextBoolean() ? Milestone.INSTALL : Milestone.ACCEPT;
            steps.add(new Await(milestone, 1 + random.nextInt(nodes), token.multipliedBy(5)));
            if (random.nextBoolean()) {
                steps.add(new Wait(upTo(token.dividedBy(50))));
            }
            steps.add(disturbance());
        }
        return steps;
    }

    /** The exchange of old messages breaks off at some hop of the token. */
    private List<ScheduleStep> atTokenOfRecovery() {
        List<ScheduleStep> steps = load();
        steps.add(disturbance());
        steps.add(new Await(Milestone.ACCEPT, 1 + random.nextInt(nodes), token.multipliedBy(5)));
        int again = 1 + random.nextInt(2);
        for (int i = 0; i < again; i++) {
            steps.add(new Await(Milestone.TOKEN, 1 + random.nextInt(7 * nodes), token.multipliedBy(2)));
            steps.add(disturbance());
        }
        steps.add(time());
        return steps;
    }

    /**
     * A member's messages are lost to all others, which go on and then lose that member; of those that exchange what they
     * have, only some install the new ring. The rest is bound by what it promised them.
     */
    private List<ScheduleStep> atInstallOfSome() {
        List<ScheduleStep> steps = load();
        int lost = node();
        steps.add(sends(lost));
        if (allowed.contains(Fault.MULTICAST_LOSS)) {
            steps.add(new Mute(lost));
        }
        steps.add(new Wait(upTo(token.dividedBy(50))));
        steps.addAll(load());
        steps.add(random.nextBoolean() && allowed.contains(Fault.CRASH) ? new Crash(lost) : disturbance());
        steps.add(new Await(Milestone.INSTALL, 1 + random.nextInt(nodes - 1), token.multipliedBy(5)));
        steps.add(random.nextBoolean() && allowed.contains(Fault.TOKEN_LOSS) ? tokenLoss() : disturbance());
        if (random.nextBoolean()) {
            steps.add(disturbance());
        }
        steps.add(time());
        return steps;
    }

    private List<ScheduleStep> load() {
        List<ScheduleStep> steps = new ArrayList<>();
        for (int sender = 1; sender <= nodes; sender++) {
            if (random.nextBoolean()) {
                steps.add(sends(sender));
            }
        }
        steps.add(new Wait(upTo(token.dividedBy(50))));
        return steps;
    }

    private ScheduleStep disturbance() {
        return disturbances.get(random.nextInt(disturbances.size())).get();
    }

    private ScheduleStep sends(int node) {
        return new Sends(node, 1 + random.nextInt(30), random.nextLong());
    }

    /** Mostly short, so that one thing happens while another is under way. */
    private ScheduleStep time() {
        Duration longest = switch (random.nextInt(4)) {
            case 0 -> token.dividedBy(100);
            case 1 -> token.dividedBy(10);
            case 2 -> token;
            default -> token.multipliedBy(4);
        };
        return new Wait(upTo(longest));
    }

    private ScheduleStep restart() {
        DiskFate[] fates = DiskFate.values();
        boolean isWhole = !allowed.contains(Fault.STORAGE) || random.nextBoolean();
        return new Restart(node(), isWhole ? DiskFate.KEPT : fates[random.nextInt(fates.length)]);
    }

    private ScheduleStep pause() {
        long least = token.toNanos() / 10;
        long most = random.nextBoolean() ? token.toNanos() : 5 * token.toNanos();
        return new Pause(node(), Duration.ofNanos(random.nextLong(least, most)));
    }

    private ScheduleStep tokenLoss() {
        return new LoseTokens(upTo(token.multipliedBy(random.nextBoolean() ? 1 : 4)));
    }

    private ScheduleStep partition() {
        int count = 2 + random.nextInt(random.nextBoolean() ? 1 : nodes - 1);
        List<List<Integer>> parts = new ArrayList<>();
        for (int part = 0; part < count; part++) {
            parts.add(new ArrayList<>());
        }
        for (int node = 1; node <= nodes; node++) {
            parts.get(random.nextInt(count)).add(node);
        }
        return new Partition(parts.stream().filter(part -> !part.isEmpty()).toList());
    }

    private Duration upTo(Duration most) {
        return Duration.ofNanos(random.nextLong(most.toNanos()));
    }

    private int node() {
        return 1 + random.nextInt(nodes);
    }
}
