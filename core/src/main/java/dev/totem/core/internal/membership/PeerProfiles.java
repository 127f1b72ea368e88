/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.membership;

import dev.totem.core.NodeId;
import dev.totem.core.internal.message.Join;
import dev.totem.core.internal.message.Origin;
import dev.totem.core.internal.message.Profile;
import dev.totem.core.internal.settings.NodeSettings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What others have told of their settings, compared with this node's. Node loop only, for a whole life.
 *
 * <p>A Join may be lost, so a member may be unknown: then nothing of it is compared. That costs a warning and a limit, never
 * a message: receivers take what was ordered.
 */
public final class PeerProfiles {

    private static final int NODES_MAX = 1_024;

    private final NodeId self;
    private final Profile own;
    private final Map<NodeId, Told> told = new LinkedHashMap<>();

    private record Told(Origin origin, Profile profile) {}

    public PeerProfiles(NodeId self, NodeSettings config) {
        this.self = self;
        own = SharedSetting.profile(config);
    }

    /** What this node tells of itself. */
    public Profile own() {
        return own;
    }

    /** Remembers what a Join tells of its sender; returns what is not as here. */
    public List<SettingDifference> heard(Join join) {
        Origin sender = join.origin();
        Told known = told.get(sender.node());
        if (known != null && known.origin.incarnation() > sender.incarnation()) {
            return List.of();
        }
        told.put(sender.node(), new Told(sender, join.profile()));
        if (told.size() > NODES_MAX) {
            told.remove(told.keySet().iterator().next());
        }
        return differences(sender.node(), join.profile());
    }

    /**
     * What the members of a ring have in common.
     *
     * @param version which version of the message format they agreed upon
     */
    public RingAgreement agree(RingMembers members, int version) {
        long least = valueOf(own, SharedSetting.MAX_MESSAGE_SIZE).orElse(Long.MAX_VALUE);
        NodeId limitedBy = self;
        int differences = 0;
        for (Origin member : members.origins()) {
            Told known = told.get(member.node());
            if (known == null || !known.origin.equals(member)) {
                continue;
            }
            differences += differences(member.node(), known.profile).size();
            long theirs = valueOf(known.profile, SharedSetting.MAX_MESSAGE_SIZE).orElse(least);
            if (theirs < least) {
                least = theirs;
                limitedBy = member.node();
            }
        }
        return new RingAgreement(least, limitedBy, differences, version);
    }

    private List<SettingDifference> differences(NodeId node, Profile theirs) {
        if (theirs.settings().equals(own.settings())) {
            return List.of();
        }
        List<SettingDifference> differences = new ArrayList<>();
        for (SharedSetting setting : SharedSetting.values()) {
            Optional<Long> here = valueOf(own, setting);
            Optional<Long> there = valueOf(theirs, setting);
            if (here.isPresent() && there.isPresent() && !here.equals(there)) {
                differences.add(new SettingDifference(node, setting, here.get(), there.get()));
            }
        }
        return differences;
    }

    private static Optional<Long> valueOf(Profile profile, SharedSetting setting) {
        return profile.settings().stream()
                .filter(told -> told.code() == setting.code())
                .map(Profile.Setting::value)
                .findFirst();
    }
}
