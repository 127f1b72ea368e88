/* SPDX-License-Identifier: Apache-2.0 */
/** What users send: its room in the memory, its way to the packer, and how it ended. */
@NullMarked
package dev.totem.core.internal.node.send;

import org.jspecify.annotations.NullMarked;
