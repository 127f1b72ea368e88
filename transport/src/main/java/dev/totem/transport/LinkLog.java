/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import dev.totem.core.NodeId;
import dev.totem.core.internal.node.observe.Quiet;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Warnings of a link, one line a subject in ten seconds, or in a minute, however often it happens. Node loop only. */
final class LinkLog {

    private static final Logger LOG = LoggerFactory.getLogger("dev.totem.transport.link");

    private static final Duration REMINDER = Duration.ofMinutes(1);

    private final NodeId self;
    private final Map<About, Quiet> subjects = new HashMap<>();

    LinkLog(NodeId self) {
        this.self = self;
    }

    /**
     * Warns, or counts silently.
     *
     * @param subject one of a few fixed texts
     * @param detail what was different this time; a text, as a throwable would be a trace instead of a word
     */
    void warn(String subject, String detail) {
        warn(new About(subject, 0), () -> detail, Quiet.PERIOD);
    }

    /**
     * Warns of what lasts until somebody does something, once a minute.
     *
     * @param subject names a listed peer, so there are no more of them than peers
     */
    void remind(String subject, Object detail) {
        warn(new About(subject, 0), () -> detail, REMINDER);
    }

    /**
     * The same for what strangers can bring about as often as they like: nothing is made for a line that is not written.
     *
     * @param subject one of a few fixed texts, with {@code {}} where the peer's number goes
     * @param peer the number of a listed peer, or 0 for a subject without one
     */
    void remind(String subject, int peer, Supplier<String> detail) {
        warn(new About(subject, peer), detail, REMINDER);
    }

    private void warn(About about, Supplier<?> detailed, Duration period) {
        long times = subjects.computeIfAbsent(about, any -> new Quiet(period)).due(System.nanoTime());
        if (times == 0) {
            return;
        }
        String subject = about.text();
        Object detail = detailed.get();
        if (times > 1) {
            LOG.warn("node {}: {}: {} ({} more since the last line)", self, subject, detail, times - 1);
        } else {
            LOG.warn("node {}: {}: {}", self, subject, detail);
        }
    }

    void info(String text) {
        LOG.info("node {}: {}", self, text);
    }

    private record About(String subject, int peer) {

        String text() {
            return peer == 0 ? subject : subject.replace("{}", String.valueOf(peer));
        }
    }
}
