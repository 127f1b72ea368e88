/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NodeIdTest {

    @Test
    void aReplicaIsOneMoreThanItsNumber() {
        assertThat(NodeId.fromHostname("ring-0")).isEqualTo(NodeId.of(1));
        assertThat(NodeId.fromHostname("my-ring-41.ring.default.svc")).isEqualTo(NodeId.of(42));
        assertThat(NodeId.fromHostname("r-2147483646")).isEqualTo(NodeId.of(Integer.MAX_VALUE));
    }

    @Test
    void refusesANameWithoutANumberNamingIt() {
        for (String name : new String[] {"ring", "ring-x", "ring-1x", "7", "ring-2147483647", "ring-9999999999", ""}) {
            assertThatThrownBy(() -> NodeId.fromHostname(name))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("id=" + name + ": the host's name has no number at its end");
        }
    }

    @Test
    void anAddressHasOneIdAndOthersHaveOthers() {
        Set<NodeId> ids = new HashSet<>();
        for (int i = 0; i < 250; i++) {
            InetSocketAddress address = new InetSocketAddress("10.1.2." + i, 5_405);
            assertThat(NodeId.fromAddress(address)).isEqualTo(NodeId.fromAddress(address));
            ids.add(NodeId.fromAddress(address));
            ids.add(NodeId.fromAddress(new InetSocketAddress("2001:db8::" + i, 5_405)));
            ids.add(NodeId.fromAddress(new InetSocketAddress("10.1.2." + i, 5_406)));
        }
        assertThat(ids).hasSize(750);
    }
}
