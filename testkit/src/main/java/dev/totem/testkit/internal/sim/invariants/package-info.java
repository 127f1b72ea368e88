/* SPDX-License-Identifier: Apache-2.0 */
/** The white-box invariants of a simulated cluster, looked at after every step of every node. */
@NullMarked
package dev.totem.testkit.internal.sim.invariants;

import org.jspecify.annotations.NullMarked;
