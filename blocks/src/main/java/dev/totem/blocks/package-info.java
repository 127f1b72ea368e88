/* SPDX-License-Identifier: Apache-2.0 */
/** Building blocks on the one order of a ring: state that all nodes have, and what is made of it. */
@NullMarked
package dev.totem.blocks;

import org.jspecify.annotations.NullMarked;
