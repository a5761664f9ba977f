package org.merganser.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.shard.Duck;
import org.merganser.shard.NumPy;

/**
 * Runs what docs/formats.md says, with the tools that it names, and compares what they find with
 * what DuckDB counts in the canonical and packed shards.
 */
@Tag("run")
final class FormatsDocTest {
  private static final Pattern BLOCK =
      Pattern.compile("^```(\\w+) run\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);

  private record Block(String language, String code) {}

  @TempDir static Path folder;
  private static final List<Block> BLOCKS = new ArrayList<>();
  private static String documents = "";
  private static String tokens = "";
  private static String sequences = "";

  @BeforeAll
  static void runTheCommands() throws Exception {
    Matcher blocks = BLOCK.matcher(Files.readString(Path.of("docs/formats.md")));
    while (blocks.find()) {
      BLOCKS.add(new Block(blocks.group(1), blocks.group(2)));
    }
    for (Block block : BLOCKS) {
      if (block.language.equals("sh")) {
        block.code.lines().forEach(FormatsDocTest::command);
      }
    }
    documents = count("count(*)", "out/shards/parquet");
    tokens = count("sum(num_tokens)", "out/shards/parquet");
    sequences = count("count(*)", "packed/shards/packed/parquet");
  }

  private static String count(String what, String where) throws Exception {
    return Duck.query("SELECT " + what + " FROM '" + folder.resolve(where) + "/part-*-???.parquet'")
        .get(0);
  }

  /** A line of {@code merganser …}; the folders it names lie in the test's own. */
  private static void command(String line) {
    String there = "$1" + Matcher.quoteReplacement(folder.toString()) + "/$2$3";
    List<String> args =
        CommandLineRun.typed(
            line, word -> word.replaceFirst("^(output=)?(out|packed|llmc|large)(/.*)?$", there));
    assertThat(args.get(0)).isEqualTo("merganser");
    // The value of --bin-header is a folder's name, too.
    int header = args.indexOf("--bin-header");
    if (header >= 0) {
      args.set(header + 1, "llmc");
    }
    CommandLineRun.of(args.subList(1, args.size()).toArray(String[]::new)).succeeded();
  }

  @TestFactory
  List<DynamicTest> everyBlockFindsAllDocumentsAndTokens() {
    assertThat(BLOCKS).hasSizeGreaterThan(10);
    List<DynamicTest> tests = new ArrayList<>();
    for (int i = 0; i < BLOCKS.size(); i++) {
      Block block = BLOCKS.get(i);
      if (!block.language.equals("sh")) {
        tests.add(
            DynamicTest.dynamicTest(
                "block " + i + ", " + block.language, () -> finds(block.language, run(block))));
      }
    }
    return tests;
  }

  private static void finds(String language, List<String> printed) {
    assertThat(printed)
        .as(language)
        .hasSize(1)
        .first()
        .isIn(
            documents + " documents, " + tokens + " tokens",
            tokens + " tokens",
            sequences + " sequences, " + tokens + " tokens",
            sequences + " sequences");
  }

  private static List<String> run(Block block) throws Exception {
    return switch (block.language) {
      case "sql" -> Duck.query(block.code.replaceAll("'(out|packed)/", "'" + folder + "/$1/"));
      case "python" -> NumPy.runIn(folder, block.code);
      default -> throw new IllegalStateException("nothing runs " + block.language);
    };
  }
}
