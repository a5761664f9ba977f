package org.merganser.report.page;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
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
import org.merganser.TestResources;
import org.merganser.json.Json;
import org.merganser.output.figures.IdHistogram;
import org.merganser.pipeline.Jobs;
import org.merganser.pipeline.OutputTree;
import org.merganser.report.measure.TokenBytes;
import org.merganser.shard.NodeJs;
import org.merganser.text.scan.SplitPattern;
import org.merganser.tokenizer.SpecialText;
import org.merganser.tokenizer.TextEncoder;
import org.merganser.tokenizer.Tokenizer;

/** The encoder of the page gives the ids of the Java encoder. */
@Tag("run")
final class PageEncoderTest {
  private static final List<String> PIECES = TestResources.list("report/page/pieces.json");

  private static final List<String> PATTERNS =
      List.of(
          "--pattern=gpt2",
          "--pattern=qwen2",
          "--family=qwen2",
          "--family=qwen3.5",
          "--family=llama3",
          "--family=gpt-oss",
          "--family=deepseek3",
          "--pattern=tekken",
          "--pattern="
              + SplitPattern.CL100K.regex().replace("{1,3}", "{1,3}(?=(?:\\p{N}{3})*(?!\\p{N}))"));

  @TempDir Path folder;

  private final long seed = Seeds.next();
  private final List<String> cases = new ArrayList<>();
  private final List<String> expected = new ArrayList<>();

  @Test
  void encodesAsTheJavaEncoder() throws IOException, InterruptedException {
    List<String> texts = texts(new Random(seed));
    List<String> sample = new ArrayList<>(texts);
    for (Path file : OutputTree.paths(Path.of("sample-data/corpus"))) {
      int[] first = Files.readString(file).codePoints().limit(5000).toArray();
      sample.add(new String(first, 0, first.length));
    }
    for (String pattern : PATTERNS) {
      train(texts, pattern);
      add(pattern, Tokenizer.read(tokenizerJson()), sample);
    }
    compare();
  }

  /** What the page supports and no family of the command line uses. */
  @Test
  void takesTheStepsOfOtherTokenizers() throws IOException, InterruptedException {
    List<String> texts = texts(new Random(seed));
    train(texts, "--pattern=gpt2");
    ObjectMapper mapper = new ObjectMapper();
    ObjectNode json = (ObjectNode) mapper.readTree(tokenizerJson().toFile());
    ObjectNode added = (ObjectNode) json.get("added_tokens").get(0);
    added.put("special", false).put("normalized", true);
    for (Steps steps : steps()) {
      json.set("normalizer", mapper.readTree(steps.normalizer.replace('\'', '"')));
      json.set("pre_tokenizer", mapper.readTree(steps.preTokenizer.replace('\'', '"')));
      Files.write(tokenizerJson(), mapper.writeValueAsBytes(json));
      add(steps.toString(), Tokenizer.read(tokenizerJson()), texts);
    }
    compare();
  }

  private record Steps(String normalizer, String preTokenizer) {}

  private static List<Steps> steps() {
    String bytes =
        "{'type':'ByteLevel','add_prefix_space':false,'trim_offsets':true,'use_regex':%s}";
    return List.of(
        new Steps(
            "null",
            "{'type':'Sequence','pretokenizers':[{'type':'Split','pattern':{'Regex':'"
                + SplitPattern.CL100K.regex().replace("\\", "\\\\").replace("'", "\\u0027")
                + "'},'behavior':'Removed','invert':true},"
                + bytes.formatted(false)
                + "]}"),
        new Steps(
            "{'type':'Sequence','normalizers':[{'type':'NFKD'},{'type':'Prepend','prepend':'x'},"
                + "{'type':'Replace','pattern':{'String':'nd'},'content':'$&'}]}",
            bytes.formatted(true)));
  }

  @Test
  void saysWhatItCannotEncode() throws IOException {
    train(texts(new Random(seed)), "--pattern=[^\\s<]+|<|\\s+");
    assertThat(PageTokenizer.of(Tokenizer.read(tokenizerJson())).unsupported())
        .isEqualTo("its pre-tokenizer is none of the known patterns");
  }

  /** A page that compares all pairs for each merge would need minutes for this text. */
  @Test
  void encodesAMillionLettersWithoutABreak() throws IOException, InterruptedException {
    Random random = new Random(seed);
    train(texts(random), "--pattern=gpt2");
    String letters =
        random.ints(1_000_000, 'a', 'z' + 1).mapToObj(Character::toString).collect(joining());
    add("letters", Tokenizer.read(tokenizerJson()), List.of(letters));
    compare();
  }

  private static List<String> texts(Random random) {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      texts.add(text(random));
    }
    return texts;
  }

  private Path tokenizerJson() {
    return folder.resolve("tokenizer/tokenizer.json");
  }

  private void train(List<String> texts, String pattern) throws IOException {
    Path corpus = folder.resolve("corpus.txt");
    Files.writeString(corpus, String.join("\n", texts));
    Jobs.train(
        folder.resolve("tokenizer"),
        "--input %s --vocab-size 900 %s --special-token <|end|> --replace",
        corpus,
        pattern);
  }

  private static String text(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(14); i >= 0; i--) {
      text.append(PIECES.get(random.nextInt(PIECES.size())).repeat(1 + random.nextInt(3)));
    }
    return text.toString();
  }

  private void add(String name, Tokenizer tokenizer, List<String> texts) throws IOException {
    IdHistogram histogram = new IdHistogram();
    List<int[]> plain = ids(tokenizer, SpecialText.TEXT, texts);
    plain.forEach(ids -> histogram.addAll(ids, ids.length));
    String file = cases.size() + ".";
    write(file + "texts.json", texts);
    write(file + "ids.json", plain);
    write(file + "special.json", ids(tokenizer, SpecialText.PARSE, texts));
    PageTokenizer spec = PageTokenizer.of(tokenizer);
    assertThat(spec.unsupported()).isNull();
    write(file + "spec.json", spec);
    Files.write(
        folder.resolve(file + "vocabulary"),
        PackedVocabulary.of(tokenizer, new TokenBytes(tokenizer), histogram));
    String line = name.replace('\n', ' ');
    cases.add(line);
    long sum = plain.stream().mapToLong(ids -> ids.length).sum();
    expected.add(line + ": compared " + texts.size() + " " + sum);
  }

  private void compare() throws IOException, InterruptedException {
    write("cases.json", cases);
    assertThat(NodeJs.run("encoder.js", folder)).as("seed " + seed).isEqualTo(expected);
  }

  private static List<int[]> ids(Tokenizer tokenizer, SpecialText special, List<String> texts) {
    TextEncoder encoder = tokenizer.newTextEncoder(special, false);
    return texts.stream().map(encoder::encode).toList();
  }

  private void write(String name, Object value) throws IOException {
    Files.writeString(folder.resolve(name), Json.line(value));
  }
}
