/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.micrometer;

import dev.totem.core.Statistic;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How a statistic is called among meters: as {@link TotemMeter} says, or after its own name if only this node's link has it.
 *
 * @param unit empty if it has none
 * @param reason the tag that tells it from others of the same meter; empty if there are none
 */
record MeterName(String name, String unit, String description, Optional<String> reason) {

    static MeterName of(Statistic statistic) {
        return Stream.of(TotemMeter.values())
                .filter(meter -> meter.measures(statistic))
                .findFirst()
                .map(meter -> new MeterName(
                        meter.getName(),
                        meter.getBaseUnit(),
                        meter.description(),
                        meter.isByReason()
                                ? Optional.of(statistic
                                        .name()
                                        .substring(meter.statistic().length()))
                                : Optional.empty()))
                .orElseGet(() -> new MeterName(
                        "totem." + statistic.name().replace('-', '.'),
                        statistic.unit(),
                        TotemMeter.describe(statistic),
                        Optional.empty()));
    }
}
