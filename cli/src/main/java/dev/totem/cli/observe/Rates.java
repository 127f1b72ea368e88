/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli.observe;

import java.util.Locale;
import java.util.Optional;

/**
 * What went on between two documents of a node, a second. Immutable, any thread.
 *
 * @param delivered frames with messages
 * @param originated frames with messages of this node
 * @param resent frames sent again on request, and tokens sent again
 * @param sentBytes handed to the system, once a destination
 * @param readBytes handed to the node
 */
record Rates(double delivered, double originated, double resent, double tokens, double sentBytes, double readBytes) {

    private static final double MILLIS = 1_000;

    /** Empty if no time has passed, or the counters are of another life of the node. */
    static Optional<Rates> between(NodeStatus before, NodeStatus after) {
        long millis = after.millis() - before.millis();
        boolean isOneLife = before.node() == after.node()
                && before.stats().keySet().stream()
                        .filter(name -> name.equals("tokens") || name.equals("messages-delivered"))
                        .allMatch(name -> after.stats().getOrDefault(name, 0L)
                                >= before.stats().getOrDefault(name, 0L));
        if (millis <= 0 || !isOneLife) {
            return Optional.empty();
        }
        double seconds = millis / MILLIS;
        return Optional.of(new Rates(
                grown(before, after, "messages-delivered") / seconds,
                grown(before, after, "messages-originated") / seconds,
                (grown(before, after, "messages-retransmitted") + grown(before, after, "tokens-resent")) / seconds,
                grown(before, after, "tokens") / seconds,
                grown(before, after, "link-frame-bytes-sent") / seconds,
                grown(before, after, "link-read-bytes") / seconds));
    }

    private static long grown(NodeStatus before, NodeStatus after, String name) {
        return Math.max(0, after.stats().getOrDefault(name, 0L) - before.stats().getOrDefault(name, 0L));
    }

    /** {@code 12,345 frames/s delivered, …} */
    String line() {
        return String.format(
                Locale.ROOT,
                "%,.0f frames/s delivered, %,.0f originated, %,.0f sent again; %,.0f tokens/s; %s out, %s in",
                delivered,
                originated,
                resent,
                tokens,
                bytes(sentBytes),
                bytes(readBytes));
    }

    /** {@code 12 kB/s}, decimal. */
    static String bytes(double bytes) {
        if (bytes < 1e3) {
            return String.format(Locale.ROOT, "%.0f B/s", bytes);
        }
        if (bytes < 1e6) {
            return String.format(Locale.ROOT, "%.1f kB/s", bytes / 1e3);
        }
        return String.format(Locale.ROOT, "%.1f MB/s", bytes / 1e6);
    }
}
