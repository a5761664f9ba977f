package org.merganser.beam;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.schemas.utils.YamlUtils;
import org.junit.jupiter.api.Test;

/** The YAML and the keys of docs/beam.md are those of the transform. */
final class BeamDocTest {
  private final Schema configuration = new TokenizeTextProvider().configurationSchema();

  private static String page() throws IOException {
    return Files.readString(Path.of("docs/beam.md"));
  }

  private static JsonNode yaml() throws IOException {
    Matcher block = Pattern.compile("(?s)```yaml\n(.*?)```").matcher(page());
    assertThat(block.find()).isTrue();
    return new YAMLMapper().readTree(block.group(1));
  }

  @Test
  void theYamlConfiguresTheTransform() throws IOException {
    JsonNode config = null;
    for (JsonNode transform : yaml().at("/pipeline/transforms")) {
      if (transform.get("type").asText().equals("TokenizeText")) {
        config = transform.get("config");
      }
    }
    assertThat(config).isNotNull();
    config
        .fieldNames()
        .forEachRemaining(key -> assertThat(configuration.getFieldNames()).contains(key));
    Map<String, Object> map = new ObjectMapper().convertValue(config, Map.class);
    assertThat(new TokenizeTextProvider().from(YamlUtils.toBeamRow(map, configuration, false)))
        .isNotNull();
  }

  @Test
  void theProviderNamesTheTransformAndTheJarOfTheBuild() throws IOException {
    JsonNode provider = yaml().at("/providers/0");
    assertThat(provider.at("/transforms/TokenizeText").asText())
        .isEqualTo(TokenizeTextProvider.IDENTIFIER);
    assertThat(provider.at("/config/jar").asText())
        .isEqualTo("target/expansion/merganser-expansion.jar");
    assertThat(page()).contains("identifier=\"" + TokenizeTextProvider.IDENTIFIER + "\"");
  }

  @Test
  void theTableHasEveryKey() throws IOException {
    List<String> keys =
        Pattern.compile("(?m)^\\| `(\\w+)[^|]*` \\|")
            .matcher(page())
            .results()
            .map(key -> key.group(1))
            .toList();
    assertThat(keys).containsExactlyInAnyOrderElementsOf(configuration.getFieldNames());
  }
}
