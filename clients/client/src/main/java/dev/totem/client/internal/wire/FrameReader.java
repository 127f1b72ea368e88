/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.client.internal.wire;

import dev.totem.core.GroupName;
import dev.totem.core.Guarantee;
import dev.totem.core.MemberId;
import dev.totem.core.Membership;
import dev.totem.core.Message;
import dev.totem.core.NodeHealth;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** From bytes to frames. */
public final class FrameReader {

    private static final Map<String, NodeHealth.Code> HEALTH_CODES =
            Arrays.stream(NodeHealth.Code.values()).collect(Collectors.toUnmodifiableMap(Enum::name, code -> code));

    private FrameReader() {}

    /**
     * The frame that these bytes are, without the length before it.
     *
     * @throws MalformedFrameException if they are none; nothing of them has had an effect
     */
    public static Frame read(ByteBuf bytes) throws MalformedFrameException {
        Frame frame;
        int type = -1;
        try {
            Input in = new Input(bytes);
            type = in.u8();
            frame = type < FrameType.OPEN
                    ? control(type, in)
                    : type < FrameType.OPENED ? fromClient(type, in) : fromServer(type, in);
        } catch (IndexOutOfBoundsException tooShort) {
            throw new MalformedFrameException("a frame of type " + type + " is cut off", tooShort);
        } catch (IllegalArgumentException wrong) {
            throw new MalformedFrameException("a frame of type " + type + ": " + wrong.getMessage(), wrong);
        }
        if (bytes.isReadable()) {
            throw new MalformedFrameException(
                    "a frame of type " + type + " has " + bytes.readableBytes() + " bytes too many");
        }
        return frame;
    }

    private static Frame control(int type, Input in) {
        return switch (type) {
            case FrameType.ACK -> new Frame.Ack(in.int64());
            case FrameType.HELLO -> {
                if (in.int32() != FrameType.MAGIC) {
                    throw new IllegalArgumentException("this is not the protocol of Totem's clients");
                }
                version(in);
                yield new Frame.Hello(session(in), in.int64(), in.text(), in.bytes());
            }
            case FrameType.WELCOME -> {
                version(in);
                yield new Frame.Welcome(
                        session(in),
                        in.flag(),
                        in.int64(),
                        in.node(),
                        new Frame.Limits(in.int32(), in.int32(), in.int32(), in.int32(), in.int32()));
            }
            case FrameType.REFUSED -> new Frame.Refused(in.text());
            default -> throw unknown(type);
        };
    }

    private static void version(Input in) {
        int version = in.u8();
        if (version != FrameType.VERSION) {
            throw new IllegalArgumentException(
                    "version " + version + " of the protocol; this side speaks " + FrameType.VERSION);
        }
    }

    private static SessionId session(Input in) {
        return new SessionId(in.int64(), in.int64());
    }

    private static Frame fromClient(int type, Input in) {
        return switch (type) {
            case FrameType.SEND -> {
                int op = in.int32();
                int handle = in.int32();
                Guarantee guarantee = in.oneOf(Codes.GUARANTEES);
                boolean isOnlyInPrimary = in.flag();
                List<GroupName> groups = in.groups();
                List<MemberId> recipients = in.recipients();
                refuseUnlessAMessage(groups, recipients);
                SortedMap<String, String> headers = in.headers();
                yield new Frame.Send(
                        op, handle, new Message(groups, recipients, guarantee, isOnlyInPrimary, headers, in.bytes()));
            }
            case FrameType.REQUEST -> {
                int subscription = in.int32();
                long events = in.int64();
                int bytes = in.int32();
                if (events < 0 || bytes < 0) {
                    throw new IllegalArgumentException("a demand of " + events + " events and " + bytes + " bytes");
                }
                yield new Frame.Request(subscription, events, bytes);
            }
            case FrameType.OPEN -> new Frame.Open(in.int32(), in.optionalText());
            case FrameType.GROUPS ->
                new Frame.Groups(in.int32(), in.int32(), in.oneOf(Codes.ACTIONS), List.copyOf(in.groups()));
            case FrameType.ABANDON -> new Frame.Abandon(in.int32());
            case FrameType.CLOSE -> new Frame.Close(in.int32(), in.int32());
            case FrameType.SUBSCRIBE -> new Frame.Subscribe(in.int32(), in.int32(), in.oneOf(Codes.POLICIES));
            case FrameType.CANCEL -> new Frame.Cancel(in.int32());
            case FrameType.ASK_STATS -> new Frame.AskStats(in.int32());
            case FrameType.ASK_MEMBERSHIP -> new Frame.AskMembership(in.int32());
            case FrameType.ASK_HEALTH -> new Frame.AskHealth(in.int32());
            case FrameType.BYE -> new Frame.Bye();
            default -> throw unknown(type);
        };
    }

    private static Frame fromServer(int type, Input in) {
        return switch (type) {
            case FrameType.EVENT -> EventCodec.read(in);
            case FrameType.DONE ->
                new Frame.Done(in.int32(), in.flag() ? Optional.of(in.position()) : Optional.empty());
            case FrameType.OPENED -> new Frame.Opened(in.int32(), in.member());
            case FrameType.FAILED -> new Frame.Failed(in.int32(), ErrorCodec.read(in));
            case FrameType.COMPLETE -> new Frame.Complete(in.int32());
            case FrameType.BROKEN -> new Frame.Broken(in.int32(), ErrorCodec.read(in));
            case FrameType.ROLL -> new Frame.Roll(in.int32(), in.group(), in.flag(), in.members(), in.members());
            case FrameType.STATS -> {
                int op = in.int32();
                int count = in.checked(in.int32(), 10);
                Map<String, Long> values = new TreeMap<>();
                for (int i = 0; i < count; i++) {
                    values.put(in.text(), in.int64());
                }
                yield new Frame.Stats(op, values);
            }
            case FrameType.HEALTH -> new Frame.Health(in.int32(), health(in));
            case FrameType.MEMBERS ->
                new Frame.Members(in.int32(), new Membership(in.node(), in.ring(), in.nodes(), in.flag()));
            case FrameType.ENDED -> new Frame.Ended(in.flag() ? Optional.of(ErrorCodec.read(in)) : Optional.empty());
            default -> throw unknown(type);
        };
    }

    private static void refuseUnlessAMessage(List<GroupName> groups, List<MemberId> recipients) {
        if (groups.size() > Message.GROUPS_MAX || recipients.size() > Message.RECIPIENTS_MAX) {
            throw new IllegalArgumentException(
                    "a message to " + groups.size() + " groups and " + recipients.size() + " members");
        }
        if (!groups.isEmpty() && !recipients.isEmpty()) {
            throw new IllegalArgumentException("a message goes to members or to groups");
        }
    }

    /** Without what a newer executive has to say that this side has no name for. */
    private static NodeHealth health(Input in) {
        int count = in.checked(in.int32(), 4);
        List<NodeHealth.Reason> reasons = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String code = in.text();
            String text = in.text();
            Optional.ofNullable(HEALTH_CODES.get(code))
                    .ifPresent(known -> reasons.add(new NodeHealth.Reason(known, text)));
        }
        return new NodeHealth(reasons);
    }

    private static IllegalArgumentException unknown(int type) {
        return new IllegalArgumentException("no such type: " + type);
    }
}
