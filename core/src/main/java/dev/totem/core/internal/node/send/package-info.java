/* SPDX-License-Identifier: Apache-2.0 */
/** What users send: its room in the memory, its way to the packer, and how it ended. A handle is here what has sent. */
@NullMarked
package dev.totem.core.internal.node.send;

import org.jspecify.annotations.NullMarked;
