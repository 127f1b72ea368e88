/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli.observe;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What {@code totem watch} has seen of a node. Immutable, any thread.
 *
 * @param latest empty before the first document
 * @param rates between the last documents, oldest first, at most {@link #RATES_MAX}
 * @param gone why nothing comes now, if nothing does
 */
record History(Optional<NodeStatus> latest, List<Rates> rates, Optional<String> gone) {

    /** Five minutes of documents: more than the widest terminal shows. */
    static final int RATES_MAX = 300;

    static History empty() {
        return new History(Optional.empty(), List.of(), Optional.empty());
    }

    /** The node is there. Rates end where it was started again. */
    History with(NodeStatus status) {
        List<Rates> more = new ArrayList<>(rates);
        latest.ifPresent(before -> Rates.between(before, status).ifPresentOrElse(more::add, () -> {
            if (status.millis() != before.millis()) {
                more.clear();
            }
        }));
        return new History(
                Optional.of(status),
                List.copyOf(more.subList(Math.max(0, more.size() - RATES_MAX), more.size())),
                Optional.empty());
    }

    History without(String why) {
        return new History(latest, rates, Optional.of(why));
    }
}
