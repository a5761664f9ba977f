package org.merganser;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The files, profiles, groups of tests and plugins that CONTRIBUTING.md names are there. */
final class ContributingTest {
  private static final Path PAGE = Path.of("CONTRIBUTING.md");
  private static final List<Path> POMS =
      List.of(Path.of("pom.xml"), Path.of("src/clusters/pom.xml"));

  private static Set<String> found(String regex) throws IOException {
    return Pattern.compile(regex)
        .matcher(Files.readString(PAGE))
        .results()
        .map(match -> match.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String poms() throws IOException {
    StringBuilder text = new StringBuilder();
    for (Path pom : POMS) {
      text.append(Files.readString(pom));
    }
    return text.toString();
  }

  @Test
  void itsFilesAreThere() throws IOException {
    assertThat(found("`((?:src|docs|pipelines|\\.github|\\.ci)/[^`\\s…]+)`"))
        .hasSizeGreaterThan(4)
        .allSatisfy(file -> assertThat(Path.of(file)).exists());
  }

  @Test
  void itsProfilesAreThoseOfThePoms() throws IOException {
    String poms = poms();
    Set<String> profiles = new TreeSet<>();
    found("[ `]-P([a-z0-9,]+)").forEach(names -> profiles.addAll(List.of(names.split(","))));
    assertThat(profiles)
        .contains("conformance", "soak")
        .allSatisfy(name -> assertThat(poms).contains("<id>" + name + "</id>"));
  }

  @Test
  void itsGroupsOfTestsHaveTests() throws IOException {
    Set<String> tags = new TreeSet<>();
    Pattern tag = Pattern.compile("@Tag\\(\"([a-z-]+)\"\\)");
    for (String root : List.of("src/test/java", "src/clusters")) {
      try (Stream<Path> files = Files.walk(Path.of(root))) {
        for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
          tag.matcher(Files.readString(file)).results().forEach(found -> tags.add(found.group(1)));
        }
      }
    }
    assertThat(found("-Dtest[.]groups='?([a-z]+)")).isNotEmpty().isSubsetOf(tags);
    assertThat(tags).contains("run", "random", "long");
  }

  @Test
  void theCommandsOfAReleaseAreThoseOfItsWorkflow() throws IOException {
    String workflow = Files.readString(Path.of(".github/workflows/release.yml"));
    Set<String> goals = found("\\b(org[.][a-z.]+:[a-z-]+:[0-9.]+:[A-Za-z-]+)");
    goals.removeIf(goal -> goal.contains("pomchecker")); // by hand, before a release
    assertThat(goals).hasSize(4).allSatisfy(goal -> assertThat(workflow).contains(goal));
  }

  @Test
  void everyPackageSaysWhereToStart() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("src/main/java/org/merganser"))) {
      assertThat(files.filter(file -> file.endsWith("package-info.java")).toList())
          .hasSizeGreaterThan(50)
          .filteredOn(file -> file.getNameCount() > 6)
          .allSatisfy(file -> assertThat(Files.readString(file)).contains("{@link "));
    }
  }
}
