/* SPDX-License-Identifier: Apache-2.0 */
/** Application messages into packets and back: packing of small ones, fragmentation of large ones. */
@NullMarked
package dev.totem.core.internal.packing;

import org.jspecify.annotations.NullMarked;
