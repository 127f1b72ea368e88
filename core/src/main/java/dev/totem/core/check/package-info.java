/* SPDX-License-Identifier: Apache-2.0 */
/** Whether event logs keep Extended Virtual Synchrony. */
@NullMarked
package dev.totem.core.check;

import org.jspecify.annotations.NullMarked;
