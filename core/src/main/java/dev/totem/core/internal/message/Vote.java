/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.message;

/**
 * What a member of a proposed ring says of which rings may decide. Immutable, any thread.
 *
 * @param policy a hash of its quorum; 0 if it has none
 * @param hasMetExpected it has been a member together with as many as its quorum expects, or with one who had
 */
public record Vote(long policy, boolean hasMetExpected) {

    /** Of a node without a quorum. */
    public static final Vote NONE = new Vote(0, false);
}
