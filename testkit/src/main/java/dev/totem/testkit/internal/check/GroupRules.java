/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.internal.check;

import dev.totem.core.GroupName;
import dev.totem.core.MemberId;
import dev.totem.core.NodeId;
import dev.totem.core.Position;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** G2 and G3: what the logs say of the members of groups, beside each other. One thread. */
final class GroupRules {

    private final Map<Place, Seen> first = new LinkedHashMap<>();
    private final Map<Place, List<Seen>> introductions = new LinkedHashMap<>();
    private final Map<Position, NodeId> senders = new LinkedHashMap<>();
    private boolean hasViews;

    private record Place(Position position, GroupName group, boolean isChange) {}

    private record Seen(Life life, List<MemberId> members) {}

    boolean hasViews() {
        return hasViews;
    }

    /** In a regular configuration, a life had this view right at a position. */
    void viewed(
            Life life,
            Position position,
            GroupName group,
            boolean isChange,
            List<MemberId> members,
            Findings findings) {
        hasViews = true;
        findings.count(EvsRule.G2);
        Seen other = first.putIfAbsent(new Place(position, group, isChange), new Seen(life, members));
        if (other != null && !other.members.equals(members)) {
            findings.add(
                    EvsRule.G2,
                    "different members of " + group + " at " + position,
                    List.of(other.life, life),
                    List.of(other.life.says(other.members), life.says(members)));
        }
    }

    /** A life was delivered a message to a group and knew these members of its sender. */
    void introduced(Life life, LogEvent.Deliver message, GroupName group, List<MemberId> ofSender) {
        introductions
                .computeIfAbsent(new Place(message.position(), group, false), place -> new ArrayList<>())
                .add(new Seen(life, ofSender));
        if (life.process().equals(message.sender())) {
            senders.put(message.position(), message.sender());
        }
    }

    void check(Findings findings) {
        introductions.forEach((place, all) -> {
            NodeId sender = senders.get(place.position);
            all.stream()
                    .filter(seen -> seen.life.process().equals(sender))
                    .findFirst()
                    .ifPresent(home -> all.forEach(seen -> compare(place, home, seen, findings)));
        });
    }

    private static void compare(Place place, Seen home, Seen away, Findings findings) {
        findings.count(EvsRule.G3);
        if (!new TreeSet<>(home.members).equals(new TreeSet<>(away.members))) {
            findings.add(
                    EvsRule.G3,
                    "the sender knew other members of its own in " + place.group + " at " + place.position,
                    List.of(home.life, away.life),
                    List.of(home.life.says(home.members), away.life.says(away.members)));
        }
    }
}
