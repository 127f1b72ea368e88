/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.totem.core.ConfigurationException;
import dev.totem.core.Settings;
import dev.totem.core.TotemConfig;
import dev.totem.spring.boot.internal.SettingProperties;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.mock.env.MockEnvironment;

class SettingPropertiesTest {

    @Test
    void readsEachSettingByItsName() {
        MockEnvironment environment = new MockEnvironment();
        Settings.all().stream()
                .filter(setting -> setting.type() == Duration.class)
                .forEach(setting -> environment.setProperty("totem." + setting.name(), "40ms"));
        environment
                .withProperty("totem.window-size", "512")
                .withProperty("totem.MEMORY", "16M")
                .withProperty("totem.maxMessages", "${frames}")
                .withProperty("frames", "100")
                .withProperty("totem.quorum", "majority:3");
        environment.setProperty("totem.token", "300ms");
        environment.setProperty("totem.token-retransmit", "70ms");
        environment.setProperty("totem.consensus", "400ms");

        TotemConfig config = SettingProperties.read(environment);

        assertThat(config.get(Settings.TOKEN)).isEqualTo(Duration.ofMillis(300));
        assertThat(config.get(Settings.HOLD)).isEqualTo(Duration.ofMillis(40));
        assertThat(config.get(Settings.WINDOW_SIZE)).isEqualTo(512);
        assertThat(config.get(Settings.MEMORY)).isEqualTo(16 << 20);
        assertThat(config.get(Settings.MAX_MESSAGES)).isEqualTo(100);
        assertThat(config.quorum().nodes()).isEqualTo(3);
    }

    @Test
    void aClusterThatIsNotNamedHasTheApplicationsName() {
        MockEnvironment environment = new MockEnvironment().withProperty("spring.application.name", "shop");
        assertThat(SettingProperties.read(environment).get(Settings.CLUSTER_NAME))
                .isEqualTo("shop");

        environment.setProperty("totem.cluster-name", "market");
        assertThat(SettingProperties.read(environment).get(Settings.CLUSTER_NAME))
                .isEqualTo("market");
    }

    @Test
    void aValueThatCannotWorkNamesItsSetting() {
        assertThatThrownBy(() -> SettingProperties.read(new MockEnvironment().withProperty("totem.token", "soon")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("token")
                .hasMessageContaining("soon");
    }
}
