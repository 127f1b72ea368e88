/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli.observe;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What {@code totem watch} prints where there is no terminal: a line for each thing that has changed. One thread. */
final class ChangeLines {

    private final Moments moments;

    /** The changes of the last document: a document has all that are kept. */
    private Set<Change> told = new HashSet<>();

    private String health = "";
    private String gone = "";

    ChangeLines(Moments moments) {
        this.moments = moments;
    }

    /** What is new in it. */
    List<String> of(NodeStatus status) {
        List<String> lines = new ArrayList<>();
        if (!gone.isEmpty()) {
            lines.add(at(status) + "node " + status.node() + " answers again");
            gone = "";
        }
        List<Change> changes = Explanation.of(status, List.of()).stream()
                .map(Explanation::change)
                .toList();
        for (Change change : changes) {
            if (!told.contains(change)) {
                lines.add(moments.dateAndTime(change.millis()) + "  " + change.sentence()
                        + change.causes().stream()
                                .map(Change.Cause::text)
                                .collect(
                                        Collectors.joining("; ", change.causes().isEmpty() ? "" : " Because: ", "")));
            }
        }
        told = new HashSet<>(changes);
        String now = "node " + status.node() + " is " + status.health().word()
                + status.health().reasons().stream()
                        .map(reason -> reason.line() + (reason.remedy().isEmpty() ? "" : "; " + reason.remedy()))
                        .collect(Collectors.joining(
                                "; ", status.health().reasons().isEmpty() ? "" : ": ", ""));
        String codes = status.health().word()
                + status.health().reasons().stream()
                        .map(NodeStatus.Reason::code)
                        .toList();
        if (!codes.equals(health)) {
            health = codes;
            lines.add(at(status) + now);
        }
        return lines;
    }

    /** Once, whatever is said again while it is tried. */
    List<String> gone(String why, long nowMillis) {
        boolean isNew = gone.isEmpty();
        gone = why;
        return isNew ? List.of(moments.dateAndTime(nowMillis) + "  " + why + "; trying again") : List.of();
    }

    private String at(NodeStatus status) {
        return moments.dateAndTime(status.millis()) + "  ";
    }
}
