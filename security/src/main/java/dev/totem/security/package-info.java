/* SPDX-License-Identifier: Apache-2.0 */
/** Sealed datagrams: key files, keys for each life of a node, and the ciphers. */
@NullMarked
package dev.totem.security;

import org.jspecify.annotations.NullMarked;
