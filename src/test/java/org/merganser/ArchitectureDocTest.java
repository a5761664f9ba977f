package org.merganser;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What docs/architecture.md names is there, and it names every package. */
final class ArchitectureDocTest {
  private static final Path SOURCES = Path.of("src/main/java/org/merganser");

  private static String page() throws IOException {
    return Files.readString(Path.of("docs/architecture.md"));
  }

  private static List<String> found(String regex) throws IOException {
    return Pattern.compile(regex).matcher(page()).results().map(at -> at.group(1)).toList();
  }

  @Test
  void everyClassIsWhereThePageSays() throws IOException {
    List<String> classes = found("`((?:[a-z]+/)+[A-Z]\\w*)`");
    assertThat(classes)
        .hasSizeGreaterThan(50)
        .allSatisfy(name -> assertThat(SOURCES.resolve(name + ".java")).exists());
  }

  @Test
  void theTableOfPackagesIsTheTree() throws IOException {
    List<String> packages = found("(?m)^\\| `([a-z/]+)` \\|");
    try (Stream<Path> files = Files.walk(SOURCES)) {
      List<String> tree =
          files
              .filter(file -> file.endsWith("package-info.java"))
              .map(file -> SOURCES.relativize(file).getParent())
              .filter(folder -> folder != null)
              .map(folder -> folder.toString().replace('\\', '/'))
              .toList();
      assertThat(packages).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(tree);
    }
  }

  @Test
  void everyFileOfTheTablesIsThere() throws IOException {
    String table = page().substring(page().indexOf("## To change this, open that"));
    List<String> rows = table.lines().filter(row -> row.startsWith("| ")).skip(1).toList();
    assertThat(rows)
        .hasSizeGreaterThanOrEqualTo(30)
        .allSatisfy(row -> assertThat(row).containsPattern("`(\\w+/)*[A-Z]\\w+`"));
    assertThat(found("`((?:src|docs|pipelines)/[^`]+)`"))
        .allSatisfy(file -> assertThat(Path.of(file)).exists());
  }
}
