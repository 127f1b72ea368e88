/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import dev.totem.core.NodeId;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Warnings of a link, one line a subject in ten seconds, or in a minute, however often it happens. Node loop only. */
final class LinkLog {

    private static final Logger LOG = LoggerFactory.getLogger("dev.totem.transport.link");

    private static final long PERIOD_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final long REMINDER_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final NodeId self;
    private final Map<String, Subject> subjects = new HashMap<>();

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
        warn(subject, detail, PERIOD_NANOS);
    }

    /**
     * Warns of what lasts until somebody does something, once a minute.
     *
     * @param subject names a listed peer, so there are no more of them than peers
     */
    void remind(String subject, Object detail) {
        warn(subject, detail, REMINDER_NANOS);
    }

    private void warn(String subject, Object detail, long periodNanos) {
        Subject seen = subjects.computeIfAbsent(subject, any -> new Subject());
        long nowNanos = System.nanoTime();
        if (seen.isQuiet(nowNanos, periodNanos)) {
            seen.silenced++;
            return;
        }
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

    private static final class Subject {
        private boolean written;
        private long lastNanos;
        private long silenced;

        boolean isQuiet(long nowNanos, long periodNanos) {
            return written && nowNanos - lastNanos < periodNanos;
        }
    }
}
