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
    /** Sealed with a key we do not have, or altered on the way. */
    NOT_AUTHENTIC
}
