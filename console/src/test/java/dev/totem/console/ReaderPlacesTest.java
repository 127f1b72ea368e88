/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.console;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ReaderPlacesTest {

    private final ReaderPlaces places = new ReaderPlaces(2);

    @Test
    void givesAsManyAsThereAre() {
        assertThat(places.take()).isPresent();
        assertThat(places.take()).isPresent();
        assertThat(places.take()).isEmpty();
        assertThat(places.taken()).isEqualTo(2);
    }

    @Test
    void aPlaceIsGivenBackOnceHoweverManyNotice() {
        ReaderPlaces.Place first = places.take().orElseThrow();
        assertThat(places.take()).isPresent();

        first.free();
        first.free();

        assertThat(places.taken()).isEqualTo(1);
        assertThat(places.take()).isPresent();
        assertThat(places.take()).isEmpty();
    }
}
