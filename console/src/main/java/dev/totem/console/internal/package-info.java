/* SPDX-License-Identifier: Apache-2.0 */
/** What the command shares with the console; may change at any time. */
@NullMarked
package dev.totem.console.internal;

import org.jspecify.annotations.NullMarked;
