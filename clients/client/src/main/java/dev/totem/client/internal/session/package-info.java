/* SPDX-License-Identifier: Apache-2.0 */
/** The client's side of a session: its connection, its operations, its handles and their streams. */
@NullMarked
package dev.totem.client.internal.session;

import org.jspecify.annotations.NullMarked;
