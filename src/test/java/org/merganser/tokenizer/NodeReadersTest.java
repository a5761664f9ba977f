package org.merganser.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.merganser.Seeds;
import org.merganser.cli.CommandLineRun;
import org.merganser.pipeline.OutputTree;
import org.merganser.shard.NodeJs;
import org.merganser.text.NastyText;

/** The tokenizer's files in readers of Node.js: the ids are ours, id by id. */
@Tag("run")
final class NodeReadersTest {
  @TempDir Path folder;

  private Tokenizer trained(String... more) {
    CommandLineRun.line(
            "train --input=sample-data/corpus --vocab-size=1500 --special-token=<|endoftext|>"
                + " --output=%s %s",
            folder.resolve("out"), more)
        .succeeded();
    return Tokenizer.read(folder.resolve("out/tokenizer.json"));
  }

  private static List<String> sample() throws IOException {
    List<String> texts = new ArrayList<>();
    for (Path file : OutputTree.paths(Path.of("sample-data/corpus"))) {
      texts.add(Files.readString(file));
    }
    return texts;
  }

  private static List<String> nasty() {
    Random random = new Random(Seeds.next());
    return Stream.generate(() -> NastyText.forTokenizers(random, 1 + random.nextInt(30)))
        .limit(200)
        .toList();
  }

  private void compare(Tokenizer tokenizer, List<String> texts, String program) throws Exception {
    Files.writeString(
        folder.resolve("texts.jsonl"),
        texts.stream()
            .map(text -> TestTokenizers.JSON.getNodeFactory().textNode(text).toString() + "\n")
            .collect(Collectors.joining()));
    TextEncoder encoder = tokenizer.newTextEncoder(SpecialText.PARSE, false);
    List<String> expected = new ArrayList<>();
    for (String text : texts) {
      expected.add(Arrays.toString(encoder.encode(text)).replace(" ", ""));
    }
    List<String> found = NodeJs.run(program, folder);
    assertThat(found).hasSameSizeAs(texts);
    for (int i = 0; i < texts.size(); i++) {
      assertThat(found.get(i)).as(texts.get(i)).isEqualTo(expected.get(i));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpt2", "qwen2", "o200k"})
  void hfsOwnBindingReadsTokenizerJson(String pattern) throws Exception {
    List<String> texts = new ArrayList<>(sample());
    texts.addAll(nasty());
    compare(trained("--pattern=" + pattern), texts, "hf_tokenizers.js");
  }

  @Test
  void transformersJsReadsTheFolder() throws Exception {
    compare(trained("--pattern=qwen2"), sample(), "transformers.js");
  }

  @Test
  void tiktokenReadsTheRanks() throws Exception {
    List<String> texts = new ArrayList<>(sample());
    texts.addAll(nasty());
    compare(trained("--pattern=qwen2"), texts, "tiktoken.js");
  }
}
