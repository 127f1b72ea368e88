/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli;

import dev.totem.core.BufferLimits;
import dev.totem.core.FlowLimits;
import dev.totem.core.RingTiming;
import dev.totem.core.TotemConfig;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The settings of {@code --set}, under the names of corosync.conf(5)'s totem section in kebab case. Any thread.
 *
 * <p>What is not set follows what is: the timers follow {@code token}, {@code hold} follows {@code token-retransmit},
 * {@code store-frames} follows {@code window-size}. The order of the options does not matter.
 */
public final class ProtocolSettings {

    static final List<String> NAMES = List.of(
            "cluster-name",
            "token",
            "token-retransmit",
            "hold",
            "join",
            "send-join",
            "consensus",
            "merge",
            "fail-recv-const",
            "seqno-unchanged-const",
            "window-size",
            "max-messages",
            "miss-count-const",
            "accelerated-window",
            "netmtu",
            "store-frames",
            "memory",
            "max-message-size",
            "subscriber-events",
            "subscriber-bytes",
            "sends-in-flight",
            "send-bytes-in-flight",
            "stall-limit",
            "close-limit");

    private static final Pattern DURATION = Pattern.compile("([0-9]{1,12})(us|ms|s|m)?");
    private static final Pattern NUMBER = Pattern.compile("([0-9]{1,9})(k|M)?");

    private final Map<String, String> given;

    /** @throws IllegalArgumentException one line, if a name is not known or a value cannot be read */
    public ProtocolSettings(Map<String, String> given) {
        this.given = Map.copyOf(given);
        for (String name : given.keySet()) {
            if (!NAMES.contains(name)) {
                throw new IllegalArgumentException(
                        "--set " + name + ": there is no such setting; known are " + String.join(", ", NAMES));
            }
        }
    }

    /** @throws dev.totem.core.ConfigurationException if the settings cannot work together */
    TotemConfig applyTo(TotemConfig base) {
        return new TotemConfig(
                given.getOrDefault("cluster-name", base.cluster()),
                timing(base.timing()),
                flow(base.flow()),
                buffers(base.buffers()));
    }

    private RingTiming timing(RingTiming base) {
        RingTiming derived = given.containsKey("token") ? base.withToken(duration("token", base.token())) : base;
        Duration retransmit = duration("token-retransmit", derived.tokenRetransmit());
        Duration hold = given.containsKey("token-retransmit")
                ? Duration.ofNanos(retransmit.toNanos() * 8 / 10)
                : derived.hold();
        return new RingTiming(
                derived.token(),
                retransmit,
                duration("hold", hold),
                duration("join", derived.join()),
                duration("send-join", derived.sendJoin()),
                duration("consensus", derived.consensus()),
                duration("merge", derived.merge()),
                number("fail-recv-const", derived.failRecvConst()),
                number("seqno-unchanged-const", derived.seqnoUnchangedConst()));
    }

    private FlowLimits flow(FlowLimits base) {
        int window = number("window-size", base.windowSize());
        int windowsInStore = Integer.highestOneBit(Math.max(1, Math.min(window, 1 << 18)) * 8 - 1);
        int visit = number("max-messages", Math.min(base.maxMessages(), window));
        return new FlowLimits(
                window,
                visit,
                number("miss-count-const", base.missCountConst()),
                number("accelerated-window", Math.min(base.acceleratedWindow(), visit)),
                number("netmtu", base.netmtu()),
                number("store-frames", Math.max(base.storeFrames(), windowsInStore)));
    }

    private BufferLimits buffers(BufferLimits base) {
        return new BufferLimits(
                number("memory", base.memoryBytes()),
                number("max-message-size", base.messageBytesMax()),
                number("subscriber-events", base.subscriberEvents()),
                number("subscriber-bytes", base.subscriberBytes()),
                number("sends-in-flight", base.sendsInFlight()),
                number("send-bytes-in-flight", base.sendBytesInFlight()),
                duration("stall-limit", base.stallLimit()),
                duration("close-limit", base.closeLimit()));
    }

    private Duration duration(String name, Duration otherwise) {
        String text = given.get(name);
        if (text == null) {
            return otherwise;
        }
        Matcher parts = DURATION.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException(
                    "--set " + name + "=" + text + ": a time is a number with its unit, for example 250ms or 1s");
        }
        long amount = Long.parseLong(parts.group(1));
        String unit = parts.group(2) == null ? "ms" : parts.group(2);
        return switch (unit) {
            case "us" -> Duration.ofNanos(amount * 1_000);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            default -> Duration.ofMillis(amount);
        };
    }

    private int number(String name, int otherwise) {
        String text = given.get(name);
        if (text == null) {
            return otherwise;
        }
        Matcher parts = NUMBER.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException("--set " + name + "=" + text + ": not a number");
        }
        int shift = parts.group(2) == null ? 0 : parts.group(2).equals("k") ? 10 : 20;
        long value = Long.parseLong(parts.group(1)) << shift;
        if (value > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("--set " + name + "=" + text + ": too large");
        }
        return (int) value;
    }
}
