/* SPDX-License-Identifier: Apache-2.0 */
/** What a node needs from outside: a link, a scheduler, a seal and stable storage. */
@NullMarked
package dev.totem.core.spi;

import org.jspecify.annotations.NullMarked;
