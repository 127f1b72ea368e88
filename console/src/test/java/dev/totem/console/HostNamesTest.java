/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostNamesTest {

    private final HostNames names = new HostNames(Set.of("ring-0.lab"));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "127.0.0.1:8017",
                "10.1.2.3:80",
                "[::1]",
                "[::1]:8017",
                "[fe80::1]:1",
                "localhost",
                "LocalHost:8017",
                "ring-0.lab",
                "Ring-0.LAB:80"
            })
    void allowsAddressesAndListedNames(String host) {
        assertThat(names.allow(host)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":8017",
                "evil.example",
                "evil.example:8017",
                "127.0.0.1.evil.example",
                "localhost.evil.example",
                "notring-0.lab",
                "ring-0.lab.",
                "127.0.0.1:80:80",
                "127.0.0.1:port",
                "[::1",
                "[::1]evil.example",
                "[evil.example]:80",
                "[]",
                "::1",
                "2130706433",
                "0x7f.1",
                "127.1",
                "user@127.0.0.1"
            })
    void refusesWhatAPageOfAStrangerCouldBeNamed(String host) {
        assertThat(names.allow(host)).isFalse();
    }
}
