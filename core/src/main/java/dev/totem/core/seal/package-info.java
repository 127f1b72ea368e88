/* SPDX-License-Identifier: Apache-2.0 */
/** The header of sealed frames, and the seal that seals nothing. */
@NullMarked
package dev.totem.core.seal;

import org.jspecify.annotations.NullMarked;
