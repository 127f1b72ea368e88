/* SPDX-License-Identifier: Apache-2.0 */
/** Who gets what: envelopes with group names, and the handles that have joined them. */
@NullMarked
package dev.totem.core.internal.group;

import org.jspecify.annotations.NullMarked;
