/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import java.util.concurrent.TimeUnit;

/**
 * What may be sent to peers that are silent. The system keeps a datagram for an address that nobody answers for as long as
 * it asks for the owner, and charges it to the socket: so many that the socket sends to nobody any more, if they are not
 * counted here. Node loop only.
 */
final class StrangerBudget {

    /** Linux asks three times, a second apart, before it drops what waits. */
    static final long ARP_NANOS = TimeUnit.SECONDS.toNanos(3);

    /** What the system charges for a datagram beyond its bytes, at most. */
    static final int CHARGE_BYTES = 1_024;

    private final double bytesMax;
    private double bytes;
    private long atNanos;

    /**
     * @param sendBufferBytes what the system has granted for payload: half of what it charges up to. A full budget and what
     *     comes in while it asks are as much, so the other half is always left for peers that are not silent
     */
    StrangerBudget(int sendBufferBytes, long nowNanos) {
        this.bytesMax = sendBufferBytes / 2.0;
        this.bytes = bytesMax;
        this.atNanos = nowNanos;
    }

    /** Whether a frame of so many bytes may be sent to one more silent peer; then it counts as sent. */
    boolean take(int frameBytes, long nowNanos) {
        bytes = Math.min(bytesMax, bytes + bytesMax * (nowNanos - atNanos) / ARP_NANOS);
        atNanos = nowNanos;
        double charge = Math.min(bytesMax, frameBytes + CHARGE_BYTES);
        if (charge > bytes) {
            return false;
        }
        bytes -= charge;
        return true;
    }
}
