/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.internal.check;

import dev.totem.core.Guarantee;
import dev.totem.core.NodeId;
import dev.totem.core.Position;
import dev.totem.core.RingId;
import dev.totem.core.SendFailedException;
import org.jspecify.annotations.Nullable;

/** Everything that all logs together say of one message. One thread. */
final class Known {

    final MessageId id;
    final NodeId sender;

    /** A dense number, for the graph. */
    final int index;

    /** Where it was first seen delivered or confirmed. */
    @Nullable
    Position position;

    Guarantee guarantee = Guarantee.AGREED;

    /** What its sender asked for; null if no log says. */
    @Nullable
    Guarantee asked;

    /** Whether its sender asked for primary configurations only. */
    boolean onlyInPrimary;

    boolean delivered;
    boolean deliveredSafe;
    boolean deliveredNotSafe;
    boolean deliveredAtHome;

    /** Whether its send completed. */
    boolean confirmed;

    /** Its place among the messages of its ring that anybody delivered. */
    int rank = -1;

    @Nullable
    Moment submitted;

    @Nullable
    Moment sent;

    @Nullable
    RingId sentRing;

    SendFailedException.@Nullable Fate failed;

    Known(MessageId id, int index) {
        this.id = id;
        this.sender = id.sender();
        this.index = index;
    }

    /** When its sender let go of it, as exactly as the logs tell. */
    @Nullable
    Moment earliest() {
        return sent != null ? sent : submitted;
    }

    /** Whether somebody delivered it as SAFE though it was not sent so, or the other way round. */
    boolean hasOtherGuarantee() {
        return asked != null && (asked == Guarantee.SAFE ? deliveredNotSafe : deliveredSafe);
    }

    boolean refused() {
        return failed == SendFailedException.Fate.REFUSED;
    }

    String at() {
        return id + (position == null ? "" : " at " + position) + (guarantee == Guarantee.SAFE ? " SAFE" : "");
    }

    /**
     * A place in a life.
     *
     * @param span the configuration that was current, if there was one yet
     * @param deliveredBefore deliveries in that configuration before
     */
    record Moment(Life life, @Nullable Span span, int deliveredBefore) {}
}
