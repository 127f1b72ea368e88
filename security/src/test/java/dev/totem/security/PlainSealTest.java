/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.spi.DatagramSeal;
import dev.totem.core.spi.PlainSeal;
import org.junit.jupiter.api.Test;

class PlainSealTest extends SealContract {

    @Override
    DatagramSeal seal() {
        return PlainSeal.create();
    }

    @Test
    void saysItsName() {
        assertThat(seal().suite()).isEqualTo("none");
    }
}
