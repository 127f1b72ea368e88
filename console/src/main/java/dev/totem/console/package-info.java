/* SPDX-License-Identifier: Apache-2.0 */
/** How a node is, over HTTP: for people a live page, for programs the same as JSON. */
@NullMarked
package dev.totem.console;

import org.jspecify.annotations.NullMarked;
