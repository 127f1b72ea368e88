/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.internal.sim;

import dev.totem.core.ConfigChange;
import dev.totem.core.EvsEvent;
import dev.totem.core.Guarantee;
import dev.totem.core.TotemNode;
import dev.totem.core.internal.protocol.StepWitness;
import dev.totem.testkit.internal.check.EvsLog;
import dev.totem.testkit.internal.check.LogEvent;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Somebody's own code on one life of a node. One thread. */
final class HostedUser implements SimUser {

    private final Life life;
    private final HostedCluster host;
    private final DeliveryLog log;
    private long stalledUntilNanos;
    private @Nullable ConfigChange last;

    HostedUser(Life life, HostedCluster host) {
        this.life = life;
        this.host = host;
        this.log = new DeliveryLog(life, host.lives(), this::happened);
    }

    @Override
    public StepWitness witness() {
        return log;
    }

    @Override
    public void attach(TotemNode node) {
        host.hosts(life.time(), this);
        node.openHandle(new ApplicationScheduler(life.time()))
                .events()
                .subscribe(this::changed, this::stopped, life.onLeft());
        life.time().executeApplication(0, () -> work(() -> host.started(node)));
    }

    private void changed(EvsEvent event) {
        if (event instanceof ConfigChange change) {
            last = change;
        }
    }

    private void stopped(Throwable reason) {
        happened("stops itself: " + reason);
        life.onStopped().accept(reason);
    }

    /** Runs a task of the user, unless he stands still: then he does it later. */
    void work(Runnable task) {
        long stalled = stalledUntilNanos - life.time().trueNowNanos();
        if (stalled > 0) {
            life.time().executeApplication(stalled, () -> work(task));
        } else {
            host.work("node " + life.node(), task);
        }
    }

    @Override
    public void stall(int which, long nanos) {
        stalledUntilNanos = Math.max(stalledUntilNanos, life.time().trueNowNanos() + nanos);
    }

    /** He goes on. */
    void resume() {
        stalledUntilNanos = 0;
    }

    @Override
    public void leaving() {
        happened("leaves");
    }

    /** What the node delivered is all here, whatever waited for its subscribers. */
    @Override
    public void died(boolean isTailLost) {
        log.end(new LogEvent.Fail(false));
    }

    @Override
    public void left() {
        log.end(new LogEvent.Stuck());
    }

    /** Only he sends. */
    @Override
    public void send(int handle, int group, Guarantee guarantee, int bytes) {}

    @Override
    public Optional<ConfigChange> last() {
        return Optional.ofNullable(last);
    }

    /** Nobody but him knows. */
    @Override
    public int pending() {
        return 0;
    }

    @Override
    public EvsLog log() {
        return new EvsLog(life.node(), life.number(), log.events());
    }

    @Override
    public List<String> failures() {
        return List.of();
    }

    private void happened(Object what) {
        host.trace().happened("node " + life.node(), what);
    }
}
