package org.merganser.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.bpe.IdBuffer;
import org.merganser.shard.Duck;
import org.merganser.shard.NodeJs;
import org.merganser.tokenizer.Encoder;
import org.merganser.tokenizer.SpecialText;
import org.merganser.tokenizer.Tokenizer;

/** Runs what README.md shows, and follows the links of all pages. */
final class ReadmeTest {
  private static final Path README = Path.of("README.md");
  private static final String OUTPUT = "target/sample";
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:\\s]+)(?:#[^)]*)?\\)");

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
    Matcher blocks =
        Pattern.compile("(?ms)^```" + language + "\n(.*?)^```$").matcher(Files.readString(README));
    while (blocks.find()) {
      if (blocks.group(1).contains(text)) {
        return blocks.group(1).replace(OUTPUT, out());
      }
    }
    throw new AssertionError("README.md has no " + language + " block with " + text);
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
    String imports =
        Stream.of(Tokenizer.class, Encoder.class, SpecialText.class, IdBuffer.class)
            .map(type -> "import " + type.getName() + ";\n")
            .reduce("", String::concat);
    Path source =
        Files.writeString(
            folder.resolve("Example.java"),
            imports
                + "import java.nio.charset.StandardCharsets;\n"
                + "import java.nio.file.Path;\n"
                + "import java.util.Arrays;\n"
                + "class Example { public static void main(String[] args) {\n"
                + block("java", "Tokenizer.read")
                + "System.out.println(new String(back, StandardCharsets.UTF_8));\n}}\n");
    List<String> java = java(source);
    assertThat(java).hasSize(2);
    assertThat(java.get(1)).isEqualTo("The sun rises.");
    String js = String.join("", NodeJs.run(folder, block("js", "tokenizers")));
    assertThat(js.replace(" ", "")).isEqualTo(java.get(0).replace(" ", ""));
  }

  private static List<String> java(Path source) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                source.toString())
            .redirectErrorStream(true)
            .start();
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
    Path job = Files.writeString(folder.resolve("job.yaml"), block("yaml", "corpus:"));
    assertThat(CommandLineRun.of("run", job.toString(), "--explain").succeeded().out())
        .contains("deduplicate: \"exact\"", "validation: 0.01");
  }

  @Test
  void theCommandsAreThoseOfTheHelp() throws IOException {
    String table = Files.readString(README);
    Matcher commands =
        Pattern.compile("(?m)^  ([a-z]+)  ").matcher(CommandLineRun.of("--help").out());
    List<String> names = commands.results().map(command -> command.group(1)).toList();
    assertThat(names).contains("run", "schema");
    assertThat(names).allSatisfy(name -> assertThat(table).containsPattern("`" + name + "[ `]"));
  }

  @Test
  void everyLinkOfEveryPageLeadsToAFile() throws IOException {
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
        assertThat(page.toAbsolutePath().resolveSibling(links.group(1)))
            .as("link of %s", page)
            .exists();
      }
    }
  }
}
