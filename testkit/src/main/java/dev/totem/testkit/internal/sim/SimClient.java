/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.internal.sim;

import dev.totem.core.ConfigChange;
import dev.totem.core.Delivery;
import dev.totem.core.DuplicateNodeIdException;
import dev.totem.core.EvsEvent;
import dev.totem.core.EvsHandle;
import dev.totem.core.GroupChange;
import dev.totem.core.GroupName;
import dev.totem.core.Guarantee;
import dev.totem.core.Message;
import dev.totem.core.NodeClosedException;
import dev.totem.core.NodeId;
import dev.totem.core.Position;
import dev.totem.core.Quorum;
import dev.totem.core.SendFailedException;
import dev.totem.core.TotemNode;
import dev.totem.core.internal.protocol.StepWitness;
import dev.totem.testkit.internal.check.EvsLog;
import dev.totem.testkit.internal.check.LogEvent;
import dev.totem.testkit.internal.check.MessageId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;

/**
 * The user of one life of a node: a handle in all groups that writes the log, and others in some groups whose view is
 * compared with it. One thread.
 */
final class SimClient implements SimUser {

    /** The groups in use. */
    static final List<GroupName> GROUPS =
            Stream.of("a", "b", "c").map(GroupName::of).toList();

    /** The handle that writes the log: what it sends is confirmed after its own delivery, which the checker asserts. */
    private static final int RECORDER = 0;

    /** One send in so many is for primaries only. */
    private static final int PRIMARY_EVERY = 3;

    private final NodeId self;
    private final int life;
    private final Quorum quorum;
    private final Trace trace;
    private final SendLog sends;
    private final SimLife time;
    private final Consumer<Throwable> onStopped;
    private final Runnable onLeft;
    private final List<LogEvent> log = new ArrayList<>();
    private final List<EvsEvent> seen = new ArrayList<>();
    private final List<EvsHandle> handles = new ArrayList<>();
    private final List<SideView> views = new ArrayList<>();
    private final Map<MessageId, Position> early = new LinkedHashMap<>();
    private final Set<MessageId> delivered = new LinkedHashSet<>();
    private final List<String> failures = new ArrayList<>();
    private final List<String> unsent = new ArrayList<>();
    private final List<EvsHandle> visitors = new ArrayList<>();
    private @Nullable TotemNode node;
    private boolean isDuplicate;
    private long[] counters = {};
    private boolean isLeaving;
    private boolean isKilled;
    private boolean hasCompleted;
    private int pending;
    private @Nullable ConfigChange last;

    SimClient(Life begun) {
        this.self = begun.node();
        this.life = begun.number();
        this.quorum = begun.quorum();
        this.time = begun.time();
        this.trace = begun.trace();
        this.sends = new SendLog(self, trace, begun.progress());
        this.onStopped = begun.onStopped();
        this.onLeft = begun.onLeft();
    }

    @Override
    public StepWitness witness() {
        return sends;
    }

    /** Opens all handles. */
    @Override
    public void attach(TotemNode node) {
        this.node = node;
        Scheduler scheduler = new ApplicationScheduler(time);
        EvsHandle recorder = node.openHandle(scheduler);
        handles.add(recorder);
        recorder.events().subscribe(this::record, this::stopped, this::ended);
        join(recorder, GROUPS);
        for (GroupName group : GROUPS.subList(0, 2)) {
            EvsHandle handle = node.openHandle(scheduler);
            handles.add(handle);
            SideView view = new SideView(group, handle.id(), time, views.isEmpty());
            views.add(view);
            join(handle, List.of(group));
            handle.events().subscribe(view);
        }
        counters = new long[handles.size()];
    }

    /** Handles come and go, and so do the members of the groups that are compared. */
    @Override
    public void churn(long seed) {
        TotemNode of = node;
        if (of == null || isLeaving) {
            return;
        }
        SplittableRandom random = new SplittableRandom(seed);
        int steps = 1 + random.nextInt(6);
        for (int i = 0; i < steps; i++) {
            int side = 1 + random.nextInt(views.size());
            switch (random.nextInt(4)) {
                case 0 -> handles.get(side).leave(GROUPS.get(side - 1).value()).subscribe(done -> {}, refused -> {});
                case 1 -> join(handles.get(side), List.of(GROUPS.get(side - 1)));
                case 2 -> visit(of, random);
                default -> leaveForGood(random);
            }
        }
    }

    private void visit(TotemNode of, SplittableRandom random) {
        EvsHandle visitor = of.openHandle(new ApplicationScheduler(time), "visitor");
        visitors.add(visitor);
        List<GroupName> groups = new ArrayList<>(GROUPS.subList(0, 1 + random.nextInt(GROUPS.size())));
        int crowd = random.nextInt(8) == 0 ? 2_000 : 3;
        for (int i = 0; i < crowd; i++) {
            groups.add(GroupName.of("crowd " + random.nextInt(3 * crowd)));
        }
        join(visitor, groups.stream().distinct().toList());
    }

    /** Nobody subscribes to what visitors see, so they know what the node has come to. */
    @Override
    public Stream<Crowd> crowds() {
        return visitors.stream()
                .flatMap(visitor -> visitor.groups().stream()
                        .map(group -> new Crowd(group, visitor.id(), visitor.members(group.value()))));
    }

    private void leaveForGood(SplittableRandom random) {
        if (!visitors.isEmpty()) {
            visitors.remove(random.nextInt(visitors.size())).close().subscribe();
        }
    }

    private void join(EvsHandle handle, List<GroupName> groups) {
        String[] names = groups.stream().map(GroupName::value).toArray(String[]::new);
        handle.join(names[0], Arrays.copyOfRange(names, 1, names.length)).subscribe(done -> {}, failure -> {
            if (!isLeaving && !(failure instanceof NodeClosedException)) {
                unsent.add("join failed: " + failure);
            }
        });
    }

    @Override
    public void leaving() {
        isLeaving = true;
    }

    private void stopped(Throwable reason) {
        isDuplicate = reason instanceof DuplicateNodeIdException;
        onStopped.accept(reason);
    }

    private void ended() {
        hasCompleted = true;
        if (isLeaving) {
            onLeft.run();
        } else {
            failures.add("events completed, though nobody left");
        }
    }

    /** Sends one message by one of the handles, by rest; {@code group} picks where to: to one group or to two. */
    @Override
    public void send(int which, int group, Guarantee guarantee, int bytes) {
        if (handles.isEmpty() || isLeaving) {
            return;
        }
        int handle = which % handles.size();
        MessageId mid = new MessageId(self, life, handle, counters[handle]++);
        List<GroupName> groups = new ArrayList<>(List.of(GROUPS.get(group % GROUPS.size())));
        if (group / GROUPS.size() % 2 == 1) {
            groups.add(GROUPS.get((group + 1) % GROUPS.size()));
        }
        SimPayload.idGroup(mid, bytes).ifPresent(groups::add);
        boolean isOnlyInPrimary = !quorum.isNone() && mid.counter() % PRIMARY_EVERY == 0;
        write(new LogEvent.Submit(mid, guarantee, isOnlyInPrimary));
        pending++;
        Message message = new Message(groups, guarantee, SimPayload.of(mid, bytes));
        handles.get(handle)
                .send(isOnlyInPrimary ? message.onlyInPrimary() : message)
                .subscribe(position -> sent(mid, position), failure -> unsent(mid, isOnlyInPrimary, failure));
    }

    private void sent(MessageId mid, Position position) {
        pending--;
        if (mid.handle() == RECORDER || delivered.contains(mid)) {
            write(new LogEvent.Sent(mid, position));
        } else {
            early.put(mid, position);
        }
    }

    private void unsent(MessageId mid, boolean isOnlyInPrimary, Throwable failure) {
        pending--;
        SendFailedException.Fate fate =
                failure instanceof SendFailedException failed ? failed.fate() : SendFailedException.Fate.UNKNOWN;
        write(new LogEvent.Unsent(mid, fate));
        if (!isLeaving && !(isOnlyInPrimary && fate != SendFailedException.Fate.UNKNOWN)) {
            unsent.add("send of " + mid + " failed: " + failure);
        }
    }

    private void record(EvsEvent event) {
        seen.add(event);
        if (event instanceof ConfigChange change) {
            last = change;
            write(LogEvent.Conf.of(change, quorum));
        } else if (event instanceof Delivery delivery) {
            deliver(delivery);
        } else if (event instanceof GroupChange change) {
            write(LogEvent.Group.of(change));
        }
    }

    private void deliver(Delivery delivery) {
        Optional<MessageId> read = SimPayload.read(delivery);
        if (read.isEmpty()) {
            failures.add("damaged message: " + delivery);
        }
        MessageId mid =
                read.orElseGet(() -> MessageId.ofContent(delivery.sender(), delivery.position(), delivery.payload()));
        write(new LogEvent.Deliver(
                mid, delivery.sender(), delivery.guarantee(), delivery.position(), delivery.groups()));
        if (mid.sender().equals(self)) {
            delivered.add(mid);
            Position position = early.remove(mid);
            if (position != null) {
                write(new LogEvent.Sent(mid, position));
            }
        }
    }

    private void write(LogEvent event) {
        log.add(event);
        trace.add(event.toString());
    }

    @Override
    public void died(boolean isTailLost) {
        isKilled = true;
        write(new LogEvent.Fail(isTailLost));
    }

    @Override
    public void left() {
        write(hasCompleted ? new LogEvent.Left() : new LogEvent.Stuck());
    }

    /** The users of one group ask for nothing for this long. */
    @Override
    public void stall(int view, long nanos) {
        if (!views.isEmpty()) {
            views.get(view % views.size()).stall(nanos);
        }
    }

    @Override
    public Optional<ConfigChange> last() {
        return Optional.ofNullable(last);
    }

    @Override
    public int pending() {
        return pending;
    }

    int deliveries() {
        return (int) log.stream().filter(LogEvent.Deliver.class::isInstance).count();
    }

    /** Everything so far. A side handle's send that was confirmed without a delivery here is shown at the end. */
    @Override
    public EvsLog log() {
        Stream<LogEvent> orphans =
                early.entrySet().stream().map(entry -> new LogEvent.Sent(entry.getKey(), entry.getValue()));
        return new EvsLog(
                self, life, Stream.concat(orphans, sends.among(log).stream()).toList());
    }

    /** What no log shows: damaged payloads, ended streams, and handles that saw something else. */
    @Override
    public List<String> failures() {
        Stream<String> differences =
                views.stream().map(view -> view.difference(seen, isKilled)).flatMap(Optional::stream);
        Stream<String> broken = Stream.concat(failures.stream(), isDuplicate ? Stream.empty() : unsent.stream());
        return Stream.concat(broken, differences)
                .map(what -> "node " + self + " life " + life + ": " + what)
                .toList();
    }
}
