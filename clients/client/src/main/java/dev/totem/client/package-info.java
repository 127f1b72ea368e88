/* SPDX-License-Identifier: Apache-2.0 */
/** Handles on a node that runs in another process, the executive: {@code docs/CLIENTS.md}. */
@NullMarked
package dev.totem.client;

import org.jspecify.annotations.NullMarked;
