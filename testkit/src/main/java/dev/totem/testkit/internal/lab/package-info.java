/* SPDX-License-Identifier: Apache-2.0 */
/** Hosts of our own on one machine. */
@NullMarked
package dev.totem.testkit.internal.lab;

import org.jspecify.annotations.NullMarked;
