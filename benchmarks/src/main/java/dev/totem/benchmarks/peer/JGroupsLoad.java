/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.peer;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.totem.benchmarks.load.LoadMeter;
import dev.totem.benchmarks.load.LoadPayloads;
import dev.totem.benchmarks.load.LoadPlan;
import dev.totem.benchmarks.load.LoadReport;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jgroups.BytesMessage;
import org.jgroups.JChannel;
import org.jgroups.Message;
import org.jgroups.Receiver;
import org.jgroups.View;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code totem load} for JGroups: one member under load, one JSON line at the end. Main thread, but for what is received. */
@Command(name = "jgroups-load")
public final class JGroupsLoad implements Callable<Integer>, Receiver {

    /** Below it the sender's count, above it the sender's id. */
    private static final int ID_SHIFT = 48;

    private static final long COUNTER_MASK = (1L << ID_SHIFT) - 1;

    /** Every member has seen the view by then. */
    private static final Duration SETTLES = Duration.ofMillis(500);

    private static final Duration FORMS_MAX = Duration.ofSeconds(60);
    private static final long TICK_NANOS = TimeUnit.MICROSECONDS.toNanos(500);

    @Mixin
    PeerOptions options = new PeerOptions();

    @Option(names = "--bundle", defaultValue = "64000")
    int bundleBytes;

    @Option(names = "--bundler", defaultValue = "transfer-queue")
    String bundler = "";

    @Option(names = "--credits", defaultValue = "1M")
    String credits = "";

    @Option(names = "--key-store")
    @Nullable
    Path keyStore;

    @Option(names = "--tcp", description = "ADDRESS[PORT] of each member, in the order of their ids; without it UDP")
    List<String> tcpMembers = List.of();

    private final CountDownLatch complete = new CountDownLatch(1);
    private volatile boolean stopped;
    private @Nullable LoadMeter meter;

    public static void main(String[] args) {
        System.exit(new CommandLine(new JGroupsLoad()).execute(args));
    }

    @Override
    public Integer call() throws Exception {
        GcmEncrypt.register();
        LoadPlan plan = options.plan();
        LoadPayloads payloads = new LoadPayloads(plan);
        LoadMeter measured = new LoadMeter(plan, payloads);
        meter = measured;
        try (JChannel channel = new JChannel(stack()).name(String.valueOf(options.id))) {
            channel.setReceiver(this);
            channel.connect("totem-bench");
            if (!complete.await(FORMS_MAX.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException("no view of " + options.members + " members: " + channel.getView());
            }
            pause(SETTLES);
            Thread sender = new Thread(() -> send(channel, payloads, plan.rate()), "sender");
            sender.setDaemon(true);
            sender.start();
            System.out.println(new ObjectMapper().writeValueAsString(measure(measured, plan)));
            System.out.flush();
        }
        return 0;
    }

    private LoadReport measure(LoadMeter measured, LoadPlan plan) {
        pause(plan.warmup());
        synchronized (measured) {
            measured.beginWindow();
        }
        pause(plan.window());
        synchronized (measured) {
            measured.endWindow();
        }
        stopped = true;
        while (!drained(measured)) {
            pause(LoadMeter.REST);
        }
        synchronized (measured) {
            return measured.report(options.id);
        }
    }

    private static boolean drained(LoadMeter measured) {
        synchronized (measured) {
            return measured.hasDrained();
        }
    }

    private ByteArrayInputStream stack() {
        JGroupsStack stack = new JGroupsStack(
                options.host,
                options.groupHost,
                options.groupPort,
                tcpMembers,
                options.id,
                bundleBytes,
                bundler,
                credits,
                keyStore);
        return new ByteArrayInputStream(stack.xml().getBytes(StandardCharsets.UTF_8));
    }

    private void send(JChannel channel, LoadPayloads payloads, int rate) {
        long mark = (long) options.id << ID_SHIFT;
        long tickNanos = rate == 0 ? TICK_NANOS : Math.max(TICK_NANOS, 1_000_000_000L / rate);
        long start = System.nanoTime();
        long made = 0;
        try {
            while (!stopped) {
                long due = rate == 0 ? Long.MAX_VALUE : Math.round((System.nanoTime() - start) / 1e9 * rate);
                for (; made < due && !stopped; made++) {
                    channel.send(new BytesMessage(null, payloads.next(mark)));
                }
                LockSupport.parkNanos(tickNanos);
            }
        } catch (Exception failed) {
            throw new IllegalStateException(failed);
        }
    }

    @Override
    public void viewAccepted(View view) {
        if (view.size() == options.members) {
            complete.countDown();
        }
    }

    /** One at a time, by whichever thread of JGroups holds the turn. */
    @Override
    public void receive(Message message) {
        LoadMeter measured = meter;
        byte[] payload = message.getArray();
        if (measured == null || payload == null) {
            return;
        }
        long first = readLong(payload, message.getOffset());
        synchronized (measured) {
            measured.delivered(options.id, (int) (first >>> ID_SHIFT), first & COUNTER_MASK, message.getLength());
        }
    }

    private static long readLong(byte[] bytes, int offset) {
        long value = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            value = (value << 8) | (bytes[offset + i] & 0xff);
        }
        return value;
    }

    private static void pause(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
