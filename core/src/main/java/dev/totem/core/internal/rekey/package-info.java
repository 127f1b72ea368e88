/* SPDX-License-Identifier: Apache-2.0 */
/** How the members of a ring change the key they seal with: the rules alone, without keys, clocks or files. */
@NullMarked
package dev.totem.core.internal.rekey;

import org.jspecify.annotations.NullMarked;
