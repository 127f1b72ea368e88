/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.spring.boot;

import dev.totem.core.NodeHealth;
import dev.totem.core.NodeId;
import dev.totem.core.Settings;
import dev.totem.spring.boot.internal.ContextNode;
import dev.totem.spring.boot.internal.LeaderOnlyMethods;
import dev.totem.spring.boot.internal.Listeners;
import dev.totem.spring.boot.internal.NodeCondition;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;

/** What the application's node is and does, for {@code /actuator/totem}. Any thread; never blocks. */
@Endpoint(id = "totem")
public final class TotemEndpoint {

    private final ContextNode node;
    private final Listeners listeners;
    private final LeaderOnlyMethods methods;
    private final Predicate<String> isLeading;

    /** @param isLeading asked for each election at each call */
    TotemEndpoint(ContextNode node, Listeners listeners, LeaderOnlyMethods methods, Predicate<String> isLeading) {
        this.node = node;
        this.listeners = listeners;
        this.methods = methods;
        this.isLeading = isLeading;
    }

    /** All there is. */
    @ReadOperation
    public Description describe() {
        NodeCondition condition = NodeCondition.of(node);
        return new Description(
                node.settings().get(Settings.CLUSTER_NAME),
                condition.state().name().toLowerCase(Locale.ROOT),
                condition.reasons(),
                condition.membership().map(now -> now.local().value()).orElse(null),
                condition.membership().map(now -> now.ring().toString()).orElse(null),
                condition
                        .membership()
                        .map(now -> now.members().stream().map(NodeId::value).toList())
                        .orElse(List.of()),
                condition.membership().map(now -> now.isPrimary()).orElse(false),
                node.settings().quorum().toString(),
                listeners.describe(),
                leading(),
                node.now().map(running -> running.stats().byName()).orElseGet(TreeMap::new));
    }

    private SortedMap<String, Boolean> leading() {
        SortedMap<String, Boolean> leading = new TreeMap<>();
        methods.elections().forEach(election -> leading.put(election, isLeading.test(election)));
        return leading;
    }

    /**
     * What the endpoint tells.
     *
     * @param cluster its name
     * @param state {@code ready}, {@code waiting} or {@code over}
     * @param reasons of the state, what weighs most first
     * @param node its id, while it runs
     * @param ring of the configuration installed last, while it runs
     * @param members of that configuration, ascending
     * @param primary whether they may decide
     * @param quorum by which they do
     * @param listeners the groups of each
     * @param leading for each election that a {@link LeaderOnly} method names, whether this instance leads
     * @param statistics counters and gauges by name
     */
    public record Description(
            String cluster,
            String state,
            List<NodeHealth.Reason> reasons,
            @Nullable Integer node,
            @Nullable String ring,
            List<Integer> members,
            boolean primary,
            String quorum,
            SortedMap<String, List<String>> listeners,
            Map<String, Boolean> leading,
            SortedMap<String, Long> statistics) {}
}
