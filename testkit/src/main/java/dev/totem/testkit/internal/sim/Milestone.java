/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.internal.sim;

/** Something that happens at one node, to time a fault by. */
public enum Milestone {
    /** A regular configuration is delivered. */
    INSTALL,
    /** A ring number is about to be used: a proposed ring is being accepted, or a life begins. */
    ACCEPT,
    /** A token is passed on. */
    TOKEN,
    /** A step of the protocol; what it wants sent leaves before the event is over. */
    STEP
}
