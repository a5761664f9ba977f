package org.merganser.layout;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.merganser.SharedData;
import org.merganser.cli.CommandLineRun;
import org.merganser.shard.ShardRow;
import org.merganser.tokenizer.HfTokenizer;

/**
 * Real text, encoded by the command with real tokenizers into every layout, has HF's ids in each:
 * from the bytes of a JSON line to the bytes of a trainer's file.
 */
@Tag("conformance")
final class RealTextLayoutsTest {
  /** Of each file of the corpus: 25 languages and kinds. */
  private static final int DOCUMENTS = 6;

  /** In characters; HF's library takes long for a whole novel. */
  private static final int LONGEST = 20_000;

  private static final List<String> LAYOUTS =
      List.of("megatron", "bin", "npy", "datatrove", "litdata", "dolma");

  @TempDir Path folder;

  private static List<String> texts() throws IOException {
    List<String> texts = new ArrayList<>();
    for (String text : SharedData.firstTexts(SharedData.dir(), DOCUMENTS)) {
      int points = Math.min(LONGEST, text.codePointCount(0, text.length()));
      texts.add(text.substring(0, text.offsetByCodePoints(0, points)));
    }
    return texts;
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpt2", "qwen2_5_derived", "gptoss", "gpt35turbo", "mistral_7b_v01"})
  void everyLayoutHasHfsIds(String name) throws IOException {
    Path json = SharedData.dir().resolve("tokenizers").resolve(name).resolve("tokenizer.json");
    List<String> texts = texts();
    ObjectMapper mapper = new ObjectMapper();
    List<String> lines = new ArrayList<>();
    List<int[]> expected = new ArrayList<>();
    try (HfTokenizer hf = new HfTokenizer(Files.readAllBytes(json))) {
      for (String text : texts) {
        lines.add(mapper.writeValueAsString(Map.of("text", text)));
        expected.add(hf.encode(text));
      }
    }
    Path corpus = Files.write(folder.resolve("corpus.jsonl"), lines);
    Path out = folder.resolve("out");
    CommandLineRun.line(
            "encode --tokenizer %s --input %s --format jsonl --special-text parse --to %s --output"
                + " %s",
            json, corpus, String.join(",", LAYOUTS), out)
        .succeeded();
    assertThat(ids(LayoutRows.ofFolder(out.resolve("shards/parquet")))).isEqualTo(shown(expected));
    for (String layout : LAYOUTS) {
      assertThat(ids(LayoutRows.ofFolder(out.resolve("shards/" + layout))))
          .as(layout)
          .isEqualTo(shown(expected));
    }
    System.out.printf(
        "%s: %d documents, %,d ids%n",
        name, expected.size(), expected.stream().mapToLong(ids -> ids.length).sum());
  }

  private static List<String> shown(List<int[]> ids) {
    return ids.stream().map(Arrays::toString).toList();
  }

  private static List<String> ids(List<ShardRow> rows) {
    return rows.stream().map(row -> Arrays.toString(Arrays.copyOf(row.ids, row.count))).toList();
  }
}
