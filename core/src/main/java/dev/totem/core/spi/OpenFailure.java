/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.spi;

/** Why a frame did not open; each is a counter. */
public enum OpenFailure {
    /** Not a frame: wrong first bytes, unknown version, or a length that does not fit. */
    MALFORMED,
    /** Another suite than ours. */
    OTHER_SUITE,
    /** Another cluster than ours. */
    OTHER_CLUSTER,
    /** Sealed, as it says, with a key that we do not have, or have no more. */
    OTHER_KEY,
    /** Sealed with another key than it says, or altered on the way. */
    NOT_AUTHENTIC,
    /** Sealed for another node. */
    OTHER_RECEIVER,
    /** Opened before, or of a time of which this cannot be told; or our own. */
    REPLAYED,
    /** Sealed by this life with a number that it has not used yet: a copy of this process runs. A new life was begun. */
    COPIED,
    /** Of a life that has not proven yet that it is live, and was asked to a moment ago or is asked by another member. */
    UNPROVEN,
    /** Of a life never heard of, or altered as others of its life were, while more such arrive than are looked at. */
    OVER_LIMIT
}
