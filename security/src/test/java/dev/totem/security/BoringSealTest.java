/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.security;

import dev.totem.core.spi.DatagramSeal;
import java.security.SecureRandom;

/** With frames outside the heap. */
class BoringSealTest extends SealContract {

    @Override
    DatagramSeal seal() {
        return Keys.seal(Keys.master(1), BoringGcmAead.over(CtrGcmAead::new), new SecureRandom(), AeadSeal.PART_FRAMES);
    }
}
