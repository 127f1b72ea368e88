/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.spring.boot.test;

import org.springframework.boot.test.autoconfigure.TestSliceTestContextBootstrapper;

/** For {@link TotemTest}. */
final class TotemTestContextBootstrapper extends TestSliceTestContextBootstrapper<TotemTest> {}
