/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.internal.check;

import dev.totem.core.NodeId;
import java.util.ArrayList;
import java.util.List;

/** One log, cut into configurations. One thread. */
final class Life {

    final EvsLog log;
    final List<Span> spans = new ArrayList<>();
    boolean failed;
    boolean stuck;
    boolean left;
    boolean tailLost;

    Life(EvsLog log) {
        this.log = log;
    }

    NodeId process() {
        return log.process();
    }

    /** Whether the log ends without a word on why. */
    boolean open() {
        return !failed && !stuck && !left;
    }

    String name() {
        return log.life() == 0 ? log.process().toString() : log.process() + "#" + log.life();
    }

    String says(Object event) {
        return name() + ": " + event;
    }
}
