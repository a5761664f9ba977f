package org.merganser;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What docs/architecture.md names is there, it names every package, and its list of the classes
 * that a document enters is what {@link EnteredClasses} records. Javadoc cites no rule by a number
 * and no page that the tree does not have. {@code mvn surefire:test -Dtest=ArchitectureDocTest
 * -Dmerganser.write=true} writes the list again.
 */
@Tag("run")
final class ArchitectureDocTest {
  private static final Path SOURCES = Path.of("src/main/java/org/merganser");
  private static final Path PAGE = Path.of("docs/architecture.md");
  private static final String BEGIN = "<!-- Recorded by ArchitectureDocTest from here on. -->\n";
  private static final String END = "\n<!-- The end of what is recorded. -->";

  private static String page() throws IOException {
    return Files.readString(PAGE);
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
  void theTableOfPackagesHasTheOrderThatIsTested() throws IOException {
    assertThat(found("(?m)^\\| `([a-z/]+)` \\|"))
        .isEqualTo(ArchitectureTest.ORDER.stream().map(name -> name.replace('.', '/')).toList());
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
  void noJavadocCitesRulesThatTheTreeDoesNotHave() throws IOException {
    Pattern javadoc = Pattern.compile("(?s)/\\*\\*.*?\\*/");
    Pattern cited = Pattern.compile("(?i:\\blaw\\W+\\d)|\\bDESIGN\\b");
    List<Path> sources;
    try (Stream<Path> files = Files.walk(Path.of("src"))) {
      sources = files.filter(file -> file.toString().endsWith(".java")).toList();
    }
    assertThat(sources)
        .hasSizeGreaterThan(500)
        .allSatisfy(
            file ->
                assertThat(javadoc.matcher(Files.readString(file)).results())
                    .noneMatch(comment -> cited.matcher(comment.group()).find()));
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

  @Test
  void theWayOfADocumentIsWhatOneEnters(@TempDir Path folder) throws Exception {
    String recorded = recorded(folder);
    String text = page();
    int from = text.indexOf(BEGIN) + BEGIN.length();
    int to = text.indexOf(END);
    if (Boolean.getBoolean("merganser.write")) {
      Files.writeString(PAGE, text.substring(0, from) + recorded + text.substring(to));
    }
    String listed = page().substring(from, page().indexOf(END));
    assertThat(listed.lines().toList())
        .as("%s; mvn test -Dtest=ArchitectureDocTest -Dmerganser.write=true writes it", PAGE)
        .isEqualTo(recorded.lines().toList());
  }

  private static String recorded(Path folder) throws Exception {
    Path file = folder.resolve("entered");
    List<String> loader =
        List.of("-Xmx1g", "-Djava.system.class.loader=" + RecordingLoader.class.getName());
    List<String> args = List.of(folder.resolve("work").toString(), file.toString());
    ChildProcess.output(
        new ProcessBuilder(JavaProcess.command(loader, EnteredClasses.class.getName(), args)));
    List<String> lines = Files.readAllLines(file);
    Set<String> train = classes(lines, "train ");
    Set<String> encode = classes(lines, "encode ");
    Set<String> both = new TreeSet<>(train);
    both.retainAll(encode);
    assertThat(both).contains("corpus/read/RecordSink", "tokenizer/PretokenPath");
    train.removeAll(both);
    encode.removeAll(both);
    return section("Both passes", both)
        + section("Pass 1 alone: count and learn", train)
        + section("Pass 2 alone: encode, write, sample", encode)
        + section("The join", classes(lines, "embed "));
  }

  private static Set<String> classes(List<String> lines, String step) {
    return lines.stream()
        .filter(line -> line.startsWith(step + "org.merganser."))
        .map(line -> line.substring(step.length() + "org.merganser.".length()).replace('.', '/'))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** A heading, and a line for each package with its classes. */
  private static String section(String title, Set<String> classes) {
    Map<String, List<String>> packages =
        classes.stream()
            .collect(
                Collectors.groupingBy(
                    name -> name.substring(0, name.lastIndexOf('/')),
                    TreeMap::new,
                    Collectors.toList()));
    StringBuilder text = new StringBuilder("\n#### " + title + "\n\n");
    packages.forEach(
        (folder, names) -> text.append("- `").append(String.join("`, `", names)).append("`\n"));
    return text.toString();
  }
}
