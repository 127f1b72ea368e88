/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.core.internal.membership;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.NodeId;
import dev.totem.core.Settings;
import dev.totem.core.internal.message.Join;
import dev.totem.core.internal.message.Origin;
import dev.totem.core.internal.message.Profile;
import dev.totem.core.internal.settings.NodeSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PeerProfilesTest {

    private static final NodeSettings OURS = NodeSettings.defaults();
    private static final NodeId SELF = NodeId.of(1);

    private final PeerProfiles profiles = new PeerProfiles(SELF, OURS);

    @Test
    void findsNoDifferenceInTheSameSettings() {
        assertThat(profiles.heard(join(2, 1, OURS))).isEmpty();
        assertThat(profiles.agree(ring(origin(1, 1), origin(2, 1)), 1))
                .isEqualTo(new RingAgreement(1 << 20, SELF, 0, 1));
    }

    @Test
    void namesEachSettingThatDiffers() {
        NodeSettings theirs = OURS.with(Settings.TOKEN, Duration.ofSeconds(2))
                .with(Settings.WINDOW_SIZE, 512)
                .with(Settings.MAX_MESSAGE_SIZE, 4 << 20);

        List<SettingDifference> found = profiles.heard(join(2, 1, theirs));

        assertThat(found)
                .extracting(difference -> difference.setting().settingName() + " "
                        + difference.setting().text(difference.ours()) + " "
                        + difference.setting().text(difference.theirs()))
                .containsExactly(
                        "max-message-size 1048576 4194304",
                        "token 1000ms 2000ms",
                        "consensus 1200ms 2400ms",
                        "window-size 1024 512");
        assertThat(found).extracting(SettingDifference::node).containsOnly(NodeId.of(2));
    }

    @Test
    void aRingTakesWhatItsLeastMemberTakes() {
        profiles.heard(join(2, 1, OURS.with(Settings.MAX_MESSAGE_SIZE, 4 << 20)));
        profiles.heard(join(3, 1, OURS.with(Settings.MAX_MESSAGE_SIZE, 1 << 19)));

        assertThat(profiles.agree(ring(origin(1, 1), origin(2, 1), origin(3, 1)), 1))
                .isEqualTo(new RingAgreement(1 << 19, NodeId.of(3), 2, 1));
        assertThat(profiles.agree(ring(origin(1, 1), origin(2, 1)), 1))
                .isEqualTo(new RingAgreement(1 << 20, SELF, 1, 1));
    }

    @Test
    void doesNotTakeAnotherLifesWordForAMembers() {
        profiles.heard(join(2, 2, OURS.with(Settings.MAX_MESSAGE_SIZE, 1 << 19)));
        profiles.heard(join(2, 1, OURS.with(Settings.MAX_MESSAGE_SIZE, 1 << 18)));

        assertThat(profiles.agree(ring(origin(1, 1), origin(2, 2)), 1))
                .isEqualTo(new RingAgreement(1 << 19, NodeId.of(2), 1, 1));
        assertThat(profiles.agree(ring(origin(1, 1), origin(2, 3)), 1))
                .isEqualTo(new RingAgreement(1 << 20, SELF, 0, 1));
    }

    @Test
    void skipsSettingsThatItDoesNotKnowAndThoseThatAreNotTold() {
        List<Profile.Setting> later =
                new ArrayList<>(SharedSetting.profile(OURS).settings());
        later.remove(0);
        later.add(new Profile.Setting(200, 7));

        assertThat(profiles.heard(join(2, 1, later))).isEmpty();
        assertThat(profiles.heard(join(3, 1, List.of()))).isEmpty();
        assertThat(profiles.agree(ring(origin(1, 1), origin(2, 1), origin(3, 1)), 1))
                .isEqualTo(new RingAgreement(1 << 20, SELF, 0, 1));
    }

    private static Join join(int node, long life, NodeSettings config) {
        return join(node, life, SharedSetting.profile(config).settings());
    }

    private static Join join(int node, long life, List<Profile.Setting> settings) {
        Profile profile = new Profile(Profile.UNTOLD.versions(), settings);
        return new Join(origin(node, life), List.of(NodeId.of(node)), List.of(), 4, 0, List.of(), profile);
    }

    private static RingMembers ring(Origin... members) {
        return new RingMembers(List.of(members));
    }

    private static Origin origin(int node, long life) {
        return new Origin(NodeId.of(node), life);
    }
}
