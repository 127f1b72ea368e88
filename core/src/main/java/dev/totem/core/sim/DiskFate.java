/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.sim;

/** What a restarted node finds on its stable storage. */
public enum DiskFate {
    /** What it wrote last. */
    KEPT,
    /** Nothing, or something that is not a number. */
    LOST,
    /** What it wrote before that: an old copy was put back. */
    STALE
}
