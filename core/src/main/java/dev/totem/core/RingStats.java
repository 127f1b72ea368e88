/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * The ring of a node and its token, of a snapshot. Immutable, any thread.
 *
 * @param all the snapshot
 */
public record RingStats(NodeStats all) {

    public RingStats {
        requireNonNull(all, "all");
    }

    /** Regular tokens accepted. */
    public long tokens() {
        return all.get(Statistics.TOKENS);
    }

    /** Copies of a token sent because its successor was silent. */
    public long tokensResent() {
        return all.get(Statistics.TOKENS_RESENT);
    }

    /** Tokens kept because the ring was idle. */
    public long tokensHeld() {
        return all.get(Statistics.TOKENS_HELD);
    }

    /** Tokens dropped because more came at once than are kept. */
    public long tokensOverrun() {
        return all.get(Statistics.TOKENS_OVERRUN);
    }

    /** Hold cancels sent. */
    public long holdsCancelled() {
        return all.get(Statistics.HOLDS_CANCELLED);
    }

    /** The last rotation that was not held. */
    public Duration rotation() {
        return Duration.ofNanos(all.get(Statistics.ROTATION_NANOS));
    }

    /** Times that a new ring was looked for. */
    public long gathers() {
        return all.get(Statistics.GATHERS);
    }

    /** Regular configurations installed. */
    public long ringsInstalled() {
        return all.get(Statistics.RINGS_INSTALLED);
    }

    /** Members of the ring. */
    public long members() {
        return all.get(Statistics.MEMBERS);
    }

    /** Whether it is in a primary configuration. */
    public boolean isPrimary() {
        return all.get(Statistics.PRIMARY) != 0;
    }

    /** Members with another quorum. */
    public long quorumDiffering() {
        return all.get(Statistics.QUORUM_DIFFERING);
    }

    /** Settings of other members that are not as here. */
    public long settingsDiffering() {
        return all.get(Statistics.SETTINGS_DIFFERING);
    }

    /** The largest payload that the ring takes; 0 before the first ring, bytes. */
    public long messageSizeMax() {
        return all.get(Statistics.RING_MESSAGE_SIZE_MAX);
    }

    /** The version of the wire format that the ring speaks; 0 before the first ring. */
    public long wireVersion() {
        return all.get(Statistics.RING_WIRE_VERSION);
    }

    /** Pauses of the process noticed. */
    public long pauses() {
        return all.get(Statistics.PAUSES);
    }

    /** How long nothing ran the last time that was noticed. */
    public Duration lastPause() {
        return Duration.ofNanos(all.get(Statistics.PAUSE_NANOS));
    }

    /** Leases that ended while nothing ran. */
    public long leasesOverslept() {
        return all.get(Statistics.LEASES_OVERSLEPT);
    }
}
