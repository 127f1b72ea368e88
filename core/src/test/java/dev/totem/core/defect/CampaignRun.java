/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.defect;

import dev.totem.core.sim.RandomSchedule;
import java.util.List;
import java.util.function.BiFunction;

/**
 * One run of a campaign: from its kind and seed to what it violated, first a short name and then the details; empty if
 * nothing. Made by the class loader that holds the code under test, and called from outside of it.
 */
public final class CampaignRun implements BiFunction<String, Long, List<String>> {

    @Override
    public List<String> apply(String kind, Long seed) {
        return switch (kind) {
            case "random" -> outcome(RandomSchedule.of(seed).run());
            case "calm" -> CalmLife.run(seed);
            default -> throw new IllegalArgumentException("no campaign " + kind);
        };
    }

    private static List<String> outcome(RandomSchedule.Outcome outcome) {
        return outcome.passed() ? List.of() : List.of(outcome.kind(), outcome.text());
    }
}
