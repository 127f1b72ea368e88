/* SPDX-License-Identifier: Apache-2.0 */
/** The one loop: what comes in, the machine, and what leaves. */
@NullMarked
package dev.totem.core.internal.node.loop;

import org.jspecify.annotations.NullMarked;
