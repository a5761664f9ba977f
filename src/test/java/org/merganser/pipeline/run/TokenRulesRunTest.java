package org.merganser.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.merganser.bpe.ByteAlphabet;
import org.merganser.cli.CommandLineRun;
import org.merganser.json.Json;
import org.merganser.pipeline.Jobs;
import org.merganser.text.HfLibrary;
import org.merganser.tokenizer.Tokenizer;
import org.merganser.verify.OutputVerification;

/** What {@code tokenizer.train} is told of single tokens, in runs that HF's library checks. */
final class TokenRulesRunTest {
  private static final List<String> MUST_HAVE = List.of(" merganser", "東京タワー", "don", "🌲", " the");

  private static final List<String> RULES =
      List.of(
          "tokenizer.train.mustHave=" + Json.line(MUST_HAVE),
          "tokenizer.train.forbid=['[aeiou]{2}', '\\A[^\\p{L}\\p{M}\\uFFFD]{2}']",
          "tokenizer.train.maxDigits=0",
          "tokenizer.train.maxTokenBytes={Han: 21, Cyrillic: 6}");

  @TempDir Path folder;

  private Path train(String name, List<String> rules, String... more) {
    Path out = folder.resolve(name);
    List<String> all =
        new ArrayList<>(List.of("shards.formats=[]", "embeddings=null", "learn=null"));
    all.addAll(rules);
    all.addAll(List.of(more));
    Jobs.sample(out, all.toArray(String[]::new)).succeeded();
    return out;
  }

  private CommandLineRun fails(String... rules) {
    return Jobs.sample(
        folder.resolve("fails"),
        List.of("shards.formats=[]", "embeddings=null", "learn=null"),
        rules);
  }

  private static List<String> texts() throws IOException {
    List<String> texts = new ArrayList<>();
    for (String file : List.of("asia", "europe", "symbols-and-code")) {
      for (String line : Files.readAllLines(Path.of("sample-data/corpus/" + file + ".jsonl"))) {
        texts.add(Json.MAPPER.readTree(line).get("text").textValue());
      }
    }
    return texts;
  }

  private static JsonNode account(Path out) throws IOException {
    return Json.MAPPER.readTree(Files.readAllBytes(out.resolve("training-rules.json")));
  }

  private static boolean broken(String token) {
    byte[] bytes = ByteAlphabet.toBytes(token);
    String text = new String(bytes, StandardCharsets.UTF_8);
    return text.matches("(?s).*[aeiou]{2}.*|[^\\p{L}\\p{M}\\uFFFD]{2}.*|.*\\d.*")
        || bytes.length > 6 && text.matches("(?s).*\\p{IsCyrillic}.*");
  }

  /** Whatever is trained besides: what must be there is one id, what may not is not there. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "minFrequency=2",
        "superwords={from: 0.7}",
        "parity={globalMerges: 100, window: 10}",
        "mix={en: 1, ja: 2, zh-Hans: 1, ru: 1, de: 1}",
        "continueFrom=EARLIER",
        "minGroups=3",
        "minGroups=2 and parity={globalMerges: 100}",
        "minGroups=2 and mix={en: 1, ja: 2, zh-Hans: 1, ru: 1, de: 1}",
      })
  void holdWithEveryWayOfTraining(String way) throws IOException {
    List<String> settings = new ArrayList<>(RULES);
    int fixed = 256 + 1;
    if (way.startsWith("continueFrom")) {
      Path earlier = train("earlier", List.of(), "tokenizer.train.vocabSize=600");
      settings.add("tokenizer.train.pattern=null");
      settings.add("tokenizer.train.normalizer=null");
      settings.add("tokenizer.train.continueFrom='" + earlier.resolve("tokenizer.json") + "'");
      fixed = 600;
    } else {
      for (String setting : way.split(" and ", -1)) {
        settings.add("tokenizer.train." + setting);
      }
    }
    Path out = train("out", settings);
    byte[] json = Files.readAllBytes(out.resolve("tokenizer.json"));
    Tokenizer tokenizer = Tokenizer.read(json, "tokenizer.json");
    assertThat(tokenizer.idBound()).isEqualTo(1024);
    for (int id = fixed; id < tokenizer.idBound(); id++) {
      assertThat(tokenizer.token(id)).matches(token -> !broken(token), "breaks no rule");
    }
    assertThat(OutputVerification.verify(out, true)).isEmpty();
    JsonNode account = account(out);
    List<String> rules = account.path("passedOver").findValuesAsText("rule");
    assertThat(rules).isNotEmpty();
    if (way.startsWith("minGroups")) {
      assertThat(rules).contains("minGroups: " + way.charAt("minGroups=".length()));
    }
    try (HfLibrary hf = HfLibrary.open(json)) {
      for (int i = 0; i < MUST_HAVE.size(); i++) {
        int[] ids = tokenizer.encode(MUST_HAVE.get(i));
        assertThat(ids).as(MUST_HAVE.get(i)).hasSize(1);
        assertThat(hf.encode(MUST_HAVE.get(i), false).ids()).isEqualTo(ids);
        JsonNode required = account.path("mustHave").path(i);
        assertThat(required.path("text").textValue()).isEqualTo(MUST_HAVE.get(i));
        assertThat(required.path("id").intValue()).isEqualTo(ids[0]);
      }
      for (String text : texts()) {
        assertThat(tokenizer.encode(text)).isEqualTo(hf.encode(text, false).ids());
      }
    }
  }

  @Test
  void theCommandTrainHasTheSameRules() throws IOException {
    Path job = train("job", RULES);
    List<String> args =
        new ArrayList<>(
            List.of(
                "train",
                "--input",
                "sample-data/corpus/*.jsonl",
                "--vocab-size=1024",
                "--pattern=qwen2",
                "--normalizer=nfc",
                "--special-token=<|endoftext|>",
                "--forbid=[aeiou]{2}",
                "--forbid=\\A[^\\p{L}\\p{M}\\uFFFD]{2}",
                "--max-digits=0",
                "--max-token-bytes=Han=21",
                "--max-token-bytes=Cyrillic=6",
                "--output=" + folder.resolve("command")));
    MUST_HAVE.forEach(text -> args.add("--must-have=" + text));
    CommandLineRun.of(args.toArray(String[]::new)).succeeded();
    assertThat(folder.resolve("command/tokenizer.json"))
        .hasSameBinaryContentAs(job.resolve("tokenizer.json"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " => ",
      value = {
        "mustHave=['a dog'] => mustHave[0]: \"a dog\" is cut at byte 1, behind \"a\"",
        "mustHave=[\"e\\u0301\"] => \" becomes \"é\" before it is merged, from byte 0 on",
        "mustHave=['a<|endoftext|>'] => holds the token \"<|endoftext|>\" at byte 1",
        "mustHave=[aa, aa] => tokenizer.train.mustHave: \"aa\" is listed twice",
        "{mustHave: [xyz], forbid: [y]} => mustHave[0]: \"xyz\" breaks forbid: y",
        "{mustHave: [xyz], maxTokenLength: 3} => mustHave[0]: \"xyz\" breaks maxTokenLength: 3",
        "{mustHave: [xyz], limitAlphabet: 9} => mustHave: needs all 256 bytes",
        "forbid=['('] => forbid[0]: \"(\" cannot be searched for: ",
        "forbid=['a*'] => forbid[0]: \"a*\" finds the empty string",
        "forbid=['(a)\\1'] => forbid[0]: \"(a)\\1\" has a back-reference",
        "maxTokenBytes={Hun: 3} => maxTokenBytes: \"Hun\" is no script of Unicode",
        "maxTokenBytes={Han: 0} => tokenizer.train.maxTokenBytes.Han: 0 must be",
        "minGroups=99 => tokenizer.train.minGroups: 99, and the text that is learned from has 15",
        "{minGroups: 2, superwords: {}} => superwords: cannot stand beside tokenizer.train.minGroups",
        "{minGroups: 2, mix: {en: 1, de: 0}} => minGroups: 2, and fewer groups of tokenizer.train.mix",
        "{vocabSize: 257, mustHave: [xyz]} => mustHave: they need 2 ids beside the 257 that stay",
      })
  void whatCannotBeIsRefused(String rule, String message) {
    assertRefused(rule, message);
  }

  @Test
  void aTextThatIsTooLongIsRefused() {
    assertRefused(
        "mustHave=['" + "x".repeat(257) + "']", "x\" has 257 bytes; at most 256 are possible");
  }

  private void assertRefused(String rule, String message) {
    String settings =
        rule.startsWith("{")
            ? "tokenizer.train={pattern: qwen2, normalizer: nfc, specialTokens: ['<|endoftext|>'],"
                + (rule.contains("vocabSize") ? "" : " vocabSize: 1024,")
                + rule.substring(1)
            : "tokenizer.train." + rule;
    CommandLineRun run = fails(settings);
    assertThat(run.exitCode()).isNotZero();
    assertThat(run.err()).contains(message);
  }
}
