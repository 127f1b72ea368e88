/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import dev.totem.core.NodeId;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Warnings of a link, one line a subject in ten seconds, or in a minute, however often it happens. Node loop only. */
final class LinkLog {

    private static final Logger LOG = LoggerFactory.getLogger("dev.totem.transport.link");

    private static final long PERIOD_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final long REMINDER_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final NodeId self;
    private final Map<About, Subject> subjects = new HashMap<>();

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
        warn(new About(subject, 0), () -> detail, PERIOD_NANOS);
    }

    /**
     * Warns of what lasts until somebody does something, once a minute.
     *
     * @param subject names a listed peer, so there are no more of them than peers
     */
    void remind(String subject, Object detail) {
        warn(new About(subject, 0), () -> detail, REMINDER_NANOS);
    }

    /**
     * The same for what strangers can bring about as often as they like: nothing is made for a line that is not written.
     *
     * @param subject one of a few fixed texts, with {@code {}} where the peer's number goes
     * @param peer the number of a listed peer, or 0 for a subject without one
     */
    void remind(String subject, int peer, Supplier<String> detail) {
        warn(new About(subject, peer), detail, REMINDER_NANOS);
    }

    private void warn(About about, Supplier<?> detailed, long periodNanos) {
        Subject seen = subjects.computeIfAbsent(about, any -> new Subject());
        long nowNanos = System.nanoTime();
        if (seen.isQuiet(nowNanos, periodNanos)) {
            seen.silenced++;
            return;
        }
        String subject = about.text();
        Object detail = detailed.get();
        if (seen.silenced > 0) {
            LOG.warn("node {}: {}: {} ({} more since the last line)", self, subject, detail, seen.silenced);
        } else {
            LOG.warn("node {}: {}: {}", self, subject, detail);
        }
        seen.lastNanos = nowNanos;
        seen.written = true;
        seen.silenced = 0;
    }

    void info(String text) {
        LOG.info("node {}: {}", self, text);
    }

    private record About(String subject, int peer) {

        String text() {
            return peer == 0 ? subject : subject.replace("{}", String.valueOf(peer));
        }
    }

    private static final class Subject {
        private boolean written;
        private long lastNanos;
        private long silenced;

        boolean isQuiet(long nowNanos, long periodNanos) {
            return written && nowNanos - lastNanos < periodNanos;
        }
    }
}
