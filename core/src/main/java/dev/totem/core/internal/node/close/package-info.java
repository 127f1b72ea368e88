/* SPDX-License-Identifier: Apache-2.0 */
/** How handles and the node end. */
@NullMarked
package dev.totem.core.internal.node.close;

import org.jspecify.annotations.NullMarked;
