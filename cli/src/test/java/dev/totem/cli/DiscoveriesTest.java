/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.totem.core.ConfigurationException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DiscoveriesTest {

    @ParameterizedTest
    @CsvSource({
        "dns:ring.default.svc, dns:ring.default.svc:5405",
        "dns:ring:6000, dns:ring:6000",
        "dns:_totem._udp.ring, dns:_totem._udp.ring",
        "file:/etc/totem/peers, file:/etc/totem/peers",
        "static:a:1, static:a:1",
        "'static:a:1,[::1]:2', 'static:a:1,[::1]:2'",
        "mcast:239.192.0.1:5406, mcast:239.192.0.1:5406",
    })
    void readsWhereToLook(String where, String means) {
        assertThat(Discoveries.parse(where, 5_405)).hasToString(means);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "dns",
                "dns:",
                "consul:x",
                "static:",
                "static:a",
                "static:a:1,",
                "mcast:239.192.0.1",
                "dns:a:x"
            })
    void refusesTheRestNamingTheSetting(String where) {
        assertThatThrownBy(() -> Discoveries.parse(where, 5_405))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("discover=");
    }
}
