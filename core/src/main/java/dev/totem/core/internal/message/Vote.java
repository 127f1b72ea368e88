/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.message;

/**
 * What a member of a proposed ring says of which rings may decide. Immutable, any thread.
 *
 * @param policy a hash of its quorum; 0 if it has none
 * @param patienceMillis it gives up on nobody in less time
 * @param hasMetExpected it has been a member together with as many as its quorum expects, or with one who had
 */
public record Vote(int policy, int patienceMillis, boolean hasMetExpected) {

    /** Of a node without a quorum, of which nothing more is known. */
    public static final Vote NONE = new Vote(0, 0, false);
}
