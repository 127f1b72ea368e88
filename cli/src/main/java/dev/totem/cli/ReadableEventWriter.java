/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli;

import dev.totem.core.ChangeCause;
import dev.totem.core.ConfigChange;
import dev.totem.core.Delivery;
import dev.totem.core.EvsEvent;
import dev.totem.core.GroupChange;
import dev.totem.core.GroupMember;
import dev.totem.core.GroupName;
import dev.totem.core.Membership;
import dev.totem.core.NodeId;
import dev.totem.core.NodeStats;
import dev.totem.core.Position;
import dev.totem.core.Quorum;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Help.Ansi;

/** The events of {@code totem node} for a person: readable lines, in colour on a terminal. */
final class ReadableEventWriter implements EventWriter {

    private static final int SHOWN_BYTES_MAX = 2_000;

    private final PrintStream out;
    private final Ansi ansi;

    ReadableEventWriter(PrintStream out, Ansi ansi) {
        this.out = out;
        this.ansi = ansi;
    }

    @Override
    public void ready(NodeId node, Quorum quorum, boolean isAttached) {
        line("bold", (isAttached ? "at node " : "node ") + node + " is ready: " + TypedRequestParser.HELP);
    }

    @Override
    public void event(EvsEvent event) {
        if (event instanceof Delivery delivery) {
            out.println(styled("cyan", delivery.sender() + " > " + delivery.groups()) + " " + text(delivery.payload())
                    + styled("faint", "  " + delivery.position()));
        } else if (event instanceof ConfigChange change) {
            line(change.isRegular() ? "green" : "yellow", describe(change));
        } else if (event instanceof GroupChange change) {
            line("faint", "group " + change.group() + ": " + change.members());
        }
    }

    /** A configuration change in words. */
    static String describe(ConfigChange change) {
        StringBuilder words = new StringBuilder(change.isRegular() ? "ring " : "transition out of ring ")
                .append(change.ring())
                .append(", members ")
                .append(change.members());
        if (!change.isPrimary()) {
            words.append(", not primary");
        }
        if (!change.joined().isEmpty()) {
            words.append(", joined ").append(change.joined());
        }
        if (!change.left().isEmpty()) {
            words.append(", left ").append(change.left());
        }
        if (change.isRegular() && !change.causes().isEmpty()) {
            words.append(": ")
                    .append(change.causes().stream().map(ChangeCause::toString).collect(Collectors.joining("; ")));
        }
        return words.toString();
    }

    @Override
    public void sent(String tag, Position position) {
        // the delivery has been shown
    }

    @Override
    public void sendFailed(String tag, Throwable reason) {
        line("red", "not sent: " + reason.getMessage());
    }

    @Override
    public void rekeyed(Optional<String> tag, int key, Position position) {
        line("bold", "all members seal with key " + key + " since " + position);
    }

    @Override
    public void error(Optional<String> tag, String what) {
        line("red", what);
    }

    @Override
    public void membership(Membership membership) {
        line(
                "bold",
                "node " + membership.local() + " of ring " + membership.ring() + ", members " + membership.members()
                        + (membership.isPrimary() ? "" : ", not primary"));
    }

    @Override
    public void lease(boolean isHeld, Duration remaining) {
        line("bold", isHeld ? "the lease is held for " + remaining.toMillis() + " ms more" : "the lease is not held");
    }

    @Override
    public void members(GroupName group, List<GroupMember> members) {
        line("bold", "group " + group + ": " + members);
    }

    @Override
    public void stats(NodeStats values) {
        values.values().forEach((name, value) -> out.printf("%-40s %,d%n", name, value));
    }

    @Override
    public void flush() {
        out.flush();
    }

    private void line(String style, String text) {
        out.println(styled(style, text));
    }

    private String styled(String style, String text) {
        return ansi.enabled()
                ? Ansi.Style.on(Ansi.Style.parse(style)) + text + Ansi.Style.off(Ansi.Style.parse(style))
                : text;
    }

    private static String text(byte[] payload) {
        int shown = Math.min(payload.length, SHOWN_BYTES_MAX);
        String text = new String(payload, 0, shown, StandardCharsets.UTF_8).replaceAll("\\p{Cntrl}", "·");
        return shown < payload.length ? text + "… (" + payload.length + " bytes)" : text;
    }
}
