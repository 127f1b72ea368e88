/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.internal.check;

import dev.totem.core.NodeId;
import dev.totem.core.RingId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One configuration as one life saw it, with what was delivered in it. One thread. */
final class Span {

    final Life life;
    final int number;
    final LogEvent.Conf conf;
    final List<Known> delivered = new ArrayList<>();

    /** Set when the next configuration, or the end of the log, is known. */
    @Nullable
    Span next;

    /** Whether it was already current when the log began, so that deliveries may be missing. */
    final boolean partial;

    Span(Life life, int number, LogEvent.Conf conf, boolean partial) {
        this.life = life;
        this.number = number;
        this.conf = conf;
        this.partial = partial;
    }

    boolean isRegular() {
        return conf.isRegular();
    }

    /** What makes two spans the same configuration ({@code PROTOCOL.md} 9.1, identities). */
    Key key() {
        if (conf.isRegular()) {
            return new Key(conf.ring(), Optional.empty(), List.of(), "");
        }
        Optional<RingId> successor =
                conf.successor().or(() -> Optional.ofNullable(next).map(after -> after.conf.ring()));
        String unknown = successor.isPresent() ? "" : life.name();
        return new Key(conf.ring(), Optional.of(successor.orElse(conf.ring())), conf.members(), unknown);
    }

    /**
     * The identity of a configuration.
     *
     * @param successor empty for a regular one
     * @param owner the one log that knows it, if nothing can tell whether another's is the same
     */
    record Key(RingId ring, Optional<RingId> successor, List<NodeId> members, String owner) {
        @Override
        public String toString() {
            return successor
                    .map(next -> "T " + ring + ">" + next + " " + members)
                    .orElseGet(() -> "R " + ring);
        }
    }
}
