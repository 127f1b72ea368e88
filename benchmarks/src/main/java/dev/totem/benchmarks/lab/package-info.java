/* SPDX-License-Identifier: Apache-2.0 */
/** Hosts of our own on one machine. */
@NullMarked
package dev.totem.benchmarks.lab;

import org.jspecify.annotations.NullMarked;
