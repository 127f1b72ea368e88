/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What counters, logs, health, Flight Recorder and the black box are told of a node. Nothing here decides anything
 * for the ring.
 */
@NullMarked
package dev.totem.core.internal.node.observe;

import org.jspecify.annotations.NullMarked;
