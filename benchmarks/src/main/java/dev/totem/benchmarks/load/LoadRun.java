/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.load;

import com.sun.management.OperatingSystemMXBean;
import dev.totem.core.ConfigChange;
import dev.totem.core.Delivery;
import dev.totem.core.EvsEvent;
import dev.totem.core.EvsHandle;
import dev.totem.core.GroupName;
import dev.totem.core.TotemNode;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
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
    private static final long LATENCY_NANOS_MAX = TimeUnit.MINUTES.toNanos(10);

    private final LoadPlan plan;
    private final GroupName group;
    private final Scheduler lane;
    private final Scheduler timer;
    private final LoadSource source;
    private final OrderHash order = new OrderHash();
    private final Histogram latency = new Histogram(LATENCY_NANOS_MAX, 3);
    private final Sinks.One<LoadReport> report = Sinks.one();

    // lane only
    private int self;
    private boolean begun;
    private boolean measuring;
    private long bytes;
    private long windowStartNanos;
    private long messagesAtStart;
    private long bytesAtStart;
    private long cpuNanosAtStart;
    private double windowSeconds;
    private double windowMessages;
    private double windowBytes;
    private double windowCpuSeconds;

    /**
     * @param lane runs everything; one thread
     * @param timer paces what is sent
     */
    public LoadRun(LoadPlan plan, GroupName group, Scheduler lane, Scheduler timer) {
        this.plan = plan;
        this.group = group;
        this.lane = lane;
        this.timer = timer;
        this.source = new LoadSource(plan, group);
    }

    /** Opens a handle of the node and runs the plan; call before the node installs anything. */
    public void attach(TotemNode node) {
        EvsHandle handle = node.openHandle(lane);
        lane.schedule(() -> self = node.id().value());
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
        byte[] payload = delivery.payload();
        if (payload.length < LoadPlan.SIZE_BYTES_MIN) {
            return;
        }
        long counter = ByteBuffer.wrap(payload).getLong();
        int sender = delivery.sender().value();
        order.add(sender, counter);
        bytes += payload.length;
        if (measuring && sender == self) {
            latency.recordValue(
                    Math.min(LATENCY_NANOS_MAX, Math.max(0, System.nanoTime() - source.madeAtNanos(counter))));
        }
    }

    private void begin(EvsHandle handle) {
        begun = true;
        if (plan.sends()) {
            handle.sendAll(source.messages(timer)).subscribe(position -> {}, this::fail);
        }
        after(plan.warmup(), this::beginWindow);
        after(plan.warmup().plus(plan.window()), this::endWindow);
        after(plan.warmup().plus(plan.window()).plus(plan.drain()), this::tell);
    }

    private void beginWindow() {
        measuring = true;
        latency.reset();
        messagesAtStart = order.total();
        bytesAtStart = bytes;
        cpuNanosAtStart = cpuNanos();
        windowStartNanos = System.nanoTime();
    }

    private void endWindow() {
        windowSeconds = (System.nanoTime() - windowStartNanos) / 1e9;
        windowMessages = order.total() - messagesAtStart;
        windowBytes = bytes - bytesAtStart;
        windowCpuSeconds = (cpuNanos() - cpuNanosAtStart) / 1e9;
        measuring = false;
        source.stop();
    }

    private void tell() {
        boolean timed = latency.getTotalCount() > 0;
        report.tryEmitValue(new LoadReport(
                self,
                plan.members(),
                plan.sizeBytes(),
                rounded(windowMessages / windowSeconds, 1),
                rounded(windowBytes / windowSeconds / 1e6, 3),
                rounded(windowCpuSeconds, 3),
                timed ? micros(50) : null,
                timed ? micros(99) : null,
                timed ? micros(99.9) : null,
                order.total(),
                order.hex()));
    }

    private void fail(Throwable reason) {
        report.tryEmitError(reason);
    }

    private void after(Duration delay, Runnable task) {
        lane.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
    }

    private Double micros(double percentile) {
        return rounded(latency.getValueAtPercentile(percentile) / 1e3, 1);
    }

    private static double rounded(double value, int digits) {
        double scale = Math.pow(10, digits);
        return Math.round(value * scale) / scale;
    }

    private static long cpuNanos() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }
}
