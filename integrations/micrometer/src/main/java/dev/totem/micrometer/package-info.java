/* SPDX-License-Identifier: Apache-2.0 */
/** Meters of a node, and observations of what is sent and delivered, for Micrometer. */
@NullMarked
package dev.totem.micrometer;

import org.jspecify.annotations.NullMarked;
