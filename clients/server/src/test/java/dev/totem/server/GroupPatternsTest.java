/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.totem.core.ConfigurationException;
import dev.totem.core.GroupName;
import dev.totem.core.MemberId;
import dev.totem.core.NodeId;
import dev.totem.server.ClientIdentity.Kind;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GroupPatternsTest {

    private static final ClientIdentity ORDERS = new ClientIdentity(Kind.CERTIFICATE, "CN=orders, O=shop");
    private static final ClientIdentity BILLING = new ClientIdentity(Kind.TOKEN, "billing");

    @Test
    void whatNoLineAllowsIsDenied() {
        GroupPatterns patterns = GroupPatterns.of(List.of(
                "# who may what",
                "",
                "certificate:CN=orders,%20O=shop all orders.*",
                "token:billing send,read orders.paid",
                "* read public"));

        assertThat(patterns.mayJoin(ORDERS, GroupName.of("orders.new"))).isTrue();
        assertThat(patterns.maySend(ORDERS, GroupName.of("orders."))).isTrue();
        assertThat(patterns.maySend(ORDERS, GroupName.of("orders"))).isFalse();
        assertThat(patterns.maySend(BILLING, GroupName.of("orders.paid"))).isTrue();
        assertThat(patterns.mayJoin(BILLING, GroupName.of("orders.paid"))).isFalse();
        assertThat(patterns.mayRead(BILLING, GroupName.of("public"))).isTrue();
        assertThat(patterns.mayJoin(BILLING, GroupName.of("public"))).isFalse();
        assertThat(GroupPatterns.of(List.of()).maySend(ORDERS, GroupName.of("orders.new")))
                .isFalse();
    }

    @Test
    void whoMaySendToAllGroupsMaySendToMembers() {
        MemberId member = new MemberId(NodeId.of(1), 1, 1);
        GroupPatterns patterns = GroupPatterns.of(
                List.of("token:billing send *", "certificate:CN=orders,%20O=shop send orders.*", "* read *"));

        assertThat(patterns.mayAddress(BILLING, member)).isTrue();
        assertThat(patterns.mayAddress(ORDERS, member)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "a*c, abc, true",
        "a*c, ac, true",
        "a*c, abcd, false",
        "*, x, true",
        "a*b*c, aXbYbZc, true",
        "*a*a*a*a*a*b, aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, false",
        "abc, abc, true",
        "abc, ab, false",
        "ab, abc, false"
    })
    void starsStandForAnything(String pattern, String name, boolean fits) {
        GroupPatterns patterns = GroupPatterns.of(List.of("* send " + pattern));
        assertThat(patterns.maySend(BILLING, GroupName.of(name))).isEqualTo(fits);
    }

    @Test
    void aLineThatSaysNothingIsNamed() {
        assertThatThrownBy(() -> GroupPatterns.of(List.of("# fine", "token:a send")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("line 2")
                .hasMessageContaining("WHO WHAT PATTERN");
        assertThatThrownBy(() -> GroupPatterns.of(List.of("token:a write g"))).hasMessageContaining("join, send, read");
        assertThatThrownBy(() -> GroupPatterns.of(List.of("nobody send g"))).hasMessageContaining("user:ID");
        assertThatThrownBy(() -> GroupPatterns.read(Path.of("/nowhere"))).hasMessageContaining("cannot be read");
    }
}
