/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.ordering;

import dev.totem.core.internal.message.ProtocolMessage;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The token that was passed on last, kept until there is evidence that it arrived, and when to send it again
 * ({@code PROTOCOL.md} 4.3). Node loop only.
 *
 * <p>Deviation: the first copy follows after a few measured rotations instead of the whole retransmit timeout, each
 * further one after twice the time, up to that timeout. A copy too many is a dropped duplicate; a copy too late is a ring
 * that stands still. Losses make rotations long, and long rotations must not make copies rare: the first one of a busy ring
 * follows within an eighth of the timeout.
 */
public final class LastToken {

    private static final int ROTATIONS_BEFORE_FIRST_COPY = 4;

    private final long firstMinNanos;
    private final long firstMaxNanos;
    private final long delayMaxNanos;
    private @Nullable ProtocolMessage token;
    private long delayNanos;

    /** @param tokenRetransmitNanos the longest time between copies */
    public LastToken(long tokenRetransmitNanos) {
        delayMaxNanos = tokenRetransmitNanos;
        firstMinNanos = Math.max(1, tokenRetransmitNanos / 48);
        firstMaxNanos = Math.max(1, tokenRetransmitNanos / 8);
    }

    /**
     * Keeps a token that is passed on now.
     *
     * @param rotationNanos the usual rotation time, 0 if not known
     * @return time until the first copy
     */
    public long passed(ProtocolMessage forwarded, long rotationNanos, boolean idle) {
        token = forwarded;
        delayNanos = idle
                ? delayMaxNanos
                : Math.min(firstMaxNanos, Math.max(firstMinNanos, ROTATIONS_BEFORE_FIRST_COPY * rotationNanos));
        return delayNanos;
    }

    /** The token to send again; empty if it is known to have arrived. */
    public Optional<ProtocolMessage> copy() {
        return Optional.ofNullable(token);
    }

    /** Time until the copy after the one that is sent now. */
    public long nextDelayNanos() {
        delayNanos = Math.min(delayMaxNanos, 2 * delayNanos);
        return delayNanos;
    }

    /** There is evidence that it arrived. */
    public void arrived() {
        token = null;
    }
}
