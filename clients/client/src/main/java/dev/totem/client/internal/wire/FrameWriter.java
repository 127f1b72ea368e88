/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.client.internal.wire;

import dev.totem.core.NodeHealth;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.List;
import java.util.Map;

/** From frames to bytes: a length of four bytes, which does not count itself, then type and fields. */
public final class FrameWriter {

    private static final int USUAL_BYTES = 64;

    private FrameWriter() {}

    /** The bytes of a frame, its length before it. */
    public static ByteBuf write(Frame frame, ByteBufAllocator allocator) {
        ByteBuf buffer = allocator.buffer(sizeEstimate(frame));
        append(frame, buffer);
        return buffer;
    }

    /**
     * Writes a frame and its length behind what is in a buffer.
     *
     * @return how many bytes that are
     */
    public static int append(Frame frame, ByteBuf buffer) {
        int start = buffer.writerIndex();
        Output out = new Output(buffer);
        out.int32(0);
        if (frame instanceof Frame.Control control) {
            control(out, control);
        } else if (frame instanceof Frame.FromClient said) {
            fromClient(out, said);
        } else if (frame instanceof Frame.FromServer said) {
            fromServer(out, said);
        }
        int size = buffer.writerIndex() - start;
        buffer.setInt(start, size - Integer.BYTES);
        return size;
    }

    /** About so many bytes {@link #append} will write. */
    public static int sizeEstimate(Frame frame) {
        if (frame instanceof Frame.Event event && event.event() instanceof dev.totem.core.Delivery delivery) {
            return USUAL_BYTES + delivery.groups().size() * 16 + delivery.payloadBytes();
        }
        if (frame instanceof Frame.Send send) {
            return USUAL_BYTES
                    + (send.message().groups().size()
                                    + send.message().recipients().size())
                            * 16
                    + send.message().payload().length;
        }
        return USUAL_BYTES;
    }

    private static void control(Output out, Frame.Control frame) {
        if (frame instanceof Frame.Ack ack) {
            out.u8(FrameType.ACK);
            out.int64(ack.received());
        } else if (frame instanceof Frame.Hello hello) {
            out.u8(FrameType.HELLO);
            out.int32(FrameType.MAGIC);
            out.u8(FrameType.VERSION);
            session(out, hello.session());
            out.int64(hello.received());
            out.text(hello.name());
            out.bytes(hello.token());
        } else if (frame instanceof Frame.Welcome welcome) {
            out.u8(FrameType.WELCOME);
            out.u8(FrameType.VERSION);
            session(out, welcome.session());
            out.flag(welcome.isResumed());
            out.int64(welcome.received());
            out.int32(welcome.node().value());
            out.int32(welcome.limits().leaseMillis());
            out.int32(welcome.limits().operations());
            out.int32(welcome.limits().operationBytes());
            out.int32(welcome.limits().messageBytes());
            out.int32(welcome.limits().eventBytes());
        } else if (frame instanceof Frame.Refused refused) {
            out.u8(FrameType.REFUSED);
            out.text(refused.why());
        }
    }

    private static void session(Output out, SessionId session) {
        out.int64(session.high());
        out.int64(session.low());
    }

    private static void fromClient(Output out, Frame.FromClient frame) {
        if (frame instanceof Frame.Send send) {
            out.u8(FrameType.SEND);
            out.int32(send.op());
            out.int32(send.handle());
            out.oneOf(Codes.GUARANTEES, send.message().guarantee());
            out.flag(send.message().isOnlyInPrimary());
            out.groups(send.message().groups());
            out.recipients(send.message().recipients());
            out.headers(send.message().headers());
            out.bytes(send.message().payload());
        } else if (frame instanceof Frame.Request request) {
            out.u8(FrameType.REQUEST);
            out.int32(request.subscription());
            out.int64(request.events());
            out.int32(request.bytes());
        } else if (frame instanceof Frame.Open open) {
            out.u8(FrameType.OPEN);
            out.int32(open.handle());
            out.text(open.name());
        } else if (frame instanceof Frame.Groups groups) {
            out.u8(FrameType.GROUPS);
            out.int32(groups.op());
            out.int32(groups.handle());
            out.oneOf(Codes.ACTIONS, groups.action());
            out.groups(groups.groups());
        } else if (frame instanceof Frame.Abandon abandon) {
            numbers(out, FrameType.ABANDON, abandon.op());
        } else if (frame instanceof Frame.Close close) {
            numbers(out, FrameType.CLOSE, close.op(), close.handle());
        } else if (frame instanceof Frame.Subscribe subscribe) {
            numbers(out, FrameType.SUBSCRIBE, subscribe.subscription(), subscribe.handle());
            out.oneOf(Codes.POLICIES, subscribe.policy());
        } else if (frame instanceof Frame.Cancel cancel) {
            numbers(out, FrameType.CANCEL, cancel.subscription());
        } else if (frame instanceof Frame.AskStats ask) {
            numbers(out, FrameType.ASK_STATS, ask.op());
        } else if (frame instanceof Frame.AskMembership ask) {
            numbers(out, FrameType.ASK_MEMBERSHIP, ask.op());
        } else if (frame instanceof Frame.AskHealth ask) {
            numbers(out, FrameType.ASK_HEALTH, ask.op());
        } else if (frame instanceof Frame.Bye) {
            out.u8(FrameType.BYE);
        }
    }

    private static void fromServer(Output out, Frame.FromServer frame) {
        if (frame instanceof Frame.Event event) {
            out.u8(FrameType.EVENT);
            EventCodec.write(out, event);
        } else if (frame instanceof Frame.Done done) {
            numbers(out, FrameType.DONE, done.op());
            out.flag(done.position().isPresent());
            done.position().ifPresent(out::position);
        } else if (frame instanceof Frame.Opened opened) {
            numbers(out, FrameType.OPENED, opened.handle());
            out.member(opened.id());
        } else if (frame instanceof Frame.Failed failed) {
            numbers(out, FrameType.FAILED, failed.op());
            ErrorCodec.write(out, failed.reason());
        } else if (frame instanceof Frame.Complete complete) {
            numbers(out, FrameType.COMPLETE, complete.subscription());
        } else if (frame instanceof Frame.Broken broken) {
            numbers(out, FrameType.BROKEN, broken.subscription());
            ErrorCodec.write(out, broken.reason());
        } else if (frame instanceof Frame.Roll roll) {
            numbers(out, FrameType.ROLL, roll.handle());
            out.text(roll.group().value());
            out.flag(roll.isWhole());
            out.members(roll.joined());
            out.members(roll.left());
        } else if (frame instanceof Frame.Stats stats) {
            numbers(out, FrameType.STATS, stats.op(), stats.values().size());
            for (Map.Entry<String, Long> value : stats.values().entrySet()) {
                out.text(value.getKey());
                out.int64(value.getValue());
            }
        } else if (frame instanceof Frame.Health answer) {
            List<NodeHealth.Reason> reasons = answer.health().reasons();
            numbers(out, FrameType.HEALTH, answer.op(), reasons.size());
            for (NodeHealth.Reason reason : reasons) {
                out.text(reason.code().name());
                out.text(reason.text());
            }
        } else if (frame instanceof Frame.Members members) {
            numbers(
                    out,
                    FrameType.MEMBERS,
                    members.op(),
                    members.membership().local().value());
            out.ring(members.membership().ring());
            out.nodes(members.membership().members());
            out.flag(members.membership().isPrimary());
        } else if (frame instanceof Frame.Ended ended) {
            out.u8(FrameType.ENDED);
            out.flag(ended.reason().isPresent());
            ended.reason().ifPresent(reason -> ErrorCodec.write(out, reason));
        }
    }

    private static void numbers(Output out, int type, int... numbers) {
        out.u8(type);
        for (int number : numbers) {
            out.int32(number);
        }
    }
}
