/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class TotemConfigTest {

    static Stream<Setting<?>> settings() {
        return Settings.all().stream();
    }

    @ParameterizedTest
    @MethodSource("settings")
    void everySettingIsKnownByItsNameAndSaysWhatItMeans(Setting<?> setting) {
        assertThat(Settings.named(setting.name()).orElseThrow()).isSameAs(setting);
        assertThat(setting.name()).matches("[a-z]+(-[a-z]+)*");
        assertThat(setting.meaning()).endsWith(".").doesNotContain("|", "\n");
        assertThat(setting.defaultText()).isNotEmpty();
    }

    @ParameterizedTest
    @MethodSource("settings")
    void aDefaultMayBeSetAndReadsAsItIsWritten(Setting<?> setting) {
        keepsItsDefault(setting);
    }

    private static <T extends Comparable<? super T>> void keepsItsDefault(Setting<T> setting) {
        T value = TotemConfig.defaults().get(setting);
        TotemConfig set = TotemConfig.builder().set(setting, value).build();

        assertThat(setting.format(setting.parse(setting.format(value)))).isEqualTo(setting.format(value));
        assertThat(set.get(setting)).isEqualTo(value);
        assertThat(set.isSet(setting)).isTrue();
        assertThat(TotemConfig.defaults().isSet(setting)).isFalse();
        assertThat(set).isNotEqualTo(TotemConfig.defaults());
    }

    @ParameterizedTest
    @MethodSource("settings")
    void whatIsBeyondTheRangeIsRefused(Setting<?> setting) {
        for (String value : beyond(setting)) {
            assertThatExceptionOfType(ConfigurationException.class)
                    .isThrownBy(() -> TotemConfig.builder().set(setting.name(), value))
                    .withMessageStartingWith(setting.name() + "=")
                    .withMessageContaining(": must be from ");
        }
    }

    private static List<String> beyond(Setting<?> setting) {
        if (setting.most() instanceof Duration most) {
            return List.of(most.plusSeconds(1).toSeconds() + "s");
        }
        if (setting.most() instanceof Integer most && setting.least() instanceof Integer least) {
            Stream<Long> values = Stream.of(most + 1L, least - 1L);
            return values.filter(value -> value >= 0 && value <= 999_999_999)
                    .map(String::valueOf)
                    .toList();
        }
        return List.of();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "netmtu=65536             | netmtu=65536: must be from 0 to 65535",
                "netmtu=575               | netmtu=575: must be 0 or at least 576",
                "token=10ms               | token=10ms: must be from 30ms to 2d",
                "token=3d                 | token=3d: must be from 30ms to 2d",
                "token-retransmit=1s      | token-retransmit=1s: must be less than token (1s)",
                "hold=400ms               | hold=400ms: must be less than token-retransmit (238095us)",
                "send-join=2s             | send-join=2s: must be less than consensus (1200ms)",
                "join=2s                  | join=2s: must be at most consensus (1200ms)",
                "max-messages=2000        | max-messages=2000: must be at most window-size (1024)",
                "accelerated-window=385   | accelerated-window=385: must be at most max-messages (384)",
                "miss-count-const=1       | miss-count-const=1: needs accelerated-window=0 (it is 128), or 2 and more",
                "store-frames=16385       | store-frames=16385: must be a power of two",
                "store-frames=2048        | store-frames=2048: must be at least 4 x window-size (it is 1024)",
                "cluster-name=            | cluster-name=: a cluster name has 1 to 64 characters",
                "memory=16M subscriber-bytes=9M | subscriber-bytes=9M: must be at most half of memory (16M), which is what"
                        + " waits for all subscribers: lower it or raise memory",
                "tokn=1s                  | tokn=1s: there is no such setting; known are cluster-name, quorum, token,",
                "token=soon               | token=soon: a time is a number with its unit, for example 250ms or 1s",
                "memory=much              | memory=much: not a number; for example 1024, 64k or 16M",
                "memory=9999M             | memory=9999M: too large, at most 2147483647",
            })
    void aRefusalNamesTheSettingTheValueAndTheRemedy(String given, String message) {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> build(given))
                .withMessageStartingWith(message);
    }

    @Test
    void whatIsNotSetFollowsWhatIs() {
        TotemConfig quick = build("token=100ms window-size=64");

        assertThat(quick.get(Settings.CONSENSUS)).isEqualTo(Duration.ofMillis(120));
        assertThat(quick.get(Settings.MERGE)).isEqualTo(Duration.ofMillis(25));
        assertThat(quick.get(Settings.JOIN)).isEqualTo(Duration.ofNanos(12_500_000));
        assertThat(quick.get(Settings.MAX_MESSAGES)).isEqualTo(64);
        assertThat(quick.get(Settings.ACCELERATED_WINDOW)).isEqualTo(64);
        assertThat(build("window-size=65536").get(Settings.STORE_FRAMES)).isEqualTo(1 << 18);
        assertThat(build("memory=4M").get(Settings.SUBSCRIBER_BYTES)).isEqualTo(2 << 20);
        assertThat(quick.toBuilder().set(Settings.MAX_MESSAGES, 10).build().get(Settings.ACCELERATED_WINDOW))
                .isEqualTo(10);
    }

    @Test
    void theDefaultMemoryIsHalfOfASmallHeap() {
        assertThat(TotemConfig.defaults().get(Settings.MEMORY))
                .isEqualTo((int) Math.min(128 << 20, Runtime.getRuntime().maxMemory() / 2));
    }

    @Test
    void saysWhatWasSetAsOnTheCommandLine() {
        TotemConfig config = build("memory=64M token=250ms send-bytes-in-flight=3000 cluster-name=lab merge=2h");

        assertThat(config)
                .hasToString(
                        "TotemConfig[cluster-name=lab, token=250ms, merge=7200s, memory=64M, send-bytes-in-flight=3000]")
                .isEqualTo(build("cluster-name=lab merge=120m send-bytes-in-flight=3000 token=250 memory=65536k"))
                .hasSameHashCodeAs(
                        build("cluster-name=lab merge=120m send-bytes-in-flight=3000 token=250 memory=65536k"));
    }

    @Test
    void aSettingReadsItsValuesOnly() {
        assertThatIllegalArgumentException().isThrownBy(() -> Settings.TOKEN.parse("-1s"));
        assertThat(Settings.TOKEN.parse("1d")).isEqualTo(Duration.ofDays(1));
        assertThat(Settings.MEMORY.parse("64k")).isEqualTo(65_536);
    }

    /** From {@code NAME=VALUE}, separated by blanks. */
    private static TotemConfig build(String given) {
        TotemConfig.Builder builder = TotemConfig.builder();
        for (String one : given.strip().split(" +", -1)) {
            String[] parts = one.split("=", 2);
            builder.set(parts[0], parts[1]);
        }
        return builder.build();
    }
}
