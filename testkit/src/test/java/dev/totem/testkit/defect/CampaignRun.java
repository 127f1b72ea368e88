/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.testkit.defect;

import java.util.Map;
import java.util.function.BiFunction;

/**
 * Runs a seed of a campaign, given by its name. Made by the class loader that holds the code under test and called from
 * outside of it, so that it shares no types but those of the JDK.
 */
public final class CampaignRun implements BiFunction<String, Long, Map<String, String>> {

    @Override
    public Map<String, String> apply(String campaign, Long seed) {
        return Campaign.valueOf(campaign).run(seed);
    }
}
