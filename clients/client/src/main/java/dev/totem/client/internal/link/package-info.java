/* SPDX-License-Identifier: Apache-2.0 */
/** Connections with frames, and what is kept to be said again; both sides use it. */
@NullMarked
package dev.totem.client.internal.link;

import org.jspecify.annotations.NullMarked;
