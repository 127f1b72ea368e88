/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.internal.check;

import dev.totem.core.GroupName;
import dev.totem.core.MemberId;
import dev.totem.core.NodeId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Who was in the groups of one life's handle, while its log is read; G1 and G4. One thread. */
final class GroupViewsOfLife {

    private final Life life;
    private final GroupRules rules;
    private final Findings findings;
    private final Map<GroupName, List<MemberId>> views = new LinkedHashMap<>();

    /** The handle that the log is of: the first that came into a group of this life's. */
    private Optional<MemberId> self = Optional.empty();

    private LogEvent.@Nullable Conf current;

    /** Its node has said farewell: what it has still to deliver it delivers. */
    private boolean isLeaving;

    GroupViewsOfLife(Life life, GroupRules rules, Findings findings) {
        this.life = life;
        this.rules = rules;
        this.findings = findings;
    }

    /** A cut of the views comes after the configuration, before anything else of a group. */
    void changed(LogEvent.Conf conf) {
        current = conf;
    }

    void changed(LogEvent.Group group) {
        LogEvent.Conf conf = current;
        List<NodeId> members = conf == null ? List.of() : conf.members();
        findings.count(EvsRule.G1);
        if (!members.containsAll(group.members().stream().map(MemberId::node).toList())) {
            findings.add(EvsRule.G1, "members from outside " + members, List.of(life), List.of(life.says(group)));
        }
        if (self.isEmpty()) {
            self = group.members().stream()
                    .filter(member -> member.node().equals(life.process()))
                    .findFirst();
        }
        isLeaving |= group.isFarewell() && self.filter(group.left()::contains).isPresent();
        views.put(group.group(), group.members());
        if (conf != null
                && conf.isRegular()
                && conf.ring().equals(group.position().ring())
                && isInside(group)) {
            rules.viewed(life, group.position(), group.group(), true, group.members(), findings);
        }
    }

    private boolean isInside(LogEvent.Group group) {
        return self.filter(group.members()::contains).isPresent()
                && !(group.joined().isEmpty() && group.left().isEmpty());
    }

    void delivered(LogEvent.Deliver deliver) {
        LogEvent.Conf conf = current;
        boolean isKnown = false;
        boolean isMember = deliver.groups().isEmpty();
        for (GroupName group : deliver.groups()) {
            List<MemberId> view = views.get(group);
            if (view == null || self.isEmpty()) {
                continue;
            }
            isKnown = true;
            boolean isIn = view.contains(self.get());
            isMember |= isIn;
            if (!isIn) {
                continue;
            }
            if (conf != null && conf.isRegular()) {
                rules.viewed(life, deliver.position(), group, false, view, findings);
            }
            if (conf != null && conf.members().contains(deliver.sender())) {
                rules.introduced(
                        life,
                        deliver,
                        group,
                        view.stream()
                                .filter(member -> member.node().equals(deliver.sender()))
                                .toList());
            }
        }
        if (isKnown) {
            findings.count(EvsRule.G4);
            if (!isMember && !isLeaving) {
                findings.add(EvsRule.G4, "delivered to no member", List.of(life), List.of(life.says(deliver)));
            }
        }
    }
}
