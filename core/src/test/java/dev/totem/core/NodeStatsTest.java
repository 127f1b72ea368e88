/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.totem.core.spi.OpenFailure;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class NodeStatsTest {

    private static final Statistic OWN = Statistic.counter("link-shots", "shots", "shots in the dark");

    /** Each statistic has a value of its own, so that a wrong one shows. */
    private static NodeStats everything() {
        Map<Statistic, Long> values = new HashMap<>();
        for (Statistic statistic : Statistics.all()) {
            values.put(statistic, 1_000L + values.size());
        }
        return NodeStats.of(values);
    }

    @Test
    void aSubjectHasTheStatisticsOfItsName() {
        NodeStats stats = everything();

        assertThat(stats.ring().tokens()).isEqualTo(stats.get(Statistics.TOKENS));
        assertThat(stats.ring().rotation()).isEqualTo(Duration.ofNanos(stats.get(Statistics.ROTATION_NANOS)));
        assertThat(stats.ring().isPrimary()).isTrue();
        assertThat(stats.messages().dropped())
                .containsEntry("other-ring", stats.get(Statistics.DROPPED_OTHER_RING))
                .hasSize(17);
        assertThat(stats.seal().refused())
                .containsEntry("replayed", stats.get(Statistics.REFUSED_REPLAYED))
                .hasSameSizeAs(OpenFailure.values());
    }

    @Test
    void everyStatisticIsInOneSubjectAndInNoOther() throws ReflectiveOperationException {
        NodeStats stats = everything();
        TreeSet<Long> told = new TreeSet<>();
        int numbers = 0;
        for (Record subject :
                List.of(stats.ring(), stats.messages(), stats.memory(), stats.groups(), stats.seal(), stats.link())) {
            for (var method : subject.getClass().getDeclaredMethods()) {
                if (!Modifier.isPublic(method.getModifiers()) || method.getParameterCount() > 0) {
                    continue;
                }
                Object value = method.invoke(subject);
                if (value instanceof Long number) {
                    told.add(number);
                    numbers++;
                } else if (value instanceof Duration time) {
                    told.add(time.toNanos());
                    numbers++;
                } else if (value instanceof Map<?, ?> reasons) {
                    reasons.values().forEach(number -> told.add((Long) number));
                    numbers += reasons.size();
                }
            }
            assertThat(subject.getClass().getRecordComponents())
                    .extracting(RecordComponent::getName)
                    .containsExactly("all");
        }

        // Two are truth values.
        assertThat(told).hasSize(Statistics.all().size() - 2);
        assertThat(numbers).isEqualTo(told.size());
    }

    @Test
    void namesLeadToTheSameAndBack() {
        NodeStats stats = everything();

        assertThat(NodeStats.named(stats.byName())).isEqualTo(stats);
        assertThat(stats.byName()).hasSize(Statistics.all().size());
    }

    @Test
    void whatIsNotThereIsZeroAndCanBeTold() {
        NodeStats stats = NodeStats.of(Map.of(OWN, 3L));

        assertThat(stats.get(Statistics.TOKENS)).isZero();
        assertThat(stats.has(Statistics.TOKENS)).isFalse();
        assertThat(stats.has(OWN)).isTrue();
        assertThat(stats.byName()).isEqualTo(Map.of("link-shots", 3L));
    }

    @Test
    void namesOfALaterVersionAreKept() {
        NodeStats stats = NodeStats.named(Map.of("tokens", 7L, "something-new", 8L));

        assertThat(stats.ring().tokens()).isEqualTo(7);
        assertThat(stats.byName()).containsEntry("something-new", 8L);
    }

    @Test
    void aNameIsInKebabCase() {
        Stream.of("", "Link", "link.reads", "link--reads", "-link", "link-", "1", "a".repeat(65))
                .forEach(name -> assertThatThrownBy(() -> Statistic.counter(name, "", "x"))
                        .isInstanceOf(ConfigurationException.class)
                        .hasMessageContaining("lower-case"));
    }
}
