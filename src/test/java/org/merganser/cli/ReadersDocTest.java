package org.merganser.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.shard.Duck;
import org.merganser.shard.NodeJs;
import org.merganser.shard.NumPy;
import org.merganser.tokenizer.Tokenizer;

/**
 * Runs the blocks of docs/embeddings.md, tokenizers.md and train.md with the readers that they
 * name.
 */
@Tag("run")
final class ReadersDocTest {
  private static final Pattern BLOCK =
      Pattern.compile(
          "^```(\\w+) run\n(.*?)^```\n(?:```text\n(.*?)^```$)?",
          Pattern.MULTILINE | Pattern.DOTALL);

  /** Paths that a command writes or reads in the test's folder. */
  private static final Pattern OWN =
      Pattern.compile("^(output=)?((?:out|table|other|joined|half)\\b.*)$");

  @TempDir static Path folder;

  @TestFactory
  Stream<DynamicTest> embeddings() throws IOException {
    return blocks("embeddings");
  }

  @TestFactory
  Stream<DynamicTest> tokenizers() throws IOException {
    return blocks("tokenizers");
  }

  @TestFactory
  Stream<DynamicTest> train() throws IOException {
    return blocks("train");
  }

  /**
   * Each section says first what was run and what was only read, and names the packages of its
   * blocks before them.
   */
  @Test
  void eachTrainersSectionSaysWhatWasRunAndWhatItNeeds() throws IOException {
    List<String> packages = List.of("numpy", "torch", "tiktoken", "torchtitan");
    String page = Files.readString(Path.of("docs/train.md"));
    String introduction = page.substring(0, page.indexOf("\n## "));
    List<String> sections = List.of(page.substring(introduction.length()).split("\n## "));
    int checked = 0;
    for (String section : sections.subList(1, sections.size())) {
      String name = section.lines().findFirst().orElseThrow();
      if (name.startsWith("The version ")) {
        continue;
      }
      String said = section.split("\n\n", 3)[1];
      assertThat(said).as(name).startsWith("*Run: ").contains("Only read: ").endsWith("*");
      assertThat(said.contains("DuckDB")).as(name).isEqualTo(section.contains("\n```sql run\n"));
      Matcher imports =
          Pattern.compile("(?m)^(?:import|from) (.*)$").matcher(section.substring(said.length()));
      while (imports.find()) {
        for (String module : packages) {
          if (imports.group(1).matches(".*\\b" + module + "\\b.*")) {
            assertThat(said).as(name).contains(module);
          }
        }
      }
      checked++;
    }
    assertThat(checked).isGreaterThan(13);
    assertThat(introduction).contains("pip install numpy", "DuckDB");
  }

  private static Stream<DynamicTest> blocks(String document) throws IOException {
    Path in = Files.createDirectories(folder.resolve(document));
    List<DynamicTest> tests = new ArrayList<>();
    Matcher blocks = BLOCK.matcher(Files.readString(Path.of("docs/" + document + ".md")));
    while (blocks.find()) {
      String language = blocks.group(1);
      String code = blocks.group(2);
      String expected = blocks.group(3);
      tests.add(
          DynamicTest.dynamicTest(
              document + " block " + tests.size() + ", " + language,
              () -> {
                if (language.equals("sh")) {
                  code.lines().forEach(line -> command(in, line));
                } else {
                  assertThat(expected).as("what the block prints").isNotNull();
                  assertThat(run(in, language, code))
                      .containsExactly(expected.replace("IDS", ids(in)).split("\n"));
                }
              }));
    }
    assertThat(tests).hasSizeGreaterThan(3);
    return tests.stream();
  }

  private static void command(Path in, String line) {
    String there = "$1" + Matcher.quoteReplacement(in.toString()) + "/$2";
    List<String> args = CommandLineRun.typed(line, word -> OWN.matcher(word).replaceFirst(there));
    assertThat(args.remove(0)).isEqualTo("merganser");
    CommandLineRun.of(args.toArray(String[]::new)).succeeded();
  }

  private static List<String> run(Path in, String language, String code) throws Exception {
    return switch (language) {
      case "sql" ->
          Duck.query(
              code.replaceAll("'(out(?:-\\w+)?|other|joined|half)(/|\\.)", "'" + in + "/$1$2"));
      case "js" -> NodeJs.runIn(in, code);
      case "python" -> NumPy.runIn(in, code);
      default -> throw new IllegalStateException("nothing runs " + language);
    };
  }

  /** Our ids of the text of docs/tokenizers.md. */
  private static String ids(Path in) {
    Path json = in.resolve("out/tokenizer.json");
    if (!Files.exists(json)) {
      return "";
    }
    return Arrays.toString(Tokenizer.read(json).encode("The sun rises in the east."))
        .replace(" ", "");
  }
}
