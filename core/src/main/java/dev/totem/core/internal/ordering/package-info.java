/* SPDX-License-Identifier: Apache-2.0 */
/** The rules of the token: store, aru, flow control, retransmission, safe line. */
@NullMarked
package dev.totem.core.internal.ordering;

import org.jspecify.annotations.NullMarked;
