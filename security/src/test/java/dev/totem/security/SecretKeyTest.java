/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class SecretKeyTest {

    @Test
    void hasNoTextForm() {
        assertThat(Keys.key(1)).hasToString("[secret]");
        assertThat(Keys.master(1).toString()).isEqualTo("MasterKey[id=1, key=[secret]]");
    }

    @Test
    void overwritesItsBitsWhenErased() {
        byte[] bytes = Keys.key(1).copyBytes();
        SecretKey key = SecretKey.owning(bytes);
        SecretKey copy = key.copy();

        key.erase();

        assertThat(bytes).containsOnly(0);
        assertThatThrownBy(key::copyBytes).isInstanceOf(IllegalStateException.class);
        assertThat(copy.copyBytes()).isEqualTo(Keys.key(1).copyBytes());
    }

    @Test
    void refusesAnotherLength() {
        assertThatThrownBy(() -> SecretKey.owning(new byte[16])).isInstanceOf(IllegalArgumentException.class);
    }
}
