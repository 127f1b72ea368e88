/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.ordering;

/** How far a processor keeps the ring from sending, because its own subscribers cannot follow. */
public enum Restraint {
    NONE,

    /**
     * Nobody sends, except that each processor that holds back may send a little itself: what its subscribers wait for may be
     * a message of their own.
     */
    HELD_BACK,

    /** Nobody sends anything new. */
    STOPPED
}
