/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.group;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.GroupName;
import java.util.List;
import org.junit.jupiter.api.Test;

class GroupRouterTest {

    private static final GroupName A = GroupName.of("a");
    private static final GroupName B = GroupName.of("b");
    private static final GroupName C = GroupName.of("c");

    private final GroupRouter<String> router = new GroupRouter<>();

    @Test
    void showsAMessageToThoseThatJoinedItsGroup() {
        router.join("first", A);
        router.join("second", B);
        assertThat(router.targets(List.of(A))).containsExactly("first");
        assertThat(router.targets(List.of(C))).isEmpty();
    }

    @Test
    void showsAMessageToSeveralGroupsOnceToEachHandle() {
        router.join("first", A);
        router.join("first", B);
        router.join("second", B);
        assertThat(router.targets(List.of(A, B, C))).containsExactly("first", "second");
    }

    @Test
    void showsNothingMoreToAHandleThatLeft() {
        router.join("first", A);
        router.join("first", A);
        router.join("second", A);
        router.leave("first", A);
        router.leave("first", B);
        assertThat(router.targets(List.of(A))).containsExactly("second");
        router.leave("second", A);
        assertThat(router.targets(List.of(A))).isEmpty();
    }
}
