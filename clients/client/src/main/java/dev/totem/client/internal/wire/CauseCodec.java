/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.client.internal.wire;

import dev.totem.core.ChangeCause;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The bytes of what led to a configuration. Each cause has its length before it, so that a reader leaves out what it does not know. */
final class CauseCodec {

    private static final int TOKEN_LOST = 0;
    private static final int MEMBER_SILENT = 1;
    private static final int MEMBER_LEFT = 2;
    private static final int FAILED_TO_RECEIVE = 3;
    private static final int FOREIGN_RING = 4;
    private static final int NEW_LIFE = 5;
    private static final int PAUSED = 6;
    private static final int COMMIT_LOST = 7;
    private static final int SETTINGS_DIFFER = 8;
    private static final int KEY_UNKNOWN = 9;
    private static final int TWIN = 10;

    /** Its length, its kind, and who noticed it. */
    private static final int BYTES_LEAST = 9;

    private CauseCodec() {}

    static void write(Output out, List<ChangeCause> causes) {
        out.int32(causes.size());
        for (ChangeCause cause : causes) {
            out.sized(() -> write(out, cause));
        }
    }

    private static void write(Output out, ChangeCause cause) {
        if (cause instanceof ChangeCause.TokenLost lost) {
            head(out, TOKEN_LOST, cause);
            out.int32(lost.lastHeard().value());
            out.int32(lost.copies());
            out.int64(lost.age().toNanos());
        } else if (cause instanceof ChangeCause.MemberSilent silent) {
            head(out, MEMBER_SILENT, cause);
            out.int32(silent.member().value());
            out.int64(silent.silence().toNanos());
            out.flag(silent.isHeard());
        } else if (cause instanceof ChangeCause.MemberLeft left) {
            head(out, MEMBER_LEFT, cause);
            out.int32(left.member().value());
        } else if (cause instanceof ChangeCause.FailedToReceive deaf) {
            head(out, FAILED_TO_RECEIVE, cause);
            out.int32(deaf.member().value());
        } else if (cause instanceof ChangeCause.ForeignRing foreign) {
            head(out, FOREIGN_RING, cause);
            out.int32(foreign.heard().value());
        } else if (cause instanceof ChangeCause.NewLife again) {
            head(out, NEW_LIFE, cause);
            out.int32(again.member().value());
        } else if (cause instanceof ChangeCause.Paused paused) {
            head(out, PAUSED, cause);
            out.int64(paused.length().toNanos());
        } else if (cause instanceof ChangeCause.CommitLost lost) {
            head(out, COMMIT_LOST, cause);
            out.ring(lost.ring());
        } else if (cause instanceof ChangeCause.SettingsDiffer differ) {
            head(out, SETTINGS_DIFFER, cause);
            out.int32(differ.other().value());
            out.text(differ.setting());
            out.text(differ.ours());
            out.text(differ.theirs());
        } else if (cause instanceof ChangeCause.KeyUnknown unknown) {
            head(out, KEY_UNKNOWN, cause);
            out.oneOf(Codes.WHYS, unknown.why());
        } else if (cause instanceof ChangeCause.Twin) {
            head(out, TWIN, cause);
        }
    }

    private static void head(Output out, int kind, ChangeCause cause) {
        out.u8(kind);
        out.int32(cause.seenBy().value());
    }

    static List<ChangeCause> read(Input in) {
        int count = in.checked(in.int32(), BYTES_LEAST);
        List<ChangeCause> causes = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            readOne(in.sized()).ifPresent(causes::add);
        }
        return causes;
    }

    private static Optional<ChangeCause> readOne(Input in) {
        int kind = in.u8();
        var at = in.node();
        return Optional.ofNullable(
                switch (kind) {
                    case TOKEN_LOST -> {
                        var last = in.node();
                        int copies = in.int32();
                        yield new ChangeCause.TokenLost(at, last, copies, nanos(in));
                    }
                    case MEMBER_SILENT -> {
                        var member = in.node();
                        Duration silence = nanos(in);
                        yield new ChangeCause.MemberSilent(at, member, silence, in.flag());
                    }
                    case MEMBER_LEFT -> new ChangeCause.MemberLeft(at, in.node());
                    case FAILED_TO_RECEIVE -> new ChangeCause.FailedToReceive(at, in.node());
                    case FOREIGN_RING -> new ChangeCause.ForeignRing(at, in.node());
                    case NEW_LIFE -> new ChangeCause.NewLife(at, in.node());
                    case PAUSED -> new ChangeCause.Paused(at, nanos(in));
                    case COMMIT_LOST -> new ChangeCause.CommitLost(at, in.ring());
                    case SETTINGS_DIFFER -> {
                        var other = in.node();
                        String setting = in.text();
                        String ours = in.text();
                        yield new ChangeCause.SettingsDiffer(at, other, setting, ours, in.text());
                    }
                    case KEY_UNKNOWN -> new ChangeCause.KeyUnknown(at, in.oneOf(Codes.WHYS));
                    case TWIN -> new ChangeCause.Twin(at);
                    default -> null;
                });
    }

    private static Duration nanos(Input in) {
        return Duration.ofNanos(in.int64());
    }
}
