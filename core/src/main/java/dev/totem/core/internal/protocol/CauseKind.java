/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.protocol;

import dev.totem.core.ChangeCause;
import dev.totem.core.NodeId;
import dev.totem.core.RingId;
import dev.totem.core.internal.membership.SettingDifference;
import dev.totem.core.internal.membership.SharedSetting;
import dev.totem.core.internal.message.CauseFact;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The kinds of causes as they travel ({@code docs/WIRE.md}). Any thread.
 *
 * <p>A fact of a kind that is not known here, or with a value that cannot be, means nothing.
 */
enum CauseKind {
    MEMBER_LEFT(1, 1, true),
    FAILED_TO_RECEIVE(2, 2, true),
    NEW_LIFE(3, 3, true),
    PAUSED(4, 5, false),
    TWIN(5, 4, false),
    KEY_UNKNOWN(6, 10, false),
    FOREIGN_RING(7, 7, true),
    TOKEN_LOST(8, 9, false),
    MEMBER_SILENT(9, 6, false),
    COMMIT_LOST(10, 8, false),
    SETTINGS_DIFFER(11, 11, true);

    private static final ChangeCause.KeyUnknown.Why[] WHYS = ChangeCause.KeyUnknown.Why.values();

    private final int code;

    /**
     * The place among the causes of a change, those that say most first: what a node did, then that it was missed, then what was noticed
     * by the way, and that may have nothing to do with the change.
     */
    private final int place;

    /** Whether it says the same whoever noticed it. */
    private final boolean isOfOneNode;

    CauseKind(int code, int place, boolean isOfOneNode) {
        this.code = code;
        this.place = place;
        this.isOfOneNode = isOfOneNode;
    }

    static CauseFact tokenLost(NodeId self, NodeId lastHeard, int copies, long ageNanos) {
        return new CauseFact(TOKEN_LOST.code, 0, self, lastHeard.value(), ageNanos, copies);
    }

    static CauseFact memberSilent(NodeId self, NodeId member, long silenceNanos, boolean isHeard) {
        return new CauseFact(MEMBER_SILENT.code, isHeard ? 1 : 0, self, member.value(), silenceNanos, 0);
    }

    static CauseFact memberLeft(NodeId self, NodeId member) {
        return MEMBER_LEFT.about(self, member);
    }

    static CauseFact failedToReceive(NodeId self, NodeId member) {
        return FAILED_TO_RECEIVE.about(self, member);
    }

    static CauseFact foreignRing(NodeId self, NodeId heard) {
        return FOREIGN_RING.about(self, heard);
    }

    static CauseFact newLife(NodeId self, NodeId member) {
        return NEW_LIFE.about(self, member);
    }

    static CauseFact paused(NodeId self, long nanos) {
        return new CauseFact(PAUSED.code, 0, self, 0, nanos, 0);
    }

    static CauseFact commitLost(NodeId self, RingId ring) {
        return new CauseFact(COMMIT_LOST.code, 0, self, ring.representative().value(), ring.seq(), 0);
    }

    static CauseFact settingsDiffer(NodeId self, SettingDifference difference) {
        return new CauseFact(
                SETTINGS_DIFFER.code,
                difference.setting().code(),
                self,
                difference.node().value(),
                difference.ours(),
                difference.theirs());
    }

    @SuppressWarnings("EnumOrdinal") // the numbers of docs/WIRE.md are in the order of the constants
    static CauseFact keyUnknown(NodeId self, ChangeCause.KeyUnknown.Why why) {
        return new CauseFact(KEY_UNKNOWN.code, why.ordinal(), self, 0, 0, 0);
    }

    static CauseFact twin(NodeId self) {
        return new CauseFact(TWIN.code, 0, self, 0, 0, 0);
    }

    private CauseFact about(NodeId self, NodeId node) {
        return new CauseFact(code, 0, self, node.value(), 0, 0);
    }

    private static Optional<CauseKind> of(CauseFact fact) {
        return Stream.of(values()).filter(kind -> kind.code == fact.kind()).findFirst();
    }

    /** Whether two who tell this tell the same, so that one of them is enough. */
    static boolean isOfOneNode(CauseFact fact) {
        return of(fact).filter(kind -> kind.isOfOneNode).isPresent();
    }

    /** Those that say most first; equal ones in the order that they have. */
    static List<CauseFact> byWeight(Collection<CauseFact> facts) {
        return facts.stream()
                .sorted(Comparator.comparingInt(
                        fact -> of(fact).map(kind -> kind.place).orElse(Integer.MAX_VALUE)))
                .toList();
    }

    /** What users are told; empty if it is not known here, or cannot be. */
    static Optional<ChangeCause> told(CauseFact fact) {
        return of(fact).flatMap(kind -> kind.read(fact));
    }

    private Optional<ChangeCause> read(CauseFact fact) {
        NodeId at = fact.seenBy();
        return switch (this) {
            case MEMBER_LEFT -> node(fact).map(node -> new ChangeCause.MemberLeft(at, node));
            case FAILED_TO_RECEIVE -> node(fact).map(node -> new ChangeCause.FailedToReceive(at, node));
            case NEW_LIFE -> node(fact).map(node -> new ChangeCause.NewLife(at, node));
            case PAUSED -> Optional.of(new ChangeCause.Paused(at, Duration.ofNanos(fact.first())));
            case TWIN -> Optional.of(new ChangeCause.Twin(at));
            case KEY_UNKNOWN ->
                fact.detail() < WHYS.length
                        ? Optional.of(new ChangeCause.KeyUnknown(at, WHYS[fact.detail()]))
                        : Optional.empty();
            case FOREIGN_RING -> node(fact).map(node -> new ChangeCause.ForeignRing(at, node));
            case TOKEN_LOST -> {
                int copies = (int) Math.min(fact.second(), Integer.MAX_VALUE);
                yield node(fact)
                        .map(node -> new ChangeCause.TokenLost(at, node, copies, Duration.ofNanos(fact.first())));
            }
            case MEMBER_SILENT ->
                node(fact)
                        .map(node -> new ChangeCause.MemberSilent(
                                at, node, Duration.ofNanos(fact.first()), fact.detail() == 1));
            case COMMIT_LOST -> node(fact).map(node -> new ChangeCause.CommitLost(at, new RingId(node, fact.first())));
            case SETTINGS_DIFFER ->
                node(fact)
                        .flatMap(node -> SharedSetting.ofCode(fact.detail())
                                .map(setting -> new ChangeCause.SettingsDiffer(
                                        at,
                                        node,
                                        setting.settingName(),
                                        setting.text(fact.first()),
                                        setting.text(fact.second()))));
        };
    }

    private static Optional<NodeId> node(CauseFact fact) {
        return fact.about() == 0 ? Optional.empty() : Optional.of(NodeId.of(fact.about()));
    }
}
