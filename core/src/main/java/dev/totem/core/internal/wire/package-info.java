/* SPDX-License-Identifier: Apache-2.0 */
/** The bytes of protocol messages. */
@NullMarked
package dev.totem.core.internal.wire;

import org.jspecify.annotations.NullMarked;
