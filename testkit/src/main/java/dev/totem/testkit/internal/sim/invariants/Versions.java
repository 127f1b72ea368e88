/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.internal.sim.invariants;

import dev.totem.core.internal.message.Join;
import dev.totem.core.internal.message.Origin;
import dev.totem.core.internal.protocol.Effect;
import dev.totem.core.internal.protocol.RingView.OrderView;
import dev.totem.core.internal.settings.WireVersions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * W12: what the lives of all nodes say that they understand, and what the rings speak that they install. One thread.
 *
 * <p>As any member says the one number that follows from the members, all say the same.
 */
final class Versions {

    private final Map<Origin, WireVersions> understood = new HashMap<>();

    void stepped(Step step, Breaches breaches) {
        List<Effect> effects = step.effects();
        for (Effect effect : effects) {
            if (effect instanceof Effect.Multicast multicast && multicast.message() instanceof Join join) {
                understood.put(join.origin(), join.profile().versions());
            }
        }
        for (int i = 0; i < effects.size(); i++) {
            if (effects.get(i) instanceof Effect.Agreed agreed) {
                int version = agreed.agreement().version();
                if (i == 0
                        || !(effects.get(i - 1) instanceof Effect.Install install
                                && install.change().isRegular())) {
                    breaches.add(RingRule.W12, step, "version " + version + " holds apart from a configuration");
                }
                check(version, step, breaches);
            } else if (effects.get(i) instanceof Effect.Install install
                    && install.change().isRegular()
                    && install.change().members().size() > 1
                    && !(i + 1 < effects.size() && effects.get(i + 1) instanceof Effect.Agreed)) {
                breaches.add(RingRule.W12, step, "no version is said with " + install.change());
            }
        }
    }

    private void check(int version, Step step, Breaches breaches) {
        List<Origin> members = step.after().order().map(OrderView::members).orElse(List.of());
        OptionalInt highest = members.stream()
                .map(understood::get)
                .filter(Objects::nonNull)
                .mapToInt(WireVersions::highest)
                .min();
        if (highest.isPresent() && highest.getAsInt() != version) {
            breaches.add(
                    RingRule.W12,
                    step,
                    "version " + version + " on the ring of " + members + ", and " + highest.getAsInt()
                            + " is the highest that all understand");
        }
    }
}
