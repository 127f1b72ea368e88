/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.settings;

import dev.totem.core.Quorum;
import dev.totem.core.Setting;
import dev.totem.core.Settings;
import dev.totem.core.TotemConfig;

/** The settings of a node, resolved; a link may have made some of the flow limits smaller. Immutable, any thread. */
public final class NodeSettings {

    private final TotemConfig config;
    private final RingTiming timing;
    private final FlowLimits flow;
    private final BufferLimits buffers;
    private final Quorum quorum;
    private final WireVersions versions;

    private NodeSettings(TotemConfig config, FlowLimits flow, WireVersions versions) {
        this.config = config;
        this.flow = flow;
        timing = RingTiming.of(config);
        buffers = BufferLimits.of(config);
        quorum = config.quorum();
        this.versions = versions;
    }

    public static NodeSettings of(TotemConfig config) {
        return new NodeSettings(config, FlowLimits.of(config), WireVersions.OURS);
    }

    public static NodeSettings defaults() {
        return of(TotemConfig.defaults());
    }

    /**
     * With one set, resolved anew.
     *
     * @throws dev.totem.core.ConfigurationException if it does not fit the others
     */
    public <T extends Comparable<? super T>> NodeSettings with(Setting<T> setting, T value) {
        TotemConfig changed = config.toBuilder().set(setting, value).build();
        return new NodeSettings(changed, FlowLimits.of(changed), versions);
    }

    /** With flow limits that fit the link. */
    public NodeSettings withFlow(FlowLimits fitting) {
        return new NodeSettings(config, fitting, versions);
    }

    /** Of a node that understands these; for tests of what becomes of nodes that understand others. */
    public NodeSettings withVersions(WireVersions understood) {
        return new NodeSettings(config, flow, understood);
    }

    /** The name of the cluster. */
    public String cluster() {
        return config.get(Settings.CLUSTER_NAME);
    }

    /** Which rings may decide. */
    public Quorum quorum() {
        return quorum;
    }

    /** Which versions of the message format this node understands. */
    public WireVersions versions() {
        return versions;
    }

    /** The protocol's timers. */
    public RingTiming timing() {
        return timing;
    }

    /** How much may be under way on the ring. */
    public FlowLimits flow() {
        return flow;
    }

    /** How much may wait in this process. */
    public BufferLimits buffers() {
        return buffers;
    }
}
