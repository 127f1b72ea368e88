/* SPDX-License-Identifier: Apache-2.0 */
/** A running node: the loop that feeds the machine and carries out its effects, and the reactive hand-over. */
@NullMarked
package dev.totem.core.internal.node;

import org.jspecify.annotations.NullMarked;
