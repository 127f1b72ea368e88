/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.totem.core.ConfigurationException;
import dev.totem.core.Settings;
import dev.totem.core.TotemConfig;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProtocolSettingsTest {

    private static TotemConfig set(String... settings) {
        Map<String, String> given = new HashMap<>();
        Stream.of(settings).map(setting -> setting.split("=", 2)).forEach(parts -> given.put(parts[0], parts[1]));
        return new ProtocolSettings(given).config();
    }

    @Test
    void leavesTheDefaultsWhenNothingIsSet() {
        assertThat(set()).isEqualTo(TotemConfig.defaults());
    }

    @Test
    void derivesAllTimersFromTheToken() {
        assertThat(set("token=500ms"))
                .isEqualTo(TotemConfig.builder().token(Duration.ofMillis(500)).build());
    }

    @ParameterizedTest
    @CsvSource({"250ms, 250", "250, 250", "2s, 2000", "1m, 60000", "300000us, 300"})
    void readsTimesWithTheirUnits(String text, long millis) {
        assertThat(set("token=" + text).get(Settings.TOKEN)).isEqualTo(Duration.ofMillis(millis));
    }

    @Test
    void letsHoldFollowATokenRetransmitThatIsSet() {
        TotemConfig config = set("token-retransmit=100ms");

        assertThat(config.get(Settings.TOKEN_RETRANSMIT)).isEqualTo(Duration.ofMillis(100));
        assertThat(config.get(Settings.HOLD)).isEqualTo(Duration.ofMillis(80));
    }

    @Test
    void makesRoomForALargeWindow() {
        TotemConfig config = set("window-size=5000", "max-messages=2000");

        assertThat(config.get(Settings.MAX_MESSAGES)).isEqualTo(2000);
        assertThat(config.get(Settings.STORE_FRAMES)).isEqualTo(32_768);
    }

    @Test
    void lowersMaxMessagesToASmallWindow() {
        assertThat(set("window-size=10").get(Settings.MAX_MESSAGES)).isEqualTo(10);
    }

    @Test
    void setsWhateverHasAName() {
        TotemConfig config = set(
                "cluster-name=lab",
                "join=20ms",
                "send-join=10ms",
                "consensus=2s",
                "merge=100ms",
                "fail-recv-const=9",
                "seqno-unchanged-const=8",
                "miss-count-const=3",
                "accelerated-window=5",
                "netmtu=1500",
                "store-frames=32768",
                "memory=16M",
                "max-message-size=64k",
                "subscriber-events=64",
                "subscriber-bytes=1M",
                "sends-in-flight=7",
                "send-bytes-in-flight=2M",
                "stall-limit=1s",
                "close-limit=2s",
                "hold=50ms");

        assertThat(config.get(Settings.CLUSTER_NAME)).isEqualTo("lab");
        assertThat(config.get(Settings.JOIN)).isEqualTo(Duration.ofMillis(20));
        assertThat(config.get(Settings.SEND_JOIN)).isEqualTo(Duration.ofMillis(10));
        assertThat(config.get(Settings.CONSENSUS)).isEqualTo(Duration.ofSeconds(2));
        assertThat(config.get(Settings.MERGE)).isEqualTo(Duration.ofMillis(100));
        assertThat(config.get(Settings.HOLD)).isEqualTo(Duration.ofMillis(50));
        assertThat(config.get(Settings.FAIL_RECV_CONST)).isEqualTo(9);
        assertThat(config.get(Settings.SEQNO_UNCHANGED_CONST)).isEqualTo(8);
        assertThat(config.get(Settings.MISS_COUNT_CONST)).isEqualTo(3);
        assertThat(config.get(Settings.ACCELERATED_WINDOW)).isEqualTo(5);
        assertThat(config.get(Settings.NETMTU)).isEqualTo(1500);
        assertThat(config.get(Settings.STORE_FRAMES)).isEqualTo(32_768);
        assertThat(config.get(Settings.MEMORY)).isEqualTo(16 << 20);
        assertThat(config.get(Settings.MAX_MESSAGE_SIZE)).isEqualTo(65_536);
        assertThat(config.get(Settings.SUBSCRIBER_EVENTS)).isEqualTo(64);
        assertThat(config.get(Settings.SUBSCRIBER_BYTES)).isEqualTo(1 << 20);
        assertThat(config.get(Settings.SENDS_IN_FLIGHT)).isEqualTo(7);
        assertThat(config.get(Settings.SEND_BYTES_IN_FLIGHT)).isEqualTo(2 << 20);
        assertThat(config.get(Settings.STALL_LIMIT)).isEqualTo(Duration.ofSeconds(1));
        assertThat(config.get(Settings.CLOSE_LIMIT)).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void namesWhatIsKnownWhenANameIsNot() {
        assertThatThrownBy(() -> set("tokn=1s"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("tokn")
                .hasMessageContaining("token-retransmit");
    }

    @Test
    void refusesSettingsThatCannotWorkTogether() {
        assertThatThrownBy(() -> set("token=100ms", "token-retransmit=200ms"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("token-retransmit");
    }
}
