/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.totem.core.ConfigurationException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NetworksTest {

    private static final HostPort GROUP = new HostPort("239.192.0.1", 5_405);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2=10.1.0.1:5405,1@10.1.0.1:5405,2@10.1.0.2:5405",
                "2=10.1.0.1:5405,10.1.0.2:5405,10.1.0.3:5405",
                "2=10.1.0.1:5405,dns:ring.example:5405",
                "2=[2001:db8::1]:5405,[2001:db8::2]:5405"
            })
    void takesPeersOrPlacesOneByOne(String text) {
        assertThat(Networks.parse(List.of(text), false, null)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2=10.1.0.1:5405", "2=eth1:0,239.192.0.2:5405"})
    void takesTheGroupOfTheFirstNetworkOrAnother(String text) {
        assertThat(Networks.parse(List.of(text), true, GROUP)).hasSize(1);
    }

    @Test
    void takesUpToThreeInAnyOrder() {
        assertThat(Networks.parse(List.of("4=eth3:1", "2=eth1:1", "3=eth2:1"), true, GROUP))
                .hasSize(3);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "eth1:5405                        | is not N=HOST:PORT",
                "1=eth1:5405                      | N from 2 to 4",
                "5=eth1:5405                      | N from 2 to 4",
                "2=eth1                           | is not HOST:PORT",
                "3=eth1:5405                      | network 2 is missing",
                "2=eth1:5405,239.1.1.1:1,239.1.1.2:1 | one group"
            })
    void saysWhatIsWrongWithGroups(String text, String why) {
        refuses(List.of(text), true, why);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "2=10.1.0.1:5405                              | say how the others are reached",
                "2=10.1.0.1:5405,1@10.1.0.1:5405,10.1.0.2:1   | is not ID@HOST:PORT",
                "2=10.1.0.1:5405,10.1.0.2                     | is not HOST:PORT"
            })
    void saysWhatIsWrongOneByOne(String text, String why) {
        refuses(List.of(text), false, why);
    }

    @Test
    void refusesANetworkThatIsSaidTwice() {
        refuses(List.of("2=eth1:1", "2=eth2:1"), true, "said twice");
    }

    private static void refuses(List<String> texts, boolean isMulticast, String why) {
        assertThatThrownBy(() -> Networks.parse(texts, isMulticast, GROUP))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith("link=")
                .hasMessageContaining(why);
    }
}
