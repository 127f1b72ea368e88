/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli.observe;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * What {@code totem watch} shows: a function of what was seen, the size of the terminal, and whether it has colours. Any thread.
 *
 * @param width columns, at least 1
 * @param height rows, at least 1
 */
record Screen(int width, int height, boolean isColoured, Moments moments) {

    /** Where the values begin. */
    private static final int VALUE_AT = 10;

    /** Where the sparkline begins. */
    private static final int SPARK_AT = 44;

    private static final int REASONS_MAX = 4;
    private static final int REMEDY_LINES_MAX = 2;
    private static final int CHANGE_LINES_MAX = 3;

    private static final String GOOD = "fg(green),bold";
    private static final String BAD = "fg(red),bold";
    private static final String NAME = "faint";

    /** At most {@link #height} lines of at most {@link #width} columns, without line ends. */
    List<String> lines(History seen) {
        List<Row> rows = new ArrayList<>();
        rows.add(title(seen));
        rows.add(new Row().add(NAME, "─".repeat(width)));
        seen.gone()
                .ifPresent(why -> Row.wrap(why + "; trying again", width, REMEDY_LINES_MAX)
                        .forEach(line -> rows.add(new Row().add(BAD, line))));
        seen.latest().ifPresent(status -> status(seen, status, rows));
        int room = Math.max(0, height - 1);
        List<String> lines = new ArrayList<>();
        rows.stream().limit(room).forEach(row -> lines.add(row.render(width, isColoured)));
        while (lines.size() < room) {
            lines.add("");
        }
        lines.add(new Row().add(NAME, "q ends").render(width, isColoured));
        return lines;
    }

    private Row title(History seen) {
        Row row = new Row().add("bold", "Totem");
        if (seen.latest().isEmpty()) {
            return row.add("", seen.gone().isPresent() ? "  nobody answers" : "  connecting …");
        }
        NodeStatus status = seen.latest().get();
        NodeStatus.Health health = status.health();
        row.add("", "  node " + status.node() + " of " + status.cluster() + "  ");
        if (seen.gone().isPresent()) {
            row.add(BAD, "gone").add("", "  last seen " + moments.second(status.millis()));
        } else {
            row.add(health.isReady() ? GOOD : BAD, health.word()).add("", "  " + moments.second(status.millis()));
        }
        return row.add(NAME, "  totem " + status.version());
    }

    private void status(History seen, NodeStatus status, List<Row> rows) {
        reasons(status.health(), rows);
        NodeStatus.Ring ring = status.ring();
        Row line = named("ring")
                .add("", ring.id() + "  ")
                .add(ring.isPrimary() ? GOOD : BAD, ring.isPrimary() ? "primary" : "not primary");
        StatusText.since(status).ifPresent(since -> line.add("", "  for " + Moments.length(status.millis() - since)));
        status.lease()
                .ifPresent(lease -> line.add(
                        "", lease.isHeld() ? "  lease for " + lease.remaining().toMillis() + " ms" : "  no lease"));
        rows.add(line);
        members(status, rows);
        StatusText.groups(status).ifPresent(text -> rows.add(named("groups").add("", text)));
        rows.add(named("keys").add("", StatusText.keys(status)));
        rows.add(named("waiting").add("", StatusText.memory(status)));
        rates(seen.rates(), rows);
        changes(status, rows);
    }

    private void reasons(NodeStatus.Health health, List<Row> rows) {
        for (NodeStatus.Reason reason :
                health.reasons().stream().limit(REASONS_MAX).toList()) {
            Row.wrap(reason.line(), width - VALUE_AT, REMEDY_LINES_MAX)
                    .forEach(line -> rows.add(named("").add("fg(yellow),bold", line)));
            if (!reason.remedy().isEmpty()) {
                Row.wrap(reason.remedy(), width - VALUE_AT, REMEDY_LINES_MAX)
                        .forEach(line -> rows.add(named("").add("", line)));
            }
        }
        if (health.reasons().size() > REASONS_MAX) {
            rows.add(named("").add("", "and " + (health.reasons().size() - REASONS_MAX) + " more"));
        }
    }

    /** Members that left since the document's first change are shown, as they are missed. */
    private void members(NodeStatus status, List<Row> rows) {
        List<Integer> present = status.ring().members();
        StringBuilder words = new StringBuilder(present.size() + ":");
        present.forEach(member -> words.append(' ').append(member).append(member == status.node() ? "*" : ""));
        Row.wrap(words.toString(), width - VALUE_AT, CHANGE_LINES_MAX)
                .forEach(line ->
                        rows.add((line.startsWith(present.size() + ":") ? named("members") : named("")).add("", line)));
        List<Integer> missed = status.changes().stream()
                .flatMap(change -> change.left().stream())
                .distinct()
                .filter(member -> !present.contains(member))
                .toList();
        if (!missed.isEmpty()) {
            rows.add(named("missed").add(BAD, Plain.nodes(missed)));
        }
    }

    private void rates(List<Rates> rates, List<Row> rows) {
        rate(rates, rows, "delivered", Rates::delivered, "%,.0f frames/s");
        rate(rates, rows, "sent", Rates::originated, "%,.0f frames/s");
        rate(rates, rows, "again", Rates::resent, "%,.0f frames/s");
        rate(rates, rows, "tokens", Rates::tokens, "%,.0f /s");
        rate(rates, rows, "network", each -> each.sentBytes() + each.readBytes(), "");
    }

    private void rate(List<Rates> rates, List<Row> rows, String name, ToDoubleFunction<Rates> figure, String format) {
        Optional<Rates> last = rates.isEmpty() ? Optional.empty() : Optional.of(rates.get(rates.size() - 1));
        String text = last.map(now -> format.isEmpty()
                        ? Rates.bytes(now.sentBytes()) + " out, " + Rates.bytes(now.readBytes()) + " in"
                        : String.format(Locale.ROOT, format, figure.applyAsDouble(now)))
                .orElse("");
        Row row = named(name).add("", text);
        int columns = Math.min(History.RATES_MAX, width - SPARK_AT);
        if (columns > 0 && last.isPresent()) {
            row.to(SPARK_AT).add("fg(cyan)", Sparkline.of(rates, figure, columns));
        }
        rows.add(row);
    }

    /** The latest first. */
    private void changes(NodeStatus status, List<Row> rows) {
        rows.add(Row.of(""));
        List<Explanation> changes = Explanation.of(status, List.of());
        for (int i = changes.size() - 1; i >= 0; i--) {
            Change change = changes.get(i).change();
            String time = moments.second(change.millis());
            boolean isFirst = true;
            for (String line : Row.wrap(change.sentence(), width - VALUE_AT, CHANGE_LINES_MAX)) {
                rows.add(named(isFirst ? time : "").add(change.isRegular() ? "fg(green)" : "fg(yellow)", line));
                isFirst = false;
            }
            for (Change.Cause cause : change.causes()) {
                Row.wrap("because: " + cause.text(), width - VALUE_AT - 2, REMEDY_LINES_MAX)
                        .forEach(line -> rows.add(named("").add("", "  " + line)));
            }
        }
    }

    private static Row named(String name) {
        return new Row().add(NAME, name).to(VALUE_AT);
    }
}
