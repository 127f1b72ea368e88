/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.totem.core.ConfigurationException;
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
        return new ProtocolSettings(given).applyTo(TotemConfig.defaults());
    }

    @Test
    void leavesTheDefaultsWhenNothingIsSet() {
        assertThat(set()).isEqualTo(TotemConfig.defaults());
    }

    @Test
    void derivesAllTimersFromTheToken() {
        assertThat(set("token=500ms")).isEqualTo(TotemConfig.defaults().withToken(Duration.ofMillis(500)));
    }

    @ParameterizedTest
    @CsvSource({"250ms, 250", "250, 250", "2s, 2000", "1m, 60000", "300000us, 300"})
    void readsTimesWithTheirUnits(String text, long millis) {
        assertThat(set("token=" + text).timing().token()).isEqualTo(Duration.ofMillis(millis));
    }

    @Test
    void letsHoldFollowATokenRetransmitThatIsSet() {
        TotemConfig config = set("token-retransmit=100ms");

        assertThat(config.timing().tokenRetransmit()).isEqualTo(Duration.ofMillis(100));
        assertThat(config.timing().hold()).isEqualTo(Duration.ofMillis(80));
    }

    @Test
    void makesRoomForALargeWindow() {
        TotemConfig config = set("window-size=5000", "max-messages=2000");

        assertThat(config.flow().maxMessages()).isEqualTo(2000);
        assertThat(config.flow().storeFrames()).isEqualTo(32_768);
    }

    @Test
    void lowersMaxMessagesToASmallWindow() {
        assertThat(set("window-size=10").flow().maxMessages()).isEqualTo(10);
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

        assertThat(config.cluster()).isEqualTo("lab");
        assertThat(config.timing().join()).isEqualTo(Duration.ofMillis(20));
        assertThat(config.timing().sendJoin()).isEqualTo(Duration.ofMillis(10));
        assertThat(config.timing().consensus()).isEqualTo(Duration.ofSeconds(2));
        assertThat(config.timing().merge()).isEqualTo(Duration.ofMillis(100));
        assertThat(config.timing().hold()).isEqualTo(Duration.ofMillis(50));
        assertThat(config.timing().failRecvConst()).isEqualTo(9);
        assertThat(config.timing().seqnoUnchangedConst()).isEqualTo(8);
        assertThat(config.flow().missCountConst()).isEqualTo(3);
        assertThat(config.flow().acceleratedWindow()).isEqualTo(5);
        assertThat(config.flow().netmtu()).isEqualTo(1500);
        assertThat(config.flow().storeFrames()).isEqualTo(32_768);
        assertThat(config.buffers().memoryBytes()).isEqualTo(16 << 20);
        assertThat(config.buffers().messageBytesMax()).isEqualTo(65_536);
        assertThat(config.buffers().subscriberEvents()).isEqualTo(64);
        assertThat(config.buffers().subscriberBytes()).isEqualTo(1 << 20);
        assertThat(config.buffers().sendsInFlight()).isEqualTo(7);
        assertThat(config.buffers().sendBytesInFlight()).isEqualTo(2 << 20);
        assertThat(config.buffers().stallLimit()).isEqualTo(Duration.ofSeconds(1));
        assertThat(config.buffers().closeLimit()).isEqualTo(Duration.ofSeconds(2));
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
