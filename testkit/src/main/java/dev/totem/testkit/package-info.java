/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Tests for code on a ring: {@link dev.totem.testkit.TotemSimulation} runs it in virtual time under faults,
 * {@link dev.totem.testkit.TestRing} in real time without sockets, and {@link dev.totem.testkit.EvsRecorder} checks what was
 * delivered.
 */
@NullMarked
package dev.totem.testkit;

import org.jspecify.annotations.NullMarked;
