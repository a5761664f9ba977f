package org.merganser.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.merganser.Seeds;
import org.merganser.bpe.IdBuffer;
import org.merganser.cli.CommandLineRun;
import org.merganser.tokenizer.export.GgufVocabulary;
import org.merganser.tokenizer.export.TokenizerFolder;

/** llama.cpp reads the GGUF vocabularies and gives the ids that we give. */
final class GgufOracleTest {
  @TempDir Path folder;
  private String said = "";

  private Path trained(String... settings) {
    Path out = folder.resolve("trained");
    List<String> args =
        new ArrayList<>(
            List.of(
                "run",
                "pipelines/sample.yaml",
                "--verbose",
                "--set=output=" + out,
                "--set=shards.formats=[]"));
    args.addAll(
        List.of(
            "--set=shards.endOfDocument=null",
            "--set=embeddings=null",
            "--set=learn=null",
            "--set=tokenizer.train.vocabSize=1500",
            "--set=tokenizer.train.normalizer=null"));
    for (String setting : settings) {
      args.add("--set=tokenizer.train." + setting);
    }
    said = CommandLineRun.of(args.toArray(String[]::new)).succeeded().out();
    return out.resolve("tokenizer.json");
  }

  private static List<String> texts() throws IOException {
    List<String> texts = new ArrayList<>();
    try (Stream<Path> walk = Files.walk(Path.of("sample-data/corpus"))) {
      for (Path file : walk.filter(Files::isRegularFile).sorted().toList()) {
        texts.add(Files.readString(file));
      }
    }
    long seed = Seeds.next();
    Random random = new Random(seed);
    for (int i = 0; i < 300; i++) {
      texts.add(NastyText.document(random, 1 + random.nextInt(30)));
    }
    return texts;
  }

  private void compare(Tokenizer tokenizer) throws IOException {
    assertThat(different(GgufVocabulary.of(tokenizer, null, false), tokenizer)).isEmpty();
  }

  private List<String> different(byte[] file, Tokenizer tokenizer) throws IOException {
    Encoder encoder = tokenizer.newEncoder(SpecialText.PARSE);
    List<String> different = new ArrayList<>();
    try (LlamaCpp llama = LlamaCpp.load(file, tokenizer.idBound(), folder)) {
      for (String text : texts()) {
        IdBuffer ids = new IdBuffer(64);
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        encoder.encode(bytes, 0, bytes.length, ids);
        if (!java.util.Arrays.equals(llama.encode(text), ids.toArray())) {
          different.add(text);
        }
      }
    }
    return different;
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpt2", "cl100k", "qwen2", "deepseek3"})
  void givesTheSameIdsByPattern(String pattern) throws IOException {
    compare(Tokenizer.read(trained("pattern=" + pattern)));
  }

  @Test
  void givesTheSameIdsWithIgnoreMergesAndAddedTokens() throws IOException {
    Tokenizer tokenizer =
        Tokenizer.read(
            trained(
                "family=llama3",
                "pattern=null",
                "addedTokens=[\"sun\", \"the \", \"🌲\", \"East of it.\", \"<|n|>\"]",
                "specialTokens=[\"<|endoftext|>\", \"<|pad|>\"]"));
    compare(tokenizer);
    try (LlamaCpp llama =
        LlamaCpp.load(GgufVocabulary.of(tokenizer, null, false), tokenizer.idBound(), folder)) {
      String text = "the sunsun<|pad|>East of it.<|n|>🌲🌲 thethe <|endoftext|>";
      IdBuffer ids = new IdBuffer(64);
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      tokenizer.newEncoder(SpecialText.PARSE).encode(bytes, 0, bytes.length, ids);
      assertThat(llama.encode(text)).isEqualTo(ids.toArray());
      assertThat(ids.toArray()).contains(tokenizer.id("<|pad|>"), tokenizer.id("East of it."));
    }
  }

  @Test
  void theOracleTellsPatternsApart() throws IOException {
    Tokenizer tokenizer = Tokenizer.read(trained("pattern=cl100k"));
    byte[] file = GgufVocabulary.of(tokenizer, null, false);
    String latin = new String(file, StandardCharsets.ISO_8859_1);
    int at = latin.indexOf("tokenizer.ggml.pre") + "tokenizer.ggml.pre".length() + 12;
    assertThat(latin.substring(at, at + 4)).isEqualTo("dbrx");
    System.arraycopy("olmo".getBytes(StandardCharsets.US_ASCII), 0, file, at, 4); // gpt2's pattern
    assertThat(different(file, tokenizer)).isNotEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "normalizer=nfc | llama.cpp normalizes no text, this tokenizer does (Nfc)",
        "pattern=o200k | llama.cpp's gpt-4o and llama4 are not the pattern o200k",
        "pattern=tekken | llama.cpp's tekken is not the pattern tekken",
        "pattern=.{1,3} | llama.cpp has no pre-tokenizer like this one",
        "family=llama4 | and they don't set ignore_merges",
        "addedTokens=[abc, bcd] | added tokens \"abc\" and \"bcd\" can overlap in a text",
      })
  void refusesWhatLlamaCppCannotSay(String setting, String reason) {
    String[] settings =
        setting.startsWith("family")
            ? new String[] {setting, "pattern=null", "vocabSize=300"}
            : new String[] {setting, "vocabSize=300"};
    Path json = trained(settings);
    assertThat(json.resolveSibling(TokenizerFolder.GGUF)).doesNotExist();
    assertThat(said).contains("tokenizer.gguf").contains("left out: ").contains(reason);
    assertThat(GgufVocabulary.refusal(Tokenizer.read(json), false)).contains(reason);
    String error =
        CommandLineRun.of(
                "tokenizer", "export", json.toString(), "--to=gguf", "--output=" + folder + "/x")
            .endedWith(1)
            .err();
    assertThat(error).contains("tokenizer.json cannot be exported to gguf: ", reason);
    assertThat(folder.resolve("x")).doesNotExist();
  }

  @Test
  void aNormalizingTokenizerIsExportedForNormalizedTextOnRequest() throws IOException {
    Path json = trained("normalizer=nfc");
    Path file = folder.resolve("n.gguf");
    CommandLineRun.of(
            "tokenizer",
            "export",
            json.getParent().toString(),
            "--to=gguf",
            "--assume-normalized",
            "--end-of-document=<|endoftext|>",
            "--output=" + file)
        .succeeded();
    Tokenizer tokenizer = Tokenizer.read(json);
    try (LlamaCpp llama = LlamaCpp.load(Files.readAllBytes(file), tokenizer.idBound(), folder)) {
      for (String text : List.of("Caf\u00e9 na\u00efve\n", "1234 don't")) {
        IdBuffer ids = new IdBuffer(64);
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        tokenizer.newEncoder(SpecialText.PARSE).encode(bytes, 0, bytes.length, ids);
        assertThat(llama.encode(text)).isEqualTo(ids.toArray());
      }
    }
  }

  @Test
  void aRunWritesTheVocabulary() throws IOException {
    Path json = trained("pattern=qwen2", "vocabSize=300");
    assertThat(json.resolveSibling(TokenizerFolder.GGUF))
        .hasBinaryContent(GgufVocabulary.of(Tokenizer.read(json), null, false));
  }
}
