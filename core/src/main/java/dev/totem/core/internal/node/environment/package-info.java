/* SPDX-License-Identifier: Apache-2.0 */
/** What a node is started with: link, seal, scheduler, storage, chance, and where its last words go. */
@NullMarked
package dev.totem.core.internal.node.environment;

import org.jspecify.annotations.NullMarked;
