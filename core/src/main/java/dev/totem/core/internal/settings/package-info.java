/* SPDX-License-Identifier: Apache-2.0 */
/** The settings as the parts of a node use them: resolved once, read often. */
@NullMarked
package dev.totem.core.internal.settings;

import org.jspecify.annotations.NullMarked;
