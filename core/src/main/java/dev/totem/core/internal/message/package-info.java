/* SPDX-License-Identifier: Apache-2.0 */
/** What processors say to each other: immutable values that know nothing of bytes or sockets. */
@NullMarked
package dev.totem.core.internal.message;

import org.jspecify.annotations.NullMarked;
