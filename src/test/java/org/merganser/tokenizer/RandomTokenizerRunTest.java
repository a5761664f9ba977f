package org.merganser.tokenizer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.Seeds;
import org.merganser.bpe.IdBuffer;
import org.merganser.cli.CommandLineRun;
import org.merganser.shard.ShardRow;
import org.merganser.shard.ShardRows;
import org.merganser.text.NastyText;
import org.merganser.tokenizer.parts.TokenizerException;

/**
 * Runs with random tokenizers: the shards of {@code encode} have the ids that the library has, and
 * {@code count} counts them. That the library has HF's ids is what {@link EncodingOracleTest}
 * tests.
 */
@Tag("run")
class RandomTokenizerRunTest {
  private static final int DOCUMENTS = 60;

  @TempDir Path folder;

  @Test
  @Tag("random")
  void shardsAndCountsOfRandomTokenizersHaveTheIdsOfTheLibrary() throws IOException {
    long seed = Seeds.next();
    Random random = new Random(seed);
    for (int t = 0; t < Seeds.cases(8); t++) {
      TestTokenizers file = EncodingOracleTest.randomTokenizer(random);
      Tokenizer tokenizer;
      try {
        tokenizer = file.build();
      } catch (TokenizerException e) {
        continue; // of two tokens alike after normalization
      }
      check(random, file, tokenizer, "seed " + seed + ", tokenizer " + t);
    }
  }

  private void check(Random random, TestTokenizers file, Tokenizer tokenizer, String what)
      throws IOException {
    Path run = Files.createTempDirectory(folder, "run");
    Path json = Files.write(run.resolve("tokenizer.json"), file.json());
    Path corpus = run.resolve("corpus.jsonl");
    List<int[]> expected = corpus(random, tokenizer, corpus);
    String job =
        """
        corpus: {inputs: [%s]}
        tokenizer: {load: %s, specialText: parse}
        report: {enabled: false}
        output: %s
        """;
    Path yaml =
        Files.writeString(run.resolve("job.yaml"), job.formatted(corpus, json, run.resolve("out")));
    String description = what + ", " + EncodingOracleTest.escaped(file.withoutModel());

    CommandLineRun.of("run", yaml.toString()).succeeded();
    List<ShardRow> rows = ShardRows.of(run.resolve("out/shards/parquet"));
    assertThat(rows).as(description).hasSameSizeAs(expected);
    for (int i = 0; i < expected.size(); i++) {
      assertThat(ShardRows.ids(rows.get(i)))
          .as("%s, document %d", description, i)
          .isEqualTo(expected.get(i));
    }

    CommandLineRun counted = CommandLineRun.of("count", yaml.toString(), "--json");
    counted.succeeded();
    long tokens = expected.stream().mapToLong(ids -> ids.length).sum();
    assertThat(TestTokenizers.tree(counted.out()).at("/totals/tokens").asLong())
        .as(description)
        .isEqualTo(tokens);
  }

  /** Writes documents, and returns the ids of each. */
  private static List<int[]> corpus(Random random, Tokenizer tokenizer, Path file)
      throws IOException {
    Encoder encoder = tokenizer.newEncoder(SpecialText.PARSE);
    List<String> lines = new ArrayList<>();
    List<int[]> expected = new ArrayList<>();
    for (int i = 0; i < DOCUMENTS; i++) {
      String text = NastyText.forTokenizers(random, i == DOCUMENTS / 2 ? 2_000 : 20);
      ObjectNode line = TestTokenizers.JSON.createObjectNode().put("text", text);
      lines.add(TestTokenizers.JSON.writeValueAsString(line));
      byte[] utf8 = text.getBytes(UTF_8);
      IdBuffer ids = new IdBuffer(64);
      encoder.encode(utf8, 0, utf8.length, ids);
      expected.add(ids.toArray());
    }
    Files.write(file, lines);
    return expected;
  }
}
