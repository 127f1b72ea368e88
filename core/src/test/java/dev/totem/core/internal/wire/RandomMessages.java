/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.wire;

import dev.totem.core.Guarantee;
import dev.totem.core.NodeId;
import dev.totem.core.RingId;
import dev.totem.core.internal.message.CauseFact;
import dev.totem.core.internal.message.CommitEntry;
import dev.totem.core.internal.message.CommitToken;
import dev.totem.core.internal.message.HoldCancel;
import dev.totem.core.internal.message.Join;
import dev.totem.core.internal.message.Leave;
import dev.totem.core.internal.message.MergeDetect;
import dev.totem.core.internal.message.Origin;
import dev.totem.core.internal.message.Profile;
import dev.totem.core.internal.message.ProtocolMessage;
import dev.totem.core.internal.message.RecoveredMessage;
import dev.totem.core.internal.message.RegularMessage;
import dev.totem.core.internal.message.RegularToken;
import dev.totem.core.internal.message.Vote;
import dev.totem.core.internal.settings.WireVersions;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeSet;

/** Valid messages of all kinds, with small, large and extreme values. */
final class RandomMessages {

    private static final int KINDS = 8;

    private final Random random;

    RandomMessages(Random random) {
        this.random = random;
    }

    ProtocolMessage next() {
        return switch (random.nextInt(KINDS)) {
            case 0 -> regular(ring(number(Long.MAX_VALUE)));
            case 1 -> recovered();
            case 2 -> token();
            case 3 -> commitToken();
            case 4 -> join();
            case 5 -> leave();
            case 6 -> mergeDetect();
            default -> new HoldCancel(origin(node()), ring(number(Long.MAX_VALUE)));
        };
    }

    private RegularMessage regular(RingId ring) {
        byte[] bytes = new byte[1 + random.nextInt(200)];
        random.nextBytes(bytes);
        int start = random.nextInt(bytes.length);
        ByteBuffer packet = ByteBuffer.wrap(bytes, start, bytes.length - start);
        Guarantee guarantee = any(List.of(Guarantee.values()));
        return new RegularMessage(origin(node()), ring, positive(), guarantee, packet);
    }

    private RecoveredMessage recovered() {
        RingId ring = ring(positive());
        return new RecoveredMessage(origin(node()), ring, positive(), regular(ring(number(ring.seq() - 1))));
    }

    private RegularToken token() {
        long seq = number(Long.MAX_VALUE);
        List<Long> requests = new ArrayList<>();
        if (seq > 0) {
            int count = size(RegularToken.REQUESTS_MAX);
            while (requests.size() < count) {
                requests.add(1 + number(seq - 1));
            }
        }
        Optional<NodeId> owner = random.nextBoolean() ? Optional.of(node()) : Optional.empty();
        return new RegularToken(
                origin(node()),
                ring(number(Long.MAX_VALUE)),
                seq,
                number(Long.MAX_VALUE),
                random.nextInt(4) == 0 ? -1 : number(seq),
                owner,
                (int) number(Integer.MAX_VALUE),
                (int) number(Integer.MAX_VALUE),
                random.nextBoolean(),
                requests);
    }

    private CommitToken commitToken() {
        List<NodeId> members = List.copyOf(nodes(1 + size(CommitToken.MEMBERS_MAX - 1)));
        RingId ring = new RingId(members.get(0), positive());
        List<CommitEntry> entries = new ArrayList<>();
        int filled = random.nextInt(members.size() + 1);
        for (NodeId member : members.subList(0, filled)) {
            entries.add(new CommitEntry(
                    origin(member),
                    ring(number(ring.seq() - 1)),
                    number(Long.MAX_VALUE),
                    number(Long.MAX_VALUE),
                    random.nextBoolean(),
                    new Vote(random.nextInt(), (int) number(Integer.MAX_VALUE), random.nextBoolean())));
        }
        return new CommitToken(
                origin(any(members)), ring, number(Long.MAX_VALUE), 1 + random.nextInt(255), members, entries);
    }

    private Join join() {
        List<NodeId> proc = List.copyOf(nodes(1 + size(CommitToken.MEMBERS_MAX - 1)));
        List<NodeId> fail = proc.stream().filter(node -> random.nextInt(3) == 0).toList();
        int rotations = (int) number(Integer.MAX_VALUE);
        List<NodeId> heard = List.copyOf(nodes(size(CommitToken.MEMBERS_MAX)));
        return new Join(origin(any(proc)), proc, fail, number(Long.MAX_VALUE), rotations, heard, profile(), causes());
    }

    private List<CauseFact> causes() {
        SortedSet<CauseFact> causes = new TreeSet<>();
        int count = size(CauseFact.FACTS_MAX);
        while (causes.size() < count) {
            causes.add(new CauseFact(
                    1 + random.nextInt(255),
                    random.nextInt(256),
                    node(),
                    (int) number(Integer.MAX_VALUE),
                    number(Long.MAX_VALUE),
                    number(Long.MAX_VALUE)));
        }
        return List.copyOf(causes);
    }

    private Profile profile() {
        int lowest = 1 + random.nextInt(255);
        int highest = lowest + random.nextInt(256 - lowest);
        List<Profile.Setting> settings = new ArrayList<>();
        int count = size(Profile.SETTINGS_MAX);
        int code = 0;
        while (settings.size() < count) {
            code += 1 + random.nextInt(7);
            settings.add(new Profile.Setting(code, number(Long.MAX_VALUE)));
        }
        return new Profile(new WireVersions(lowest, highest), settings);
    }

    private MergeDetect mergeDetect() {
        List<NodeId> members = List.copyOf(nodes(1 + size(CommitToken.MEMBERS_MAX - 1)));
        List<NodeId> heard = List.copyOf(nodes(size(CommitToken.MEMBERS_MAX)));
        return new MergeDetect(origin(any(members)), ring(number(Long.MAX_VALUE)), members, heard);
    }

    private Leave leave() {
        SortedSet<NodeId> proc = nodes(1 + size(CommitToken.MEMBERS_MAX - 1));
        NodeId sender = any(List.copyOf(proc));
        List<NodeId> fail = proc.stream()
                .filter(node -> node.equals(sender) || random.nextInt(3) == 0)
                .toList();
        proc.remove(sender);
        return new Leave(origin(sender), List.copyOf(proc), fail, number(Long.MAX_VALUE));
    }

    private SortedSet<NodeId> nodes(int count) {
        SortedSet<NodeId> nodes = new TreeSet<>();
        while (nodes.size() < count) {
            nodes.add(node());
        }
        return nodes;
    }

    private NodeId node() {
        return NodeId.of((int) (1 + number(Integer.MAX_VALUE - 1)));
    }

    private Origin origin(NodeId node) {
        return new Origin(node, random.nextLong());
    }

    private RingId ring(long seq) {
        return new RingId(node(), seq);
    }

    private <T> T any(List<T> some) {
        return some.get(random.nextInt(some.size()));
    }

    private long positive() {
        return 1 + number(Long.MAX_VALUE - 1);
    }

    /** From 0 to a limit: the limit itself, or of a random magnitude. */
    private long number(long max) {
        if (random.nextInt(16) == 0) {
            return max;
        }
        return Math.min(max, random.nextLong() >>> (1 + random.nextInt(63)));
    }

    /** Mostly few, now and then many. */
    private int size(int max) {
        return random.nextInt(16) == 0 ? max : random.nextInt(Math.min(max, 8) + 1);
    }
}
