/* SPDX-License-Identifier: Apache-2.0 */
/** Nodes of one JVM on a network in its memory, in real time. */
@NullMarked
package dev.totem.testkit.internal.ring;

import org.jspecify.annotations.NullMarked;
