/* SPDX-License-Identifier: Apache-2.0 */
/** What a client and an executive say to each other, and its bytes: {@code docs/CLIENTS.md}. */
@NullMarked
package dev.totem.client.internal.wire;

import org.jspecify.annotations.NullMarked;
