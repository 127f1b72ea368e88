/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli.observe;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** The lines of {@code totem status}. Any thread. */
record StatusText(Moments moments) {

    private static final int OTHERS_MAX = 32;

    /** @param rates empty if they are not known */
    List<String> lines(NodeStatus status, Optional<Rates> rates) {
        List<String> lines = new ArrayList<>();
        lines.add("node " + status.node() + " of cluster " + status.cluster() + ": "
                + status.health().word() + ", " + Plain.nodes(status.ring().members()) + " in ring "
                + status.ring().id() + (status.ring().isPrimary() ? "" : ", not primary"));
        ExplanationText.reasons(status.health(), lines);
        row(lines, "time", moments.dateAndTime(status.millis()) + ", totem " + status.version());
        row(lines, "ring", ring(status));
        for (int member : status.ring().members()) {
            row(lines, "member", member(status, member));
        }
        others(status, lines);
        status.lease()
                .ifPresent(lease -> row(
                        lines,
                        "lease",
                        lease.isHeld() ? "held for " + lease.remaining().toMillis() + " ms more" : "not held"));
        groups(status).ifPresent(text -> row(lines, "groups", text));
        row(lines, "keys", keys(status));
        row(lines, "memory", memory(status));
        row(lines, "rates", rates.map(Rates::line).orElse("not known"));
        List<Explanation> changes = Explanation.of(status, List.of());
        if (!changes.isEmpty()) {
            Change last = changes.get(changes.size() - 1).change();
            row(lines, "last change", moments.dateAndTime(last.millis()) + "  " + last.sentence());
            last.causes().forEach(cause -> row(lines, "", "because: " + cause.text()));
        }
        return lines;
    }

    static String ring(NodeStatus status) {
        NodeStatus.Ring ring = status.ring();
        return ring.id()
                + (ring.isPrimary() ? ", primary" : ", not primary")
                + since(status)
                        .map(millis -> ", for " + Moments.length(status.millis() - millis))
                        .orElse("");
    }

    /** When the ring was installed, as far as it is known. */
    static Optional<Long> since(NodeStatus status) {
        return status.changes().stream()
                .filter(change ->
                        change.isRegular() && change.ring().equals(status.ring().id()))
                .map(Change::millis)
                .findFirst();
    }

    /** What is known of a member: whether it is this node, since when it is one, and what was last said of it. */
    private String member(NodeStatus status, int member) {
        List<String> known = new ArrayList<>();
        if (member == status.node()) {
            known.add("this node");
        }
        status.peers().stream()
                .filter(peer -> peer.node().filter(node -> node == member).isPresent())
                .forEach(peer -> known.addAll(peer.words()));
        status.changes().stream()
                .filter(change -> change.joined().contains(member))
                .reduce((first, second) -> second)
                .ifPresent(change -> known.add("joined " + moments.dateAndTime(change.millis())));
        status.changes().stream()
                .flatMap(change -> change.causes().stream())
                .filter(cause -> cause.about() == member)
                .reduce((first, second) -> second)
                .map(Change.Cause::text)
                .ifPresent(known::add);
        return member + (known.isEmpty() ? "" : "  " + String.join("; ", known));
    }

    /** Those who should be members, and others that are known. */
    private static void others(NodeStatus status, List<String> lines) {
        List<KnownPeer> others =
                status.peers().stream().filter(peer -> !peer.isMember()).toList();
        for (KnownPeer peer : others.subList(0, Math.min(OTHERS_MAX, others.size()))) {
            row(
                    lines,
                    peer.isMissing() ? "missing" : "other",
                    peer.node().map(String::valueOf).orElse("?") + "  " + String.join("; ", peer.words()));
        }
        if (others.size() > OTHERS_MAX) {
            row(lines, "", "and " + (others.size() - OTHERS_MAX) + " more");
        }
    }

    static Optional<String> groups(NodeStatus status) {
        if (!status.groups().isEmpty()) {
            return Optional.of(status.groups().entrySet().stream()
                    .map(group -> group.getKey() + " (" + group.getValue() + ")")
                    .collect(Collectors.joining(", ")));
        }
        return Optional.ofNullable(status.stats().get("groups")).map(count -> count + " with members");
    }

    static String keys(NodeStatus status) {
        long key = stat(status, "sealing-key");
        long failed = stat(status, "refused-not-authentic")
                + stat(status, "refused-other-key")
                + stat(status, "refused-other-suite");
        return (key == 0 ? "none: datagrams are not sealed" : "sealing with key " + key) + ", " + stat(status, "rekeys")
                + " changes" + (failed == 0 ? "" : "; " + failed + " frames did not open");
    }

    static String memory(NodeStatus status) {
        return String.format(
                Locale.ROOT,
                "%,d bytes wait for subscribers, %,d bytes of sends under way, %,d sends wait%s",
                stat(status, "delivery-bytes"),
                stat(status, "send-bytes"),
                stat(status, "sends-waiting"),
                stat(status, "held-back") > 0 ? "; the ring is held back" : "");
    }

    static long stat(NodeStatus status, String name) {
        return status.stats().getOrDefault(name, 0L);
    }

    private static void row(List<String> lines, String name, String text) {
        lines.add(String.format(Locale.ROOT, "  %-12s%s", name, text));
    }
}
