/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.membership;

import dev.totem.core.NodeId;

/**
 * A setting that another node has otherwise. Immutable, any thread.
 *
 * @param node the other one
 */
public record SettingDifference(NodeId node, SharedSetting setting, long ours, long theirs) {}
