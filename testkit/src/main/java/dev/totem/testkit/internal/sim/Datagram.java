/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.internal.sim;

/**
 * A frame on its way to one link.
 *
 * @param hash of the frame
 * @param toOne whether it was meant for that node only, as tokens are
 */
record Datagram(SimAddress from, SimLink to, byte[] frame, int hash, boolean toOne) {

    /** The same for another link. */
    Datagram to(SimLink other) {
        return new Datagram(from, other, frame, hash, toOne);
    }
}
