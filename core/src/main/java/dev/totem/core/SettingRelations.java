/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core;

import static dev.totem.core.Settings.ACCELERATED_WINDOW;
import static dev.totem.core.Settings.CLUSTER_NAME;
import static dev.totem.core.Settings.CONSENSUS;
import static dev.totem.core.Settings.HOLD;
import static dev.totem.core.Settings.JOIN;
import static dev.totem.core.Settings.MAX_MESSAGES;
import static dev.totem.core.Settings.MEMORY;
import static dev.totem.core.Settings.MISS_COUNT_CONST;
import static dev.totem.core.Settings.NETMTU;
import static dev.totem.core.Settings.QUORUM;
import static dev.totem.core.Settings.SEND_JOIN;
import static dev.totem.core.Settings.STORE_FRAMES;
import static dev.totem.core.Settings.SUBSCRIBER_BYTES;
import static dev.totem.core.Settings.TOKEN;
import static dev.totem.core.Settings.TOKEN_RETRANSMIT;
import static dev.totem.core.Settings.WINDOW_SIZE;

/** What must hold between the values of settings. */
final class SettingRelations {

    private static final int NETMTU_MIN = 576;
    private static final int CLUSTER_NAME_MAX = 64;

    private SettingRelations() {}

    /** @throws ConfigurationException at the first that does not hold */
    static void check(TotemConfig config) {
        new Check(config).all();
    }

    private record Check(TotemConfig config) {

        void all() {
            String cluster = config.get(CLUSTER_NAME);
            require(
                    !cluster.isEmpty() && cluster.length() <= CLUSTER_NAME_MAX,
                    CLUSTER_NAME,
                    "a cluster name has 1 to " + CLUSTER_NAME_MAX + " characters");
            Quorum.parse(config.get(QUORUM));
            less(TOKEN_RETRANSMIT, TOKEN);
            less(HOLD, TOKEN_RETRANSMIT);
            less(SEND_JOIN, CONSENSUS);
            atMost(JOIN, CONSENSUS);
            atMost(MAX_MESSAGES, WINDOW_SIZE);
            atMost(ACCELERATED_WINDOW, MAX_MESSAGES);
            // 7.2: what the token announces may follow it, so only what the one before announced can be missing.
            require(
                    config.get(MISS_COUNT_CONST) > 1 || config.get(ACCELERATED_WINDOW) == 0,
                    MISS_COUNT_CONST,
                    "needs accelerated-window=0 (it is " + config.get(ACCELERATED_WINDOW) + "), or 2 and more");
            int netmtu = config.get(NETMTU);
            require(netmtu == 0 || netmtu >= NETMTU_MIN, NETMTU, "must be 0 or at least " + NETMTU_MIN);
            int store = config.get(STORE_FRAMES);
            require(Integer.bitCount(store) == 1, STORE_FRAMES, "must be a power of two");
            require(
                    store >= 4 * config.get(WINDOW_SIZE),
                    STORE_FRAMES,
                    "must be at least 4 x window-size (it is " + config.get(WINDOW_SIZE) + ")");
            require(
                    config.get(SUBSCRIBER_BYTES) <= config.get(MEMORY) / 2,
                    SUBSCRIBER_BYTES,
                    "must be at most half of memory (" + text(MEMORY) + "), which is what waits for all subscribers:"
                            + " lower it or raise memory");
        }

        private <T extends Comparable<? super T>> void less(Setting<T> one, Setting<T> other) {
            require(
                    config.get(one).compareTo(config.get(other)) < 0,
                    one,
                    "must be less than " + other + " (" + text(other) + ")");
        }

        private <T extends Comparable<? super T>> void atMost(Setting<T> one, Setting<T> other) {
            require(
                    config.get(one).compareTo(config.get(other)) <= 0,
                    one,
                    "must be at most " + other + " (" + text(other) + ")");
        }

        private <T extends Comparable<? super T>> void require(boolean holds, Setting<T> setting, String remedy) {
            if (!holds) {
                throw new ConfigurationException(setting.name(), text(setting), remedy);
            }
        }

        private <T extends Comparable<? super T>> String text(Setting<T> setting) {
            return setting.format(config.get(setting));
        }
    }
}
