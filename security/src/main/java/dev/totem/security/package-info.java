/* SPDX-License-Identifier: Apache-2.0 */
/** Stub. */
@org.jspecify.annotations.NullMarked
package dev.totem.security;
