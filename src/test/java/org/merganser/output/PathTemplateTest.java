package org.merganser.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** A template spells paths, recognizes them, and knows the folders of its files. */
final class PathTemplateTest {
  private static final String F = "0123456789abcdef".repeat(2);

  private static void hasFolders(String template, List<String> folders, List<String> others) {
    PathTemplate paths = new PathTemplate(template);
    for (String folder : folders) {
      assertThat(paths.mayBeDirectlyIn(folder)).as("%s in %s", template, folder).isTrue();
    }
    for (String folder : others) {
      assertThat(paths.mayBeDirectlyIn(folder)).as("%s in %s", template, folder).isFalse();
    }
  }

  @Test
  void aFileWithoutAFolderLiesInTheRoot() {
    hasFolders("manifest.json", List.of(""), List.of("/", "manifest.json/", "run/"));
    hasFolders("{vocabulary}", List.of(""), List.of("merges.txt/"));
  }

  @Test
  void textBeforeTheLastSlashIsTheFolder() {
    hasFolders("run/plan/{F}.jsonl", List.of("run/plan/"), List.of("", "run/", "run/plan/x/"));
    hasFolders("a/{any}", List.of("a/"), List.of("", "a/b/"));
  }

  @Test
  void aVariableBeforeTheLastSlashIsPartOfTheFolder() {
    hasFolders(
        "run/units/{F}/{unit}.json",
        List.of("run/units/" + F + "/"),
        List.of("run/units/", "run/units/mine/"));
    hasFolders("run/{F}-{F}/{any}", List.of("run/" + F + "-" + F + "/"), List.of("run/" + F + "/"));
  }

  @Test
  void aVariableThatIsAFolderMayBeTheLastOne() {
    List<String> both = List.of("shards/", "validation/", "shards/lang=en/");
    hasFolders("{side}{group}{unit}.rows", both, List.of("", "lang=en/", "shards/lang/"));
    hasFolders("{side}{order}{any}", List.of("shards/", "shards/packed/"), List.of("packed/"));
  }

  @Test
  void aVariableThatEndsInASlashIsNoFolderAfterTheBeginningOfAName() {
    // "part-lang=en/1.x" would match; no row has such a template, and its folder is not guessed.
    hasFolders("a/part-{group}{number}.x", List.of("a/"), List.of("a/part-lang=en/"));
  }

  @Test
  void numbersHaveLeadingZeros() {
    PathTemplate paths = new PathTemplate("{kind}{unit}-{part}.x");
    assertThat(paths.path("a-", 12, 3)).isEqualTo("a-0000012-003.x");
    assertThat(paths.matches("a-0000012-003.x")).isTrue();
    assertThat(paths.matches("a-12-003.x")).isFalse();
    assertThat(paths.matches("a-0000012-003.x/")).isFalse();
  }
}
