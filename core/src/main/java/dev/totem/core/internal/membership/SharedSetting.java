/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.membership;

import dev.totem.core.internal.message.Profile;
import dev.totem.core.internal.settings.NodeSettings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;

/**
 * The settings that the members of a ring should have in common, as each tells them in its Joins. Any thread.
 *
 * <p>None of them makes a ring unsafe where it differs: the order, the safe line and recovery do not depend on them. What a
 * difference costs is in {@code docs/OPERATION.md}. A code is never used for another setting.
 */
@SuppressWarnings("ImmutableEnumChecker") // the functions keep nothing
public enum SharedSetting {
    /** The ring refuses what is larger than the least of its members takes. */
    MAX_MESSAGE_SIZE(1, "max-message-size", config -> config.buffers().messageBytesMax()),
    /** Who waits for less breaks the ring of those who wait for more. */
    TOKEN(2, "token", config -> config.timing().token().toNanos()),
    /** Who waits for less gives up on those that answer within more. */
    CONSENSUS(3, "consensus", config -> config.timing().consensus().toNanos()),
    JOIN(4, "join", config -> config.timing().join().toNanos()),
    FAIL_RECV_CONST(5, "fail-recv-const", config -> config.timing().failRecvConst()),
    SEQNO_UNCHANGED_CONST(6, "seqno-unchanged-const", config -> config.timing().seqnoUnchangedConst()),
    /** As in use: made smaller for long frames and for small receive buffers. */
    WINDOW_SIZE(7, "window-size", config -> config.flow().windowSize()),
    MAX_MESSAGES(8, "max-messages", config -> config.flow().maxMessages()),
    ACCELERATED_WINDOW(9, "accelerated-window", config -> config.flow().acceleratedWindow()),
    MISS_COUNT_CONST(10, "miss-count-const", config -> config.flow().missCountConst()),
    /** Told by those only who chose it themselves. */
    NETMTU(11, "netmtu", config -> config.flow().netmtu());

    private static final List<SharedSetting> ALL = List.of(values());

    private final int code;
    private final String settingName;
    private final ToLongFunction<NodeSettings> value;

    SharedSetting(int code, String settingName, ToLongFunction<NodeSettings> value) {
        this.code = code;
        this.settingName = settingName;
        this.value = value;
    }

    public int code() {
        return code;
    }

    /** Which one it is; empty if it is not known here. */
    public static Optional<SharedSetting> ofCode(int code) {
        return ALL.stream().filter(setting -> setting.code == code).findFirst();
    }

    /** As users write it. */
    public String settingName() {
        return settingName;
    }

    /** A value as users write it. */
    public String text(long told) {
        return switch (this) {
            case TOKEN, CONSENSUS, JOIN -> text(Duration.ofNanos(told));
            default -> String.valueOf(told);
        };
    }

    private static String text(Duration duration) {
        return duration.toNanos() % 1_000_000 == 0 ? duration.toMillis() + "ms" : duration.toNanos() / 1000 + "us";
    }

    /** What a node with these settings tells of itself. */
    public static Profile profile(NodeSettings config) {
        List<Profile.Setting> told = ALL.stream()
                .map(setting -> new Profile.Setting(setting.code, setting.value.applyAsLong(config)))
                .filter(setting -> setting.code() != NETMTU.code || setting.value() > 0)
                .toList();
        return new Profile(config.versions(), told);
    }
}
