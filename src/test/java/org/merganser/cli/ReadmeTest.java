package org.merganser.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.ChildProcess;
import org.merganser.shard.Duck;
import org.merganser.shard.NodeJs;
import org.merganser.tokenizer.Encoding;
import org.merganser.tokenizer.StreamingDecoder;
import org.merganser.tokenizer.TextEncoder;
import org.merganser.tokenizer.Tokenizer;

/** Runs what README.md shows, and follows the links of all pages. */
@Tag("run")
final class ReadmeTest {
  private static final Path README = Path.of("README.md");
  private static final Path JOB_FILE = Path.of("docs/job-file.md");
  private static final Path CLUSTERS = Path.of("docs/clusters.md");
  private static final Path COMMANDS = Path.of("docs/commands.md");
  private static final Path LIBRARY = Path.of("docs/library.md");
  private static final String OUTPUT = "target/sample";
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:\\s]*)(?:#([^)]*))?\\)");

  @TempDir static Path folder;
  private static String summary = "";

  @BeforeAll
  static void runTheSample() {
    summary =
        CommandLineRun.of("run", "pipelines/sample.yaml", "--set", "output=" + out())
            .succeeded()
            .out();
  }

  private static String out() {
    return folder.resolve("sample").toString();
  }

  /** The first block of a language that holds a text, with the test's own output folder. */
  private static String block(String language, String text) throws IOException {
    return block(README, language, text);
  }

  private static String block(Path page, String language, String text) throws IOException {
    Matcher blocks =
        Pattern.compile("(?ms)^```" + language + "\n(.*?)^```$").matcher(Files.readString(page));
    while (blocks.find()) {
      if (blocks.group(1).contains(text)) {
        return blocks.group(1).replace(OUTPUT, out());
      }
    }
    throw new AssertionError(page + " has no " + language + " block with " + text);
  }

  /** A visitor reads it to the end. */
  @Test
  void itIsShort() throws IOException {
    assertThat(Files.size(README)).isLessThan(10_000);
  }

  @Test
  void theSampleEndsAsShown() throws IOException {
    assertThat(summary).contains(block("", "documents     "));
  }

  @Test
  void everyFileThatIsWrittenIsNamed() throws IOException {
    String tree = block("", "OUT/manifest.json");
    try (Stream<Path> written = Files.list(Path.of(out()))) {
      assertThat(written.map(path -> path.getFileName().toString()).toList())
          .allSatisfy(name -> assertThat(tree).contains(name));
    }
  }

  @Test
  void javaAndJavaScriptGiveTheSameIds() throws Exception {
    List<String> java = java(block("java", "Tokenizer.read"));
    String js = String.join("", NodeJs.runIn(folder, block("js", "tokenizers")));
    assertThat(java).hasSize(1);
    assertThat(java.get(0).replace(" ", ""))
        .startsWith(js.replace(" ", "") + "Thesunrises.")
        .matches(".*[.][0-9]+");
  }

  @Test
  void theLinesForApplicationsDoWhatTheirCommentsSay() throws Exception {
    String prints =
        Stream.of("back", "count == ids.length", "fits == (count <= 4)", "start", "second", "piece")
            .map(value -> "System.out.println(" + value + ");\n")
            .reduce("", String::concat);
    List<String> lines =
        java(
            "import java.nio.file.Path;\nimport org.merganser.tokenizer.*;\n"
                + "class Example { public static void main(String[] args) {\n"
                + block(LIBRARY, "java", "Tokenizer.read")
                + prints
                + "}}\n");
    assertThat(lines.subList(0, 3)).containsExactly("The sun rises in the east.", "true", "true");
    assertThat("The sun rises in the east.").startsWith(lines.get(3)).contains(lines.get(4));
    assertThat("The sun rises in the east.").startsWith(lines.get(5));
    assertThat(lines.get(3)).startsWith(lines.get(5));
    assertThat(lines).hasSize(6).doesNotContain("");
  }

  /** What stands in the columns for those who come from another library can be called. */
  @Test
  void theTablesOfTheLibraryPageNameMethodsThatThereAre() throws IOException {
    Set<String> methods = new HashSet<>();
    for (Class<?> type :
        List.of(Tokenizer.class, TextEncoder.class, Encoding.class, StreamingDecoder.class)) {
      for (Method method : type.getMethods()) {
        methods.add(method.getName());
      }
    }
    List<String> named = new ArrayList<>();
    Pattern call = Pattern.compile("(\\w+)\\(");
    Files.readString(LIBRARY)
        .lines()
        .filter(line -> line.startsWith("| `"))
        .map(line -> line.substring(line.indexOf(" | ")))
        .forEach(cell -> call.matcher(cell).results().forEach(m -> named.add(m.group(1))));
    assertThat(named).hasSizeGreaterThan(25).isSubsetOf(methods);
    assertThat(named)
        .contains("encode", "count", "countUpTo", "encodeWithOffsets", "truncate", "decode");
    assertThat(Files.readString(Path.of("pom.xml")))
        .contains(
            block(LIBRARY, "xml", "<version>").lines().skip(2).findFirst().orElseThrow().strip());
  }

  private static List<String> java(String program) throws IOException, InterruptedException {
    Path source = Files.writeString(folder.resolve("Example.java"), program);
    Process process =
        ChildProcess.start(
            new ProcessBuilder(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-cp",
                    System.getProperty("java.class.path"),
                    source.toString())
                .redirectErrorStream(true));
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(printed).isZero();
    return printed.lines().toList();
  }

  @Test
  void theQueryReadsTheShards() throws Exception {
    assertThat(Duck.query(block("sql", "token_ids"))).hasSize(3).first().asString().contains("|");
  }

  @Test
  void theJobFileIsAccepted() throws IOException {
    Files.createSymbolicLink(
        folder.resolve("sample-data"), Path.of("sample-data").toAbsolutePath());
    Path job = Files.writeString(folder.resolve("job.yaml"), block(JOB_FILE, "yaml", "corpus:"));
    assertThat(CommandLineRun.of("run", job.toString(), "--explain").succeeded().out())
        .contains("deduplicate: \"exact\"", "validation: 0.01");
  }

  @Test
  void theCommandsAreThoseOfTheHelp() throws IOException {
    String table = Files.readString(COMMANDS);
    assertThat(Main.commandLine().getSubcommands().keySet())
        .contains("run", "schema")
        .allSatisfy(name -> assertThat(table).containsPattern("`(merganser )?" + name + "[ `]"));
  }

  /** ReleaseTest runs the archive itself, where it is built. */
  @Test
  void thePagesOfTheArchiveCallItsCommandAndWriteBelowTheHomeFolder() throws Exception {
    Path archive = Files.createDirectories(folder.resolve("pages/docs")).getParent();
    Files.writeString(archive.resolve("docs/removed.md"), "a page that is no longer there");
    Process pages =
        ChildProcess.start(
            new ProcessBuilder(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "src/dist/ArchivePages.java",
                    "",
                    archive.toString())
                .redirectErrorStream(true));
    String said = new String(pages.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(pages.waitFor()).as(said).isZero();
    for (String page : List.of("README.md", "docs/how-do-i.md", "docs/tutorial.md")) {
      assertThat(Files.readString(archive.resolve(page)).lines())
          .filteredOn(line -> !line.startsWith("| "))
          .noneMatch(line -> line.contains("./merganser") || line.contains("target/"))
          .anyMatch(line -> line.startsWith("bin/merganser ") || line.startsWith("$ bin/merganser"))
          .anyMatch(line -> line.contains("~/merganser/"));
    }
    for (String job : List.of("sample", "tutorial")) {
      assertThat(Files.readString(archive.resolve("pipelines/" + job + ".yaml")))
          .contains("output: ~/merganser/" + job + "\n");
    }
    assertThat(archive.resolve("docs/removed.md")).doesNotExist();
    assertThat(archive.resolve("docs/clusters.md")).hasSameTextualContentAs(CLUSTERS);
  }

  /** Each page uses its words from the first paragraphs on, so its introduction has the link. */
  @Test
  void everyPageBeginsWithALinkToTheGlossaryAndTheReadmeExplainsDeadLetters() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("docs"))) {
      for (Path page : files.filter(file -> file.toString().endsWith(".md")).toList()) {
        String text = Files.readString(page);
        if (!page.endsWith("glossary.md")) {
          assertThat(text.substring(0, Math.max(0, text.indexOf("\n## "))))
              .as("the introduction of %s", page)
              .contains("](glossary.md)");
        }
      }
    }
    String prose = Files.readString(README).replaceAll("(?s)```.*?```", "");
    assertThat(prose.substring(prose.indexOf("dead letter")))
        .startsWith("dead letter](docs/glossary.md) is ");
  }

  @Test
  void everyLinkOfEveryPageLeadsToAFileAndToOneOfItsHeadings() throws IOException {
    List<Path> pages = new ArrayList<>();
    for (Path in : List.of(Path.of(""), Path.of("docs"))) {
      try (Stream<Path> files = Files.list(in)) {
        files.filter(file -> file.toString().endsWith(".md")).forEach(pages::add);
      }
    }
    assertThat(pages).contains(README);
    for (Path page : pages) {
      Matcher links = LINK.matcher(Files.readString(page));
      while (links.find()) {
        Path file =
            links.group(1).isEmpty()
                ? page
                : page.toAbsolutePath().resolveSibling(links.group(1)).normalize();
        assertThat(file).as("link of %s", page).exists();
        if (links.group(2) != null) {
          assertThat(anchors(file)).as("link of %s to %s", page, file).contains(links.group(2));
        }
      }
    }
  }

  /** The anchors that GitHub gives the headings of a page. */
  private static List<String> anchors(Path page) throws IOException {
    String text = Files.readString(page).replaceAll("(?ms)^```.*?^```$", "");
    return Pattern.compile("(?m)^#+ (.*)$")
        .matcher(text)
        .results()
        .map(
            heading ->
                heading
                    .group(1)
                    .toLowerCase(Locale.ROOT)
                    .replaceAll("[^\\p{L}\\p{N} _-]", "")
                    .replace(' ', '-'))
        .toList();
  }
}
