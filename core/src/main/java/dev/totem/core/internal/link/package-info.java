/* SPDX-License-Identifier: Apache-2.0 */
/** Several networks as one link. */
@NullMarked
package dev.totem.core.internal.link;

import org.jspecify.annotations.NullMarked;
