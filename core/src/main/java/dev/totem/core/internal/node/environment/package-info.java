/* SPDX-License-Identifier: Apache-2.0 */
/** What a node is started with: link, clock, storage, chance. */
@NullMarked
package dev.totem.core.internal.node.environment;

import org.jspecify.annotations.NullMarked;
