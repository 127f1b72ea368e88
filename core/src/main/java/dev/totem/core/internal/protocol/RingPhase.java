/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.protocol;

/** The states of {@code PROTOCOL.md} 3, and the end. */
public enum RingPhase {
    /** A ring is installed and orders messages. */
    OPERATIONAL,
    /** Processors agree on who is in the next ring. */
    GATHER,
    /** The commit token confirms the proposed ring. */
    COMMIT,
    /** The proposed ring exchanges what its members lack of their old rings. */
    RECOVERY,
    /** The node has left or stopped itself. */
    STOPPED
}
