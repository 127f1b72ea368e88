/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core;

/**
 * One event of the single order that a process observes: a delivered message, a change of the configuration,
 * or a change of who is in a group.
 *
 * <p>Any thread. Extended Virtual Synchrony is the order of messages relative to configuration changes; it exists only
 * in a stream that carries both.
 */
public sealed interface EvsEvent permits Delivery, ConfigChange, GroupChange {}
