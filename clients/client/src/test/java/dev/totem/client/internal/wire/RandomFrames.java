/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.client.internal.wire;

import dev.totem.core.ChangeCause;
import dev.totem.core.ConfigChange;
import dev.totem.core.ConfigurationException;
import dev.totem.core.Delivery;
import dev.totem.core.DuplicateNodeIdException;
import dev.totem.core.EventsMissedException;
import dev.totem.core.EvsEvent;
import dev.totem.core.GroupChange;
import dev.totem.core.GroupMember;
import dev.totem.core.GroupName;
import dev.totem.core.Guarantee;
import dev.totem.core.MemberId;
import dev.totem.core.Membership;
import dev.totem.core.Message;
import dev.totem.core.NodeClosedException;
import dev.totem.core.NodeHealth;
import dev.totem.core.NodeId;
import dev.totem.core.NotJoinedException;
import dev.totem.core.OverflowPolicy;
import dev.totem.core.Position;
import dev.totem.core.ProtocolFailureException;
import dev.totem.core.RingId;
import dev.totem.core.SendFailedException;
import dev.totem.core.SlowSubscriberException;
import dev.totem.core.TotemException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Frames of all kinds, by chance. */
final class RandomFrames {

    private final Random random;

    RandomFrames(long seed) {
        this(new Random(seed));
    }

    RandomFrames(Random random) {
        this.random = random;
    }

    /** One of each kind, but for those with errors, which are equal to themselves only. */
    Stream<Frame> all() {
        return IntStream.range(0, 28).mapToObj(this::frame);
    }

    /** One of any kind. */
    Frame any() {
        int kind = random.nextInt(32);
        return switch (kind) {
            case 28 -> new Frame.Failed(number(), error());
            case 29 -> new Frame.Broken(number(), error());
            case 30 -> new Frame.Ended(Optional.of(error()));
            case 31 -> new Frame.Event(number(), new GroupChange(
                    group(), List.of(), members(), members(), oneOf(GroupChange.Reason.values()), position()), true);
            default -> frame(kind);
        };
    }

    private TotemException error() {
        List<TotemException> all = errors();
        return all.get(random.nextInt(all.size()));
    }

    private Frame frame(int kind) {
        return switch (kind) {
            case 0 ->
                new Frame.Hello(
                        new SessionId(random.nextLong(), random.nextLong()), random.nextLong(), text(), bytes());
            case 1 -> new Frame.Ack(random.nextLong());
            case 2 ->
                new Frame.Welcome(
                        new SessionId(random.nextLong(), 1),
                        random.nextBoolean(),
                        random.nextLong(),
                        node(),
                        new Frame.Limits(number(), number(), number(), number(), number()));
            case 3 -> new Frame.Refused(text());
            case 4 -> new Frame.Open(number(), random.nextBoolean() ? Optional.of(text()) : Optional.empty());
            case 5 -> new Frame.Groups(number(), number(), oneOf(Frame.GroupAction.values()), groups());
            case 6 -> new Frame.Send(number(), number(), message());
            case 7 -> new Frame.Close(number(), number());
            case 8 -> new Frame.AskStats(number());
            case 9 -> new Frame.AskMembership(number());
            case 10 -> new Frame.Abandon(number());
            case 11 -> new Frame.Subscribe(number(), number(), oneOf(OverflowPolicy.values()));
            case 12 -> new Frame.Request(number(), Long.MAX_VALUE, number());
            case 13 -> new Frame.Cancel(number());
            case 14 -> new Frame.Bye();
            case 15 -> new Frame.Opened(number(), memberId());
            case 16 -> new Frame.Done(number(), random.nextBoolean() ? Optional.of(position()) : Optional.empty());
            case 17 -> new Frame.Complete(number());
            case 18 -> new Frame.Roll(number(), group(), random.nextBoolean(), members(), members());
            case 19 -> new Frame.Stats(number(), stats());
            case 20 -> new Frame.Members(number(), membership());
            case 21 -> new Frame.Ended(Optional.empty());
            case 22 -> new Frame.AskHealth(number());
            case 23 -> new Frame.Health(number(), health());
            default -> new Frame.Event(number(), event(kind % 3), false);
        };
    }

    private NodeHealth health() {
        return new NodeHealth(Stream.of(NodeHealth.Code.values())
                .filter(code -> random.nextInt(4) == 0)
                .map(code -> new NodeHealth.Reason(code, text()))
                .toList());
    }

    private EvsEvent event(int kind) {
        return switch (kind) {
            case 0 -> new Delivery(node(), groups(), oneOf(Guarantee.values()), position(), headers(), bytes());
            case 1 -> change(random.nextBoolean());
            default ->
                new GroupChange(
                        group(), members(), members(), members(), oneOf(GroupChange.Reason.values()), position());
        };
    }

    private ConfigChange change(boolean isRegular) {
        ConfigChange change = isRegular
                ? ConfigChange.regular(ring(), List.of(node(), node()), List.of(node()))
                : ConfigChange.transitional(ring(), ring(), List.of(node(), node()), List.of(node()));
        return change.withPrimary(random.nextBoolean()).withCauses(causes());
    }

    private List<ChangeCause> causes() {
        Duration time = Duration.ofNanos(number());
        List<ChangeCause> all = List.of(
                new ChangeCause.TokenLost(node(), node(), number(), time),
                new ChangeCause.MemberSilent(node(), node(), time, random.nextBoolean()),
                new ChangeCause.MemberLeft(node(), node()),
                new ChangeCause.FailedToReceive(node(), node()),
                new ChangeCause.ForeignRing(node(), node()),
                new ChangeCause.NewLife(node(), node()),
                new ChangeCause.Paused(node(), time),
                new ChangeCause.CommitLost(node(), ring()),
                new ChangeCause.SettingsDiffer(node(), node(), text(), text(), text()),
                new ChangeCause.KeyUnknown(node(), oneOf(ChangeCause.KeyUnknown.Why.values())),
                new ChangeCause.Twin(node()));
        return all.subList(0, random.nextInt(all.size() + 1));
    }

    private Message message() {
        boolean isAddressed = random.nextBoolean();
        return new Message(
                isAddressed ? List.of() : groups(),
                isAddressed ? Stream.generate(this::memberId).limit(3).toList() : List.of(),
                oneOf(Guarantee.values()),
                random.nextBoolean(),
                headers(),
                bytes());
    }

    private SortedMap<String, String> headers() {
        SortedMap<String, String> headers = new TreeMap<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            headers.put("n\u00e4me" + random.nextInt(), random.nextBoolean() ? text() : "");
        }
        return headers;
    }

    private Membership membership() {
        return new Membership(node(), ring(), List.of(node(), node()), random.nextBoolean());
    }

    static List<TotemException> errors() {
        return List.of(
                new ConfigurationException("group", "a: b", "has: a colon"),
                SendFailedException.refused("too large"),
                SendFailedException.unknown("the node stopped"),
                new SendFailedException(SendFailedException.Fate.UNKNOWN, "again", true),
                new SendFailedException(SendFailedException.Fate.REFUSED, "no quorum here", true),
                SendFailedException.transitional(
                        "the primary broke",
                        ConfigChange.transitional(
                                        new RingId(NodeId.of(1), 8),
                                        new RingId(NodeId.of(2), 12),
                                        List.of(NodeId.of(2)),
                                        List.of(NodeId.of(1)))
                                .withPrimary(false)),
                new NotJoinedException(GroupName.of("a group")),
                new SlowSubscriberException("stall-limit 2000 ms", 77),
                new NodeClosedException("handle"),
                new ProtocolFailureException("a defect"),
                new DuplicateNodeIdException(NodeId.of(7)),
                new EventsMissedException("the session was lost"));
    }

    private int number() {
        return random.nextInt(Integer.MAX_VALUE);
    }

    private <E> E oneOf(E[] values) {
        return values[random.nextInt(values.length)];
    }

    private String text() {
        return "töxt \uFFFD " + random.nextInt();
    }

    private byte[] bytes() {
        byte[] bytes = new byte[random.nextInt(100)];
        random.nextBytes(bytes);
        return bytes;
    }

    private NodeId node() {
        return NodeId.of(1 + random.nextInt(1_000));
    }

    private RingId ring() {
        return new RingId(node(), random.nextLong());
    }

    private Position position() {
        return new Position(ring(), random.nextLong(), number());
    }

    private MemberId memberId() {
        return new MemberId(node(), random.nextLong(), number());
    }

    private GroupName group() {
        return GroupName.of("g" + random.nextInt());
    }

    private List<GroupName> groups() {
        return Stream.generate(this::group).limit(random.nextInt(4)).toList();
    }

    private List<GroupMember> members() {
        return Stream.generate(() ->
                        new GroupMember(memberId(), random.nextBoolean() ? Optional.of(text()) : Optional.empty()))
                .limit(random.nextInt(4))
                .toList();
    }

    private Map<String, Long> stats() {
        Map<String, Long> stats = new TreeMap<>();
        stats.put("one", random.nextLong());
        stats.put("two", 2L);
        return stats;
    }
}
