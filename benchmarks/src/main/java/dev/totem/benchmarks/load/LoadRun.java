/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.load;

import dev.totem.core.ConfigChange;
import dev.totem.core.Delivery;
import dev.totem.core.EvsEvent;
import dev.totem.core.EvsHandle;
import dev.totem.core.GroupName;
import dev.totem.core.NodeId;
import dev.totem.core.TotemNode;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/**
 * One run of a {@link LoadPlan}: waits for the members, warms up, measures, drains, reports.
 *
 * <p>Everything but {@link #attach} runs on the lane, the handle's one thread.
 */
public final class LoadRun {

    private static final Logger LOG = LoggerFactory.getLogger(LoadRun.class);

    private final LoadPlan plan;
    private final GroupName group;
    private final Scheduler lane;
    private final Scheduler timer;
    private final LoadSource source;
    private final LoadMeter meter;
    private final Sinks.One<LoadReport> report = Sinks.one();

    // lane only
    private int self;
    private boolean begun;

    /**
     * @param lane runs everything; one thread
     * @param timer paces what is sent
     */
    public LoadRun(LoadPlan plan, GroupName group, Scheduler lane, Scheduler timer) {
        this.plan = plan;
        this.group = group;
        this.lane = lane;
        this.timer = timer;
        LoadPayloads payloads = new LoadPayloads(plan);
        this.source = new LoadSource(plan, group, payloads);
        this.meter = new LoadMeter(plan, payloads);
    }

    /** Opens a handle of the node and runs the plan. */
    public void attach(TotemNode node) {
        attach(node.openHandle(lane), node.id());
    }

    /**
     * Runs the plan with a handle that has not subscribed yet and signals on the lane; it begins with a configuration of all members.
     *
     * @param node of the handle
     */
    public void attach(EvsHandle handle, NodeId node) {
        lane.schedule(() -> self = node.value());
        handle.events()
                .subscribe(
                        event -> see(handle, event),
                        this::fail,
                        () -> fail(new IllegalStateException("the node ended before the run did")));
        handle.join(group.value()).subscribe(nothing -> {}, this::fail);
    }

    /** Completes with what was measured; fails with what ended the node or the subscription. */
    public Mono<LoadReport> report() {
        return report.asMono();
    }

    private void see(EvsHandle handle, EvsEvent event) {
        if (event instanceof Delivery delivery) {
            delivered(delivery);
        } else if (event instanceof ConfigChange change && change.isRegular()) {
            if (begun) {
                LOG.warn("the configuration changed during the run: members {}", change.members());
            } else if (change.members().size() == plan.members()) {
                begin(handle);
            }
        }
    }

    private void delivered(Delivery delivery) {
        int bytes = delivery.payloadBytes();
        if (bytes < LoadPlan.SIZE_BYTES_MIN) {
            return;
        }
        meter.delivered(self, delivery.sender().value(), delivery.payloadView().getLong(), bytes);
    }

    private void begin(EvsHandle handle) {
        begun = true;
        if (plan.sends()) {
            handle.sendAll(source.messages(timer)).subscribe(position -> {}, this::fail);
        }
        after(plan.warmup(), meter::beginWindow);
        after(plan.warmup().plus(plan.window()), this::endWindow);
    }

    private void endWindow() {
        meter.endWindow();
        source.stop();
        tellWhenDrained();
    }

    private void tellWhenDrained() {
        if (!meter.hasDrained()) {
            after(LoadMeter.REST, this::tellWhenDrained);
            return;
        }
        report.tryEmitValue(meter.report(self));
    }

    private void fail(Throwable reason) {
        report.tryEmitError(reason);
    }

    private void after(Duration delay, Runnable task) {
        lane.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
    }
}
