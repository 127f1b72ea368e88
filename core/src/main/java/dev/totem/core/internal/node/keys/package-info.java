/* SPDX-License-Identifier: Apache-2.0 */
/** Drives the change of keys. */
@NullMarked
package dev.totem.core.internal.node.keys;

import org.jspecify.annotations.NullMarked;
