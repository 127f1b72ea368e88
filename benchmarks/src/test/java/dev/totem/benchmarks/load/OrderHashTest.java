/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OrderHashTest {

    private static OrderHash of(long... senderAndCounter) {
        OrderHash hash = new OrderHash();
        for (int i = 0; i < senderAndCounter.length; i += 2) {
            hash.add((int) senderAndCounter[i], senderAndCounter[i + 1]);
        }
        return hash;
    }

    @Test
    void isEqualForTheSameOrder() {
        assertThat(of(1, 0, 2, 0, 1, 1).hex())
                .isEqualTo(of(1, 0, 2, 0, 1, 1).hex())
                .hasSize(16);
        assertThat(of(1, 0, 2, 0, 1, 1).total()).isEqualTo(3);
    }

    @Test
    void tellsOrdersAndSendersApart() {
        String hash = of(1, 0, 2, 0).hex();

        assertThat(of(2, 0, 1, 0).hex()).isNotEqualTo(hash);
        assertThat(of(1, 0, 2, 1).hex()).isNotEqualTo(hash);
        assertThat(of(1, 0, 3, 0).hex()).isNotEqualTo(hash);
        assertThat(of(1, 0).hex()).isNotEqualTo(hash);
        assertThat(of(0, 1).hex()).isNotEqualTo(of(1, 0).hex());
    }
}
