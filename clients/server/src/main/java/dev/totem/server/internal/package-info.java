/* SPDX-License-Identifier: Apache-2.0 */
/** Listeners, sessions and what they serve. */
@NullMarked
package dev.totem.server.internal;

import org.jspecify.annotations.NullMarked;
