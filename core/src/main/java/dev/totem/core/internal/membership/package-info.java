/* SPDX-License-Identifier: Apache-2.0 */
/** The rules of forming a ring: candidate sets, joins, consensus, commit, recovery. */
@NullMarked
package dev.totem.core.internal.membership;

import org.jspecify.annotations.NullMarked;
