/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The one loop: what comes in, the machine and its effects, what leaves; and the ring numbers and the lease it goes
 * by.
 */
@NullMarked
package dev.totem.core.internal.node.loop;

import org.jspecify.annotations.NullMarked;
