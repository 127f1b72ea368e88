/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.example;

import dev.totem.core.EvsEvent;
import dev.totem.core.TotemNode;

/** Wrong on purpose: tells nobody who comes from another part what was added here, unless something more is added. */
final class ForgetfulCounter extends SharedCounter {

    ForgetfulCounter(TotemNode node) {
        super(node);
    }

    @Override
    boolean isSomebodyNew(EvsEvent event) {
        return false;
    }
}
