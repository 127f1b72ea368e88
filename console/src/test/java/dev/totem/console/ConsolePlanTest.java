/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.totem.core.ConfigurationException;
import dev.totem.testkit.TestRing;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ConsolePlanTest {

    @Test
    void whatCannotWorkIsRefusedByNameWithTheRemedy() {
        try (TestRing ring = TestRing.of(1)) {
            TotemConsole.Builder builder = TotemConsole.on(ring.node(1));

            assertThatThrownBy(() -> builder.bind("", 1))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageStartingWith("http=");
            assertThatThrownBy(() -> builder.bind("127.0.0.1", 65_536))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessage("http=127.0.0.1:65536: a port is a number from 0 to 65535");
            assertThatThrownBy(() -> builder.bind("127.0.0.1", -1)).isInstanceOf(ConfigurationException.class);
            assertThatThrownBy(() -> builder.readers(0)).hasMessageStartingWith("readers=0: ");
            assertThatThrownBy(() -> builder.readers(257)).hasMessageStartingWith("readers=257: ");
            assertThatThrownBy(() -> builder.allowHost("a:1")).hasMessageStartingWith("http-host=a:1: ");
            assertThatThrownBy(() -> builder.allowHost("")).hasMessageStartingWith("http-host=: ");
            assertThatThrownBy(() -> builder.bind(null, 1)).hasMessage("host");
            assertThatThrownBy(() -> builder.allowHost(null)).hasMessage("name");
            assertThatThrownBy(() -> TotemConsole.on(null)).hasMessage("node");
        }
    }

    @Test
    void whereOthersReachItIsOnlyTakenIfThatWasAllowed() {
        try (TestRing ring = TestRing.of(1)) {
            ConsolePlan plan = ConsolePlan.of(Optional.of(ring.node(1))).withAt(new ConsolePlan.HostPort("0.0.0.0", 80));

            assertThatThrownBy(plan::address)
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageStartingWith("http=0.0.0.0:80: ")
                    .hasMessageContaining("--http-remote");
            assertThat(plan.withRemote().address().getPort()).isEqualTo(80);
            assertThat(plan.withAt(new ConsolePlan.HostPort("::1", 80))
                            .address()
                            .getPort())
                    .isEqualTo(80);
        }
    }

    @Test
    void isKnownByTheNameOfWhereItListensAndThoseListed() {
        try (TestRing ring = TestRing.of(1)) {
            HostNames names = ConsolePlan.of(Optional.of(ring.node(1)))
                    .withAt(new ConsolePlan.HostPort("Ring-0.lab", 80))
                    .withHost("Proxy.Lab")
                    .names();

            assertThat(names.allow("ring-0.lab:80")).isTrue();
            assertThat(names.allow("proxy.lab")).isTrue();
            assertThat(names.allow("other.lab")).isFalse();
        }
    }
}
