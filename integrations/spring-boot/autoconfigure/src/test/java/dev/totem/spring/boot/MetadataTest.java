/* SPDX-License-Identifier: Apache-2.0 */
package dev.totem.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.totem.core.Setting;
import dev.totem.core.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The metadata of the properties: those of {@link TotemProperties} are written by hand, those of {@link Settings} are made from
 * there; {@code -Dtotem.docs.write} makes them anew.
 */
class MetadataTest {

    private static final Path FILE = Path.of("src/main/resources/META-INF/spring-configuration-metadata.json");
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    @Test
    void everySettingIsAPropertyWithItsTextAndDefault() throws IOException {
        ObjectNode written = (ObjectNode) JSON.readTree(Files.readString(FILE));
        ObjectNode made = written.deepCopy();
        ArrayNode properties = made.putArray("properties");
        own(written).forEach(properties::add);
        Settings.all().forEach(setting -> properties.add(property(setting)));
        if (System.getProperty("totem.docs.write") != null) {
            Files.writeString(FILE, JSON.writeValueAsString(made) + "\n");
            return;
        }
        assertThat(written).as("run again with -Dtotem.docs.write").isEqualTo(made);
    }

    @Test
    void everyOtherPropertyIsDescribed() throws IOException {
        Set<String> described = own((ObjectNode) JSON.readTree(Files.readString(FILE)))
                .filter(property -> !property.path("description").asString().isEmpty())
                .map(property -> property.path("name").asString())
                .collect(Collectors.toSet());
        List<String> components = Stream.of(TotemProperties.class.getRecordComponents())
                .map(component -> "totem." + kebab(component.getName()))
                .toList();

        assertThat(described).containsExactlyInAnyOrderElementsOf(components);
        assertThat(described)
                .as("no setting has the name of one of them")
                .doesNotContainAnyElementsOf(Settings.all().stream()
                        .map(setting -> "totem." + setting.name())
                        .toList());
        components.forEach(ConfigurationPropertyName::of);
    }

    private static Stream<JsonNode> own(ObjectNode metadata) {
        return StreamSupport.stream(metadata.path("properties").spliterator(), false)
                .filter(property -> property.has("sourceType"));
    }

    private static <T extends Comparable<? super T>> ObjectNode property(Setting<T> setting) {
        ObjectNode property = JSON.createObjectNode();
        property.put("name", "totem." + setting.name());
        property.put("type", type(setting));
        String text = setting.defaultText();
        if (isValue(setting, text)) {
            property.put("description", setting.meaning());
            property.put("defaultValue", text);
        } else {
            property.put("description", setting.meaning() + " Default: " + text + ".");
        }
        return property;
    }

    /** Bytes are written with k and M, too. */
    private static String type(Setting<?> setting) {
        if (setting.type() == Duration.class) {
            return Duration.class.getName();
        }
        return setting.type() == Integer.class && !setting.unit().equals("bytes")
                ? Integer.class.getName()
                : String.class.getName();
    }

    private static boolean isValue(Setting<?> setting, String text) {
        try {
            setting.parse(text);
            return true;
        } catch (IllegalArgumentException words) {
            return false;
        }
    }

    private static String kebab(String name) {
        return name.replaceAll("([A-Z])", "-$1").toLowerCase(java.util.Locale.ROOT);
    }
}
