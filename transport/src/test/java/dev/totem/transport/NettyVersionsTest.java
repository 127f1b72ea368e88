/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.totem.core.ConfigurationException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NettyVersionsTest {

    @Test
    void namesTheVersionThatIsThereAndTheOneThatIsNeeded() {
        assertThatThrownBy(() -> NettyVersions.check(Map.of("netty-transport", "4.1.128.Final")))
                .isInstanceOfSatisfying(ConfigurationException.class, refused -> {
                    assertThat(refused.setting()).isEqualTo("netty");
                    assertThat(refused.retryCanHelp()).isFalse();
                })
                .hasMessage(
                        "netty=4.1.128.Final: netty-transport is too old, 4.2.0.Final or later is needed: let your build"
                                + " manage all of Netty at one 4.2 version, for example by importing io.netty:netty-bom"
                                + " (Spring Boot: version 4, or the property netty.version)");
    }

    @Test
    void refusesOneOldJarAmongNewOnes() {
        Map<String, String> mixed =
                Map.of("netty-common", "4.2.18.Final", "netty-transport-classes-epoll", "4.1.100.Final");

        assertThatThrownBy(() -> NettyVersions.check(mixed))
                .hasMessageStartingWith("netty=4.1.100.Final: netty-transport-classes-epoll is too old");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"4.2.0.Final", "4.2.15.Final", "4.2.18.Final", "4.3.0.Alpha1", "4.10.0.Final", "5.0.0-SNAPSHOT"})
    void takesWhatIsNewEnough(String version) {
        assertThatCode(() -> NettyVersions.check(Map.of("netty-common", version)))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "unknown", "4", "4.2", "4.x.1"})
    void takesWhatDoesNotSayItsVersion(String version) {
        assertThatCode(() -> NettyVersions.check(Map.of("netty-common", version)))
                .doesNotThrowAnyException();
    }

    @Test
    void looksAtNothingThatIsNotUsed() {
        assertThatCode(() -> NettyVersions.check(Map.of("netty-codec-http", "4.1.1.Final")))
                .doesNotThrowAnyException();
    }

    @Test
    void findsTheNettyOfThisBuildNewEnough() {
        assertThatCode(NettyVersions::check).doesNotThrowAnyException();
    }
}
