package org.merganser;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What GraalVM's native-image is told of the core: without it an image has no resource, and a class
 * that is reached by reflection fails when it runs. No image is built here.
 */
final class NativeImageTest {
  private static final Path RESOURCES = Path.of("src/main/resources");
  private static final Path CONFIGURATION =
      RESOURCES.resolve("META-INF/native-image/org.merganser/merganser/resource-config.json");
  private static final List<String> CORE = List.of("checksum", "json", "text", "bpe", "tokenizer");

  private static List<Path> filesOfTheCore(Path root) throws IOException {
    List<Path> all = new ArrayList<>();
    for (String part : CORE) {
      Path folder = root.resolve("org/merganser").resolve(part);
      if (Files.isDirectory(folder)) {
        try (Stream<Path> files = Files.walk(folder)) {
          files.filter(Files::isRegularFile).forEach(all::add);
        }
      }
    }
    return all;
  }

  @Test
  void everyResourceOfTheCoreIsTakenIntoTheImage() throws IOException {
    List<Pattern> patterns = new ArrayList<>();
    for (JsonNode include :
        new JsonMapper().readTree(CONFIGURATION.toFile()).at("/resources/includes")) {
      patterns.add(Pattern.compile(include.get("pattern").asText()));
    }
    List<String> resources =
        filesOfTheCore(RESOURCES).stream()
            .map(file -> RESOURCES.relativize(file).toString())
            .toList();
    assertThat(resources).isNotEmpty();
    for (String resource : resources) {
      assertThat(patterns).as(resource).anyMatch(pattern -> pattern.matcher(resource).matches());
    }
    for (Pattern pattern : patterns) {
      assertThat(resources).as("" + pattern).anyMatch(pattern.asMatchPredicate());
    }
  }

  @Test
  void theCoreReachesNoClassByItsName() throws IOException {
    Pattern reflection =
        Pattern.compile(
            "Class\\.forName|\\.newInstance\\(|getDeclared|setAccessible|ServiceLoader"
                + "|findVarHandle|ObjectInputStream|Proxy\\.newProxy");
    for (Path file : filesOfTheCore(Path.of("src/main/java"))) {
      assertThat(reflection.matcher(Files.readString(file)).find()).as(file.toString()).isFalse();
    }
  }
}
