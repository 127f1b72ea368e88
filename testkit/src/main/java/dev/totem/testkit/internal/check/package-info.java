/* SPDX-License-Identifier: Apache-2.0 */
/** Whether event logs keep Extended Virtual Synchrony. */
@NullMarked
package dev.totem.testkit.internal.check;

import org.jspecify.annotations.NullMarked;
