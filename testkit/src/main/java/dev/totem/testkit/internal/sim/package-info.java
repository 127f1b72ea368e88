/* SPDX-License-Identifier: Apache-2.0 */
/** The same node on a simulated network with virtual time. */
@NullMarked
package dev.totem.testkit.internal.sim;

import org.jspecify.annotations.NullMarked;
