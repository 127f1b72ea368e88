/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.internal.sim;

/** What a restarted node finds on its stable storage. */
public enum DiskFate {
    /** What it wrote last. */
    KEPT,
    /** Nothing. */
    LOST,
    /** A part of what it wrote: no number, so that the store reads 0, as it must. */
    TRUNCATED,
    /** What it wrote some time before: an old copy was put back. */
    STALE
}
