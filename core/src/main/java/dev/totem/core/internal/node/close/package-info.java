/* SPDX-License-Identifier: Apache-2.0 */
/** How handles and the node end: what was accepted is ordered first, within a limit. */
@NullMarked
package dev.totem.core.internal.node.close;

import org.jspecify.annotations.NullMarked;
