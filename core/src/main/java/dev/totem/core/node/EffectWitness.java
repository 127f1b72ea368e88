/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.node;

import dev.totem.core.protocol.Effect;

/** Sees what a node does, just before it is done, in order: how a simulator knows it. Node loop only; must not call back. */
@FunctionalInterface
public interface EffectWitness {

    void carriesOut(Effect effect);

    /** Sees nothing. */
    static EffectWitness none() {
        return effect -> {};
    }
}
