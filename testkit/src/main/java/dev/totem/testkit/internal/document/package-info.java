/* SPDX-License-Identifier: Apache-2.0 */
/** Parts of the documentation that are made from the code. */
@NullMarked
package dev.totem.testkit.internal.document;

import org.jspecify.annotations.NullMarked;
