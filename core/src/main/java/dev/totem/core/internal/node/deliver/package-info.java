/* SPDX-License-Identifier: Apache-2.0 */
/** What the ring has delivered, on its way to the handles: groups, the queue, and who is waited for. */
@NullMarked
package dev.totem.core.internal.node.deliver;

import org.jspecify.annotations.NullMarked;
