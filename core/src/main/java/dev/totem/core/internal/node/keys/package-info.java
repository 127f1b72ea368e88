/* SPDX-License-Identifier: Apache-2.0 */
/** Drives the change of keys: carries out what the rules of {@code rekey} want done. */
@NullMarked
package dev.totem.core.internal.node.keys;

import org.jspecify.annotations.NullMarked;
