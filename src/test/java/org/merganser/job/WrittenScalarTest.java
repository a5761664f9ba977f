package org.merganser.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.Seeds;
import org.merganser.corpus.CorpusInput;

/** A scalar of a job file where a text is expected is the text as written. */
final class WrittenScalarTest {
  /** What some reader of YAML takes for something other than a text. */
  private static final List<String> TREACHEROUS =
      List.of(
          ("no No NO yes Yes on off n y true True FALSE 007 012 0o17 0x41 0b11 1e3 1E-3 1.10 1. .5"
                  + " -0 +1 1_000 32k 190:20:30 2026-11-30 2026-11-30T01:00:00Z .inf -.INF .nan"
                  + " NaN 0 00 1.0 9223372036854775808 1e999 << = null_ x")
              .split(" "));

  private static final List<String> NULLS = List.of("null", "Null", "NULL", "~");

  @TempDir Path folder;

  @Test
  void eachKeyThatTakesATextHasItAsWritten() throws IOException {
    Map<String, ObjectNode> keys = new TreeMap<>();
    ObjectNode least = least(Job.class);
    collect(Job.class, least, least, "", keys);
    assertThat(keys)
        .hasSizeGreaterThan(40)
        .containsKeys("output", "corpus.inputs.group", "shards.keep[]", "tokenizer.train.mix{}");
    // Every text is tried, each with a part of the keys, since one reader reads all of them.
    int step = Seeds.allCases() ? 1 : 4;
    int first = 0;
    for (Map.Entry<String, ObjectNode> key : keys.entrySet()) {
      Job other = read(key.getValue().toString());
      for (int i = first; i < TREACHEROUS.size(); i += step) {
        requireText(key.getKey(), key.getValue(), TREACHEROUS.get(i), other);
      }
      first = (first + 1) % step;
      if (key.getKey().endsWith("]") || key.getKey().endsWith("}")) {
        for (String text : NULLS) {
          requireText(key.getKey(), key.getValue(), text, other);
        }
      }
    }
  }

  /**
   * @param job with {@code @} where the text is to be
   * @param other the same as it is read
   */
  private static void requireText(String key, ObjectNode job, String text, Job other)
      throws IOException {
    String plain = job.toString().replace("\"@\"", text + " ").replace(":1", ": 1");
    String quoted = job.toString().replace("\"@\"", "'" + text + "' ");
    Job read = read(plain);
    assertThat(read).as("%s: %s", key, text).isEqualTo(read(quoted)).isNotEqualTo(other);
    String json = JobWriter.tree(read).toString();
    assertThat(json).as(key).contains('"' + text + '"');
    assertThat(read(JobWriter.yaml(read))).as("%s: %s", key, text).isEqualTo(read);
    assertThat(read(json)).as("as JSON").isEqualTo(read);
  }

  private static Job read(String yaml) throws IOException {
    SectionReader reader = new SectionReader("");
    JsonNode tree = WrittenScalar.tree(new YAMLFactory().createParser(yaml));
    Job job = reader.section((ObjectNode) tree, Job.class, "");
    assertThat(reader.problems()).as(yaml).isEmpty();
    return job;
  }

  /** A section with the keys that it must have. */
  private static ObjectNode least(Class<?> section) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    for (Key key : JobKeys.of(section).values()) {
      if (key.required()) {
        Class<?> type = key.isList() ? key.elementType() : key.type();
        if (Key.isInteger(type)) {
          node.put(key.name(), Math.max(key.declared().min(), 300));
        } else if (key.isList() && type != CorpusInput.class) {
          node.putArray(key.name()).add("b");
        } else {
          node.put(key.name(), "b");
        }
      }
    }
    return node;
  }

  /** The jobs that have {@code @} as the value, an item or a name of each key with texts. */
  private static void collect(
      Class<?> type,
      ObjectNode section,
      ObjectNode job,
      String path,
      Map<String, ObjectNode> found) {
    for (Key key : JobKeys.of(type).values()) {
      JsonNode before = section.get(key.name());
      String at = JobKeys.join(path, key.name());
      Class<?> inner = key.isList() ? key.elementType() : key.type();
      if (inner.isRecord()) {
        ObjectNode node = least(inner);
        section.set(key.name(), node);
        collect(inner, node, job, at, found);
      } else if (key.map() != null && !key.map().keys().isEnum()) {
        section.putObject(key.name()).put("@", 1);
        found.put(at + "{}", job.deepCopy());
      } else if (key.map() != null && key.map().values() == String.class) {
        section.putObject(key.name()).put(key.map().known().get(0), "@");
        found.put(at + "." + key.map().known().get(0), job.deepCopy());
      } else if (inner == String.class) {
        if (key.isList()) {
          section.putArray(key.name()).add("b").add("@");
        } else {
          section.put(key.name(), "@");
        }
        found.put(at + (key.isList() ? "[]" : ""), job.deepCopy());
      }
      section.remove(key.name());
      if (before != null) {
        section.set(key.name(), before);
      }
    }
  }

  @Test
  void aNullIsNullWhereAKeyMayHaveNoneAndATextInQuotes() throws IOException {
    for (String written : List.of("null", "~", "", "Null")) {
      assertThat(read("output: o\nname: " + written + "\n").name()).isNull();
    }
    assertThat(read("output: o\nname: 'null'\n").name()).isEqualTo("null");
    assertThat(read("output: o\nname: !!str null\n").name()).isEqualTo("null");
    refuse("output: ~", "output: ~ must not be empty");
    refuse("output:", "output: null must not be empty");
    refuse("output: o\ncorpus: {inputs: [a], exclude: ['']}", "exclude[0]: \"\" must be a text");
  }

  @Test
  void numbersAndBooleansAreThoseOfYaml12() throws IOException {
    assertThat(train("vocabSize: 0x1000").vocabSize()).isEqualTo(4096);
    assertThat(train("vocabSize: 0o1000").vocabSize()).isEqualTo(512);
    assertThat(train("vocabSize: 32_000").vocabSize()).isEqualTo(32_000);
    assertThat(train("vocabSize: 1e4").vocabSize()).isEqualTo(10_000);
    assertThat(train("vocabSize: 300, mix: {no: 0x10, a: .5, b: 1., c: 1E-3}").mix())
        .containsEntry("no", 16.0)
        .containsEntry("a", 0.5)
        .containsEntry("b", 1.0)
        .containsEntry("c", 0.001);
    assertThat(train("vocabSize: 300, keepCounts: TRUE").keepCounts()).isTrue();
    refuseTrain(
        "vocabSize: 0700",
        "vocabSize: 0700 must be an integer of at least 1 and at",
        "; write 700");
    refuseTrain("vocabSize: '0_700'", "; write 700");
    refuseTrain("vocabSize: 300, mix: {a: 00.5}", "mix.a: 00.5 must be a number", "; write 0.5");
    refuseTrain("vocabSize: 300, mix: {a: .nan}", "mix.a: .nan must be a number of at least 0.0");
    refuseTrain("vocabSize: 300, mix: {a: .inf}", "mix.a: .inf must be a number of at least 0.0");
    refuseTrain("vocabSize: 300, mix: {a: '1'}", "mix.a: \"1\" must be a number");
    refuseTrain("vocabSize: 300, keepCounts: yes", "must be true or false; write true");
    refuseTrain("vocabSize: 300, keepCounts: Off", "must be true or false; write false");
    refuseTrain("vocabSize: 300, keepCounts: 'true'", "\"true\" must be true or false; write true");
  }

  @Test
  void flagsFollowTheSameRules() {
    Job job =
        JobReader.of(
            List.of("corpus.inputs=[007, no]", "tokenizer.load=1e3", "output=0x41", "name=1.10"),
            "flags");
    assertThat(job.corpus().inputs()).extracting(CorpusInput::path).containsExactly("007", "no");
    assertThat(job.tokenizer().load()).isEqualTo("1e3");
    assertThat(job.output()).isEqualTo("0x41");
    assertThat(job.name()).isEqualTo("1.10");
    assertThat(Setting.ofNumbers("mix", new TreeMap<>(Map.of("no", "1", "a b", ".5"))))
        .isEqualTo("mix={\"a b\": .5, \"no\": 1}");
  }

  @Test
  void tagsAliasesAndMergeKeysAreRefusedByName() {
    refuse("output: !include x", "line 1 is not YAML: !include is a tag, which a job file cannot");
    refuse("output: o\n!a name: b", "line 2 is not YAML: !a is a tag");
    refuse("corpus: !in {inputs: a}\noutput: o", "!in is a tag");
    refuse("corpus: {inputs: !in [a]}\noutput: o", "!in is a tag");
    refuse("output: !!java.io.File x", "java.io.File is a tag");
    refuse("corpus: &c {inputs: a}\noutput: o\nshards: *c", "*c is an alias");
    refuse("output: o\n<<: {name: a}", "<<: unknown key");
  }

  @Test
  void textsOfSeveralLinesAndAJobInJsonAreRead() throws IOException {
    assertThat(read("output: o\nname: |\n  007\n  no\n").name()).isEqualTo("007\nno\n");
    assertThat(read("output: o\nname: >-\n  007\n  no\n").name()).isEqualTo("007 no");
    assertThat(read("output: o\nname: 1\n  2\n").name()).isEqualTo("1 2");
    String json =
        "{\t\"output\": \"007\",\n\t\"name\": \"\\ud83c\\udf32 \\\\ \\/ \\t\\u0085\","
            + " \"report\": {\"sampleBytes\": 1E6, \"reference\": [\"null\", \"1\"]},"
            + " \"corpus\": {\"inputs\": [\"a\"]}, \"tokenizer\": {\"load\": \"true\"}}";
    Job job = JobReader.read(Files.writeString(folder.resolve("job.json"), json), List.of());
    assertThat(job.output()).isEqualTo("007");
    assertThat(job.report().reference()).containsExactly("null", "1");
    assertThat(job.report().sampleBytes()).isEqualTo(1_000_000);
    assertThat(job.name()).isEqualTo("🌲 \\ / \t\u0085");
    assertThat(
            JobReader.read(Files.writeString(folder.resolve("b"), JobWriter.yaml(job)), List.of()))
        .isEqualTo(job);
    String text = " lead\n\ttab \u2028 \u0085 # : - ? | > ' \" \\ " + "long ".repeat(100) + "end ";
    Job written =
        JobReader.of(
            List.of(
                Setting.of("name", text),
                Setting.of("output", "o"),
                Setting.of("corpus.inputs", List.of("a")),
                Setting.of("tokenizer.load", "t")),
            "flags");
    assertThat(written.name()).isEqualTo(text);
    assertThat(read(JobWriter.yaml(written))).isEqualTo(written);
  }

  private static TrainSection train(String keys) throws IOException {
    return read("{output: o, tokenizer: {train: {" + keys + "}}}").tokenizer().train();
  }

  private void refuseTrain(String keys, String... message) {
    refuse("{output: o, tokenizer: {train: {" + keys + "}}}", message);
  }

  private void refuse(String yaml, String... message) {
    assertThatThrownBy(
            () -> JobReader.read(Files.writeString(folder.resolve("j.yaml"), yaml), List.of()))
        .isInstanceOf(JobException.class)
        .hasMessageContainingAll(message);
  }
}
