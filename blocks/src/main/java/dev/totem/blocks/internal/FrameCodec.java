/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.blocks.internal;

import dev.totem.blocks.Member;
import dev.totem.core.NodeId;
import dev.totem.core.Position;
import dev.totem.core.RingId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The bytes of frames. */
final class FrameCodec {

    private static final int VERSION = 1;

    private static final int EXCHANGE = 1;
    private static final int ADOPT = 2;
    private static final int IN_STATE = 3;
    private static final int LEAVE = 4;
    private static final int FENCE = 5;
    private static final int TICK = 6;
    private static final int COMMAND = 7;
    private static final int MARK = 8;
    private static final int PART = 9;
    private static final int CHECK = 10;
    private static final int DIVERGED = 11;
    private static final int MERGE = 12;
    private static final int GONE = 13;

    private static final int HEAD = 1;
    private static final int CHUNK = 2;
    private static final int ENTRIES = 3;
    private static final int END = 4;
    private static final int PIECE = 5;

    private FrameCodec() {}

    static byte[] encode(Frame frame) {
        Writer out = new Writer().u8(VERSION);
        if (frame instanceof Frame.Exchange exchange) {
            out.u8(EXCHANGE).ring(exchange.ring()).member(exchange.member());
            out.bool(exchange.epoch().isPresent());
            exchange.epoch().ifPresent(out::ring);
            point(out, exchange.applied());
            point(out, exchange.total());
            out.bool(exchange.isLate()).bool(exchange.isAgain());
            out.i32(exchange.apart().size());
            exchange.apart().forEach(part -> point(out, part));
        } else if (frame instanceof Frame.Adopt adopt) {
            out.u8(ADOPT).ring(adopt.ring()).bool(adopt.isCreated());
            point(out, adopt.total());
            out.members(adopt.inState()).i32(adopt.nodes().size());
            adopt.nodes().forEach(node -> out.i32(node.value()));
            out.i32(adopt.apart().size());
            adopt.apart().forEach(part -> point(out, part.of()).member(part.by()));
        } else if (frame instanceof Frame.InState inState) {
            out.u8(IN_STATE).ring(inState.ring()).member(inState.member());
        } else if (frame instanceof Frame.Gone gone) {
            out.u8(GONE).ring(gone.ring()).member(gone.member());
        } else if (frame instanceof Frame.Leave leave) {
            out.u8(LEAVE).member(leave.member());
        } else if (frame instanceof Frame.Fence fence) {
            out.u8(FENCE).member(fence.member()).i64(fence.departedIndex());
        } else if (frame instanceof Frame.Tick tick) {
            out.u8(TICK).i64(tick.timeMillis());
        } else if (frame instanceof Frame.Command command) {
            out.u8(COMMAND).i64(command.instance()).i64(command.tag()).i64(command.timeMillis());
            out.bytes(command.bytes());
        } else if (frame instanceof Frame.Mark mark) {
            out.u8(MARK).i64(mark.instance()).i64(mark.tag());
        } else if (frame instanceof Frame.Check check) {
            out.u8(CHECK).ring(check.ring()).member(check.member());
            out.i64(check.index()).i64(check.hash()).i32(check.before().length);
            Arrays.stream(check.before()).forEach(out::i32);
        } else if (frame instanceof Frame.Diverged diverged) {
            out.u8(DIVERGED).ring(diverged.ring()).member(diverged.member());
        } else if (frame instanceof Frame.Merge merge) {
            merge(out.u8(MERGE), merge);
        } else if (frame instanceof Frame.Part part) {
            out.u8(PART)
                    .ring(part.ring())
                    .i64(part.instance())
                    .position(part.cut())
                    .i32(part.number());
            body(out, part.body());
        }
        return out.toBytes();
    }

    private static void body(Writer out, Frame.Body body) {
        if (body instanceof Frame.Head head) {
            out.u8(HEAD).members(head.inState()).bool(head.snapshot().isPresent());
            head.snapshot().ifPresent(out::bytes);
            point(out, head.from());
        } else if (body instanceof Frame.Chunk chunk) {
            out.u8(CHUNK).bytes(chunk.bytes());
        } else if (body instanceof Frame.Piece piece) {
            out.u8(PIECE);
            merge(out, piece.merge());
        } else if (body instanceof Frame.Entries entries) {
            out.u8(ENTRIES).i32(entries.entries().size());
            for (Entry entry : entries.entries()) {
                out.position(entry.position()).i32(entry.sender().value()).bytes(entry.payload());
            }
        } else if (body instanceof Frame.End end) {
            out.u8(END);
            point(out, end.total());
        }
    }

    static Writer point(Writer out, LogPoint point) {
        out.i64(point.index()).i64(point.hash()).bool(point.position().isPresent());
        point.position().ifPresent(out::position);
        return out;
    }

    /**
     * The frame of some bytes.
     *
     * @throws RuntimeException if they are none that this version knows
     */
    static Frame decode(byte[] bytes) {
        Reader in = new Reader(bytes);
        int version = in.u8();
        if (version != VERSION) {
            throw new IllegalArgumentException("version " + version
                    + " of building blocks, while this node has version " + VERSION + ": update it");
        }
        int type = in.u8();
        return switch (type) {
            case EXCHANGE -> {
                RingId ring = in.ring();
                Member member = in.member();
                Optional<RingId> epoch = in.bool() ? Optional.of(in.ring()) : Optional.empty();
                yield new Frame.Exchange(ring, member, epoch, point(in), point(in), in.bool(), in.bool(), points(in));
            }
            case ADOPT -> new Frame.Adopt(in.ring(), in.bool(), point(in), in.members(), nodes(in), parted(in));
            case IN_STATE -> new Frame.InState(in.ring(), in.member());
            case GONE -> new Frame.Gone(in.ring(), in.member());
            case LEAVE -> new Frame.Leave(in.member());
            case FENCE -> new Frame.Fence(in.member(), in.i64());
            case TICK -> new Frame.Tick(in.i64());
            case COMMAND -> new Frame.Command(in.i64(), in.i64(), in.i64(), in.bytes());
            case MARK -> new Frame.Mark(in.i64(), in.i64());
            case PART -> new Frame.Part(in.ring(), in.i64(), in.position(), in.i32(), body(in));
            case CHECK -> new Frame.Check(in.ring(), in.member(), in.i64(), in.i64(), hashes(in));
            case DIVERGED -> new Frame.Diverged(in.ring(), in.member());
            case MERGE -> merge(in);
            default -> throw new IllegalArgumentException("a frame of the unknown type " + type);
        };
    }

    private static Frame.Body body(Reader in) {
        int type = in.u8();
        return switch (type) {
            case HEAD -> {
                List<Member> inState = in.members();
                Optional<byte[]> snapshot = in.bool() ? Optional.of(in.bytes()) : Optional.empty();
                yield new Frame.Head(inState, snapshot, point(in));
            }
            case CHUNK -> new Frame.Chunk(in.bytes());
            case ENTRIES -> {
                int count = in.count(28);
                List<Entry> entries = new ArrayList<>(count);
                for (int i = 0; i < count; i++) {
                    Position position = in.position();
                    entries.add(new Entry(position, in.node(), in.bytes()));
                }
                yield new Frame.Entries(entries);
            }
            case END -> new Frame.End(point(in));
            case PIECE -> new Frame.Piece(merge(in));
            default -> throw new IllegalArgumentException("a part of the unknown type " + type);
        };
    }

    private static List<NodeId> nodes(Reader in) {
        int count = in.count(4);
        List<NodeId> nodes = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            nodes.add(in.node());
        }
        return nodes;
    }

    private static int[] hashes(Reader in) {
        int[] hashes = new int[in.count(4)];
        for (int i = 0; i < hashes.length; i++) {
            hashes[i] = in.i32();
        }
        return hashes;
    }

    private static List<LogPoint> points(Reader in) {
        int count = in.count(17);
        List<LogPoint> points = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            points.add(point(in));
        }
        return points;
    }

    private static List<Frame.Parted> parted(Reader in) {
        int count = in.count(29);
        List<Frame.Parted> parted = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            parted.add(new Frame.Parted(point(in), in.member()));
        }
        return parted;
    }

    private static void merge(Writer out, Frame.Merge merge) {
        point(out.ring(merge.ring()), merge.of());
        out.i32(merge.number()).bool(merge.isLast()).i64(merge.timeMillis());
        out.i64(merge.commands()).i64(merge.hash()).bytes(merge.chunk());
    }

    private static Frame.Merge merge(Reader in) {
        return new Frame.Merge(in.ring(), point(in), in.i32(), in.bool(), in.i64(), in.i64(), in.i64(), in.bytes());
    }

    static LogPoint point(Reader in) {
        long index = in.i64();
        long hash = in.i64();
        return new LogPoint(index, hash, in.bool() ? Optional.of(in.position()) : Optional.empty());
    }
}
