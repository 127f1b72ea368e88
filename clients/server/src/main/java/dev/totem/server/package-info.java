/* SPDX-License-Identifier: Apache-2.0 */
/** Makes a node an executive: applications in other processes attach to it, {@code docs/CLIENTS.md}. */
@NullMarked
package dev.totem.server;

import org.jspecify.annotations.NullMarked;
