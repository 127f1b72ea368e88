/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.load;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** Counts what one processor delivers: all of it for the order, and a window for the figures. One thread at a time. */
public final class LoadMeter {

    /** Between two looks at whether everything has come. */
    public static final Duration REST = Duration.ofSeconds(1);

    private static final int RESTS_MAX = 30;
    private static final long LATENCY_NANOS_MAX = TimeUnit.MINUTES.toNanos(10);

    private final LoadPlan plan;
    private final LoadPayloads own;
    private final OrderHash order = new OrderHash();
    private final Histogram latency = new Histogram(LATENCY_NANOS_MAX, 3);

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
    private int rests;
    private long messagesAtRest;

    public LoadMeter(LoadPlan plan, LoadPayloads own) {
        this.plan = plan;
        this.own = own;
    }

    /**
     * Counts a message.
     *
     * @param counter the sender's own count of its messages
     */
    public void delivered(int self, int sender, long counter, int payloadBytes) {
        order.add(sender, counter);
        bytes += payloadBytes;
        if (measuring && sender == self) {
            long took = System.nanoTime() - own.madeAtNanos(counter);
            latency.recordValue(Math.min(LATENCY_NANOS_MAX, Math.max(0, took)));
        }
    }

    public void beginWindow() {
        measuring = true;
        latency.reset();
        messagesAtStart = order.total();
        bytesAtStart = bytes;
        cpuNanosAtStart = cpuNanos();
        windowStartNanos = System.nanoTime();
    }

    public void endWindow() {
        windowSeconds = (System.nanoTime() - windowStartNanos) / 1e9;
        windowMessages = order.total() - messagesAtStart;
        windowBytes = bytes - bytesAtStart;
        windowCpuSeconds = (cpuNanos() - cpuNanosAtStart) / 1e9;
        measuring = false;
    }

    /**
     * Whether all that will come has come: to be asked at the end of the window and after each {@link #REST} until it is
     * so, two at least.
     */
    public boolean hasDrained() {
        boolean quiet = order.total() == messagesAtRest;
        messagesAtRest = order.total();
        rests++;
        return (rests > 2 && quiet) || rests > RESTS_MAX;
    }

    /** After the window and the drain. */
    public LoadReport report(int self) {
        boolean timed = latency.getTotalCount() > 0;
        return new LoadReport(
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
                order.hex());
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
