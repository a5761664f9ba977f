package org.merganser.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.corpus.CorpusInput;
import org.merganser.corpus.InputFormat;
import org.merganser.layout.ShardFormat;
import org.merganser.shard.ShardColumn;
import org.merganser.shard.ShardPacking;

final class JobReaderTest {
  private static final String LEAST =
      """
      corpus:
        inputs: [ "corpus/**" ]
      tokenizer:
        train:
          vocabSize: 4096
          pattern: qwen2
      output: target/out
      """;

  @TempDir Path folder;

  @Test
  void fillsInEveryDefault() throws IOException {
    Job job = read(LEAST);
    assertThat(inputs(job)).containsExactly(folder + "/corpus/**");
    assertThat(job.corpus().format()).isEqualTo(InputFormat.AUTO);
    assertThat(job.corpus().maxDocumentBytes()).isEqualTo(64L << 20);
    assertThat(job.tokenizer().train().minFrequency()).isEqualTo(2);
    assertThat(job.tokenizer().train().maxBytes()).isNull();
    assertThat(job.shards().formats()).containsExactly(ShardFormat.PARQUET);
    assertThat(job.embeddings()).isNull();
  }

  @Test
  void leavesTheTreeOfAJobThatItReadsUnchanged() throws IOException {
    ObjectNode tree = JobWriter.tree(read(LEAST));
    tree.withObject("/corpus").putArray("inputs").add("~/texts");
    ObjectNode before = tree.deepCopy();
    Job job = JobReader.read(tree, "test", "");
    assertThat(inputs(job)).containsExactly(Locations.expanded("~/texts"));
    assertThat(tree).isEqualTo(before);
  }

  @Test
  void readsNamesOfColumnsAndWritesThemBack() throws IOException {
    Job job =
        read(
            LEAST
                + """
                shards:
                  preset: hf
                  columns: { docId: "späße 🌲", part: null }
                """);
    assertThat(job.shards().columns())
        .containsEntry(ShardColumn.DOC_ID, "späße 🌲")
        .containsEntry(ShardColumn.PART, null)
        .hasSize(2);
    assertThat(read(JobWriter.yaml(job))).isEqualTo(job);
  }

  @Test
  void refusesNamesOfColumnsThatNoReaderTellsApart() {
    refusal(LEAST + "shards: { columns: { file: DOC_ID } }")
        .hasMessageContaining(
            "shards.columns.file: \"DOC_ID\" is the name of shards.columns.docId, too, for readers"
                + " that ignore case; rename one of them");
    refusal(LEAST + "shards: { columns: { starts: Docs, docIds: dOCS } }")
        .hasMessageContaining("is the name of shards.columns.starts, too");
    refusal(LEAST + "shards: { columns: { file: '' } }")
        .hasMessageContaining("shards.columns.file: \"\" must be a text that is not empty");
    refusal(LEAST + "shards: { columns: { file: \"a\\0b\" } }")
        .hasMessageContaining("shards.columns.file: is no name of a column");
    refusal(LEAST + "shards: { columns: { tokenIds: null } }")
        .hasMessageContaining("shards.columns.tokenIds: null, but a shard needs the ids");
    String longest = "x".repeat(200);
    refusal(LEAST + "shards: { columns: { file: " + longest + "y } }")
        .hasMessageContaining(
            "shards.columns.file: is no name of a column: one has up to 200 characters");
    assertThatCode(() -> read(LEAST + "shards: { columns: { file: " + longest + " } }"))
        .doesNotThrowAnyException();
  }

  @Test
  void readsBackWhatItsWriterWrites() throws IOException {
    Job job = read(LEAST);
    assertThat(read(JobWriter.yaml(job))).isEqualTo(job);
  }

  @Test
  void listsEveryProblemAtOnceWithPathValueAndWhatIsAllowed() {
    assertThatThrownBy(
            () ->
                read(
                    """
                    corpus:
                      inputs: corpus
                      excludeIds: {a: 1}
                      format: jsnl
                      txtField: body
                    tokenizer:
                      train:
                        vocabSize: many
                        pattern: qwen2
                        minFrequency: -1
                    """))
        .isInstanceOfSatisfying(
            JobException.class,
            e ->
                assertThat(
                        e.getMessage().lines().map(line -> line.substring(line.indexOf(": ") + 2)))
                    .containsExactly(
                        "corpus.txtField: unknown key; did you mean \"textField\"? Known here:"
                            + " inputs, exclude, includeAll, format, separator, textField,"
                            + " segmentsField, idField, splitField, maxDocumentBytes,"
                            + " maxWholeDocumentBytes, invalidUtf8, failOnDeadLetters,"
                            + " maxDeadLetterRate, validation, validationInputs, deduplicate,"
                            + " excludeIds, append, minAge, changedFiles",
                        "corpus.format: \"jsnl\" is not allowed; allowed: auto, text, lines,"
                            + " paragraphs, jsonl, json, csv, tsv, parquet, warc; did you mean"
                            + " \"jsonl\"?",
                        "corpus.excludeIds: {\"a\":\"1\"} must be a list, such as [ \"…\" ]",
                        "tokenizer.train.vocabSize: \"many\" must be an integer of at least 1"
                            + " and at most 16777216, such as 32000, 32k, 64Ki, 5GiB or 1.5TB",
                        "tokenizer.train.minFrequency: -1 must be an integer of at least 0",
                        "output: is required and missing. Meaning: Write this folder."));
  }

  @Test
  void refusesALimitOfWholeDocumentsBelowThatOfDocuments() throws IOException {
    Path file = Files.writeString(folder.resolve("job.yaml"), LEAST);
    assertThat(
            JobReader.read(file, List.of("corpus.maxWholeDocumentBytes=67108864"))
                .corpus()
                .maxWholeDocumentBytes())
        .isEqualTo(64L << 20);
    assertThatThrownBy(() -> JobReader.read(file, List.of("corpus.maxWholeDocumentBytes=67108863")))
        .hasMessageContaining(
            "corpus.maxWholeDocumentBytes: 67108863 must be at least corpus.maxDocumentBytes, which"
                + " is 67108864");
  }

  @Test
  void takesAnInputAsAPathOrAsASection() throws IOException {
    Job job =
        read(
            LEAST.replace(
                "[ \"corpus/**\" ]", "[ a, { path: ../b, group: x, weight: 2 }, { path: /c } ]"));
    assertThat(job.corpus().inputs())
        .containsExactly(
            CorpusInput.of("a"),
            new CorpusInput("../b", null, null, null, null, "x", 2),
            CorpusInput.of("/c"));
    assertThat(read(JobWriter.yaml(job))).isEqualTo(job);
    assertThat(JobWriter.tree(job).at("/corpus/inputs/2").textValue()).isEqualTo("/c");
    assertThat(JobWriter.tree(job).at("/corpus/inputs/1").size()).isEqualTo(3);
    assertThat(
            JobReader.of(
                    List.of(
                        "corpus.inputs=[{path: a, format: lines}]", "tokenizer.load=t", "output=o"),
                    "flags")
                .corpus()
                .inputs())
        .extracting(CorpusInput::format)
        .containsExactly(InputFormat.LINES);
  }

  @Test
  void refusesASeparatorThatIsNoLineOrHasNoTextToSeparate() {
    assertThatThrownBy(
            () ->
                read(
                    LEAST.replace(
                        "[ \"corpus/**\" ]",
                        "[ { path: a, separator: \"\\t\" }, { path: b, format: text, separator:"
                            + " \"--- \" }, { path: c, format: lines, separator: \"---\" } ]\n"
                            + "  separator: \"a\\n"
                            + "b\"")))
        .hasMessageContaining("corpus.inputs[0].separator: \"\t\" begins or ends with a space")
        .hasMessageContaining("corpus.inputs[1].separator: \"--- \" begins or ends with a space")
        .hasMessageContaining(
            "corpus.inputs[2].separator: has no effect on files of format lines; it is for format:"
                + " text")
        .hasMessageContaining("corpus.separator: a separator is one line");
  }

  @Test
  void takesOneInputWithoutAList() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("job.yaml"), LEAST.replace("[ \"corpus/**\" ]", "~/corpus"));
    Job job = JobReader.read(file, List.of());
    assertThat(job.corpus().inputs())
        .containsExactlyElementsOf(CorpusInput.of(List.of(System.getenv("HOME") + "/corpus")));
    assertThat(
            JobReader.read(file, List.of("corpus.inputs={path: b, format: lines}"))
                .corpus()
                .inputs())
        .extracting(input -> job.at(input.path()), CorpusInput::format)
        .containsExactly(tuple(Path.of("b").toAbsolutePath().toString(), InputFormat.LINES));
    refusal(LEAST.replace("[ \"corpus/**\" ]", "{ format: lines }"))
        .hasMessageContaining(
            "corpus.inputs.path: is required and missing. Meaning: Read this file, folder or glob");
  }

  @Test
  void takesSizesAsPeopleWriteThem() throws IOException {
    Path file = Files.writeString(folder.resolve("job.yaml"), LEAST);
    Job job =
        JobReader.read(
            file,
            List.of(
                "tokenizer.train.vocabSize=32k",
                "corpus.maxDocumentBytes=64Ki",
                "tokenizer.train.maxBytes=1.5TB",
                "shards.maxBytes='5 GiB'",
                "report.sampleBytes=1e6"));
    assertThat(job.tokenizer().train().vocabSize()).isEqualTo(32_000);
    assertThat(job.corpus().maxDocumentBytes()).isEqualTo(65_536);
    assertThat(job.tokenizer().train().maxBytes()).isEqualTo(1_500_000_000_000L);
    assertThat(JobWriter.tree(job).at("/shards/maxBytes").longValue()).isEqualTo(5L << 30);
    assertThat(JobWriter.tree(job).at("/report/sampleBytes").longValue()).isEqualTo(1_000_000);
    refusal(LEAST.replace("vocabSize: ", "vocabSize: 17Mi # "))
        .hasMessageContaining(
            "vocabSize: \"17Mi\" must be an integer of at least 1 and at most 16777216, such as"
                + " 32000, 32k, 64Ki, 5GiB or 1.5TB");
  }

  @Test
  void overridesAKeyOfTheFile() throws IOException {
    Path file = Files.writeString(folder.resolve("job.yaml"), LEAST);
    Job job =
        JobReader.read(file, List.of("tokenizer.train.vocabSize=512", "shards.endOfDocument=null"));
    assertThat(job.tokenizer().train().vocabSize()).isEqualTo(512);
    assertThat(job.shards().endOfDocument()).isNull();
  }

  @Test
  void refusesAnOverrideOfAnUnknownKeyWithTheNearestKnownOne() {
    assertThatThrownBy(
            () ->
                JobReader.read(
                    Files.writeString(folder.resolve("job.yaml"), LEAST),
                    List.of("tokenizer.train.vocabsize=512")))
        .hasMessageContaining(
            "tokenizer.train.vocabsize: unknown key; did you mean \"vocabSize\"?");
  }

  @Test
  void refusesACharacterThatIsTwo() {
    assertThatThrownBy(
            () ->
                JobReader.read(
                    Files.writeString(folder.resolve("job.yaml"), LEAST),
                    List.of("tokenizer.train.characters=[é, ab]")))
        .hasMessageContaining("tokenizer.train.characters: \"ab\" is not one character");
  }

  @Test
  void refusesPackingAndLayoutsThatMakeNoSense() {
    String[][] refused = {
      {"formats: [npy, npy]", "shards.formats: a layout is listed twice"},
      {"formats: []\n  shuffle: {}", "shards.formats: [] makes no shards, so there is nothing to"},
      {"shuffle: { of: sequences }", "shards.shuffle.of: there are no sequences without"},
      {"pack: { length: 1 }", "shards.pack.length: 1 must be an integer of at least 2"},
      {
        "formats: [megatron, npy]\n  pack: { length: 8 }",
        "shards.endOfDocument: is required: short sequences are filled with it in npy"
      },
      {
        "beginOfDocument: <b>",
        "shards.beginOfDocument: \"<b>\" is not among tokenizer.train.specialTokens []"
      },
      {
        "pack: { length: 8, beginOfDocument: <b> }",
        "shards.pack.beginOfDocument: is shards.beginOfDocument now, which begins each document in"
      },
      {"maxTokens: 7\n  pack: { length: 8 }", "shards.maxTokens: 7 has no room for a sequence of"},
      {"maxBytes: 31\n  pack: { length: 8 }", "shards.maxBytes: 31 has no room for a sequence of"},
      {
        "bin: { header: llmc }", "shards.bin.header: has no effect, since shards.formats has no bin"
      },
      {
        "partition: { groups: [a] }",
        "shards.partition.groups: has no effect without shards.partitionBy"
      },
      {"blend: { weights: { a: 1 } }", "shards.blend: has no effect without shards.partitionBy"},
      {"groupBy: a\n  blend: { alpha: 0 }", "shards.blend: has no effect without shards.partition"},
      {"bin: { header: llm }", "shards.bin.header: \"llm\" is not allowed; allowed: none, llmc"},
    };
    for (String[] pair : refused) {
      refusal(LEAST + "shards:\n  " + pair[0] + "\n").as(pair[0]).hasMessageContaining(pair[1]);
    }
  }

  @Test
  void takesLayoutsWithoutNamingParquetWhichIsAlwaysWritten() throws IOException {
    ShardsSection shards =
        read(LEAST + "shards: { formats: [megatron], maxTokens: 8, pack: { length: 8 } }\n")
            .shards();
    assertThat(shards.formats()).containsExactly(ShardFormat.MEGATRON);
    assertThat(shards.pack())
        .isEqualTo(
            new ShardsSection.Pack(8, ShardPacking.Strategy.CONCAT, ShardPacking.Remainder.KEEP));
  }

  @Test
  void refusesAVocabularyOneBelowBytesAndSpecialTokens() throws IOException {
    String job = LEAST.replace("4096", "%d\n    specialTokens: [ \"<a>\", \"<b>\" ]");
    assertThat(read(String.format(job, 258)).tokenizer().train().vocabSize()).isEqualTo(258);
    refusal(String.format(job, 257))
        .hasMessageContaining("tokenizer.train.vocabSize: 257 is below 258");
  }

  @Test
  void refusesBothAndNeitherOfTrainAndLoad() {
    refusal(LEAST.replace("tokenizer:", "tokenizer:\n  load: a.json"))
        .hasMessageContaining("both are set");
    refusal("corpus: { inputs: [ a ] }\ntokenizer: {}\noutput: o\n")
        .hasMessageContaining("neither is set");
  }

  @Test
  void refusesAnEndOfDocumentThatIsNotASpecialToken() {
    refusal(LEAST + "shards: { endOfDocument: \"<eod>\" }\n")
        .hasMessageContaining(
            "shards.endOfDocument: \"<eod>\" is not among tokenizer.train.specialTokens []");
  }

  @Test
  void refusesANameWithHalfASurrogatePair() throws IOException {
    refusal(LEAST + "name: \"half \\ud83d\"\n")
        .hasMessageContaining("name: has half a surrogate pair, such as \\ud83d, which no UTF-8");
    assertThat(read(LEAST + "name: \"whole \\ud83d\\ude00\"\n").name())
        .isEqualTo("whole \ud83d\ude00");
  }

  @Test
  void namesTheLineThatIsNotYaml() {
    refusal("corpus:\n  inputs: [ a\n").hasMessageContaining("is not YAML");
  }

  @Test
  void namesTheLineThatIsNotUtf8() throws IOException {
    Path file = folder.resolve("latin-1.yaml");
    Files.writeString(file, LEAST + "name: café\n", StandardCharsets.ISO_8859_1);
    long line = LEAST.lines().count() + 1;
    assertThatThrownBy(() -> JobReader.read(file, List.of()))
        .hasMessage("%s: line %d is not YAML: it is not UTF-8", file, line);
    Files.writeString(file, LEAST, StandardCharsets.UTF_16);
    assertThatThrownBy(() -> JobReader.read(file, List.of()))
        .hasMessage("%s: line 1 is not YAML: it is not UTF-8", file);
  }

  @Test
  void refusesAKeyThatIsGivenTwice() {
    refusal(LEAST + "output: other\n").hasMessageContaining("output");
  }

  @Test
  void makesNoObjectsOfYamlTags() {
    refusal("output: !!javax.script.ScriptEngineManager [ a ]\n");
  }

  @Test
  void aSettingThatIsNotYamlAddsNoSection() {
    assertThatThrownBy(() -> JobReader.of(List.of("shards.pack.strategy=*a"), "the command"))
        .hasMessageContaining("*a is an alias")
        .hasMessageNotContaining("shards.pack.length");
  }

  @Test
  void refusesAnAliasAndAListAsWhatTheyAre() {
    refusal("corpus: {inputs: [&data /data]}\noutput: *data\n")
        .hasMessageContaining("line 2 is not YAML: *data is an alias")
        .hasMessageContaining("repeat the value of &data");
    assertThatThrownBy(() -> JobReader.of(List.of("output=*data"), "the command"))
        .hasMessageContaining("--set output=*data: line 1 is not YAML: *data is an alias");
    assertThatThrownBy(() -> JobReader.of(List.of("corpus.inputs=[!include x]"), "the command"))
        .hasMessageContaining("x]: line 1 is not YAML: !include is a tag");
    refusal("- corpus\n- output\n").hasMessageContaining("must be sections such as corpus");
    refusal("corpus:\n  exclude: *.bak\n")
        .hasMessageEndingWith("found .(46); quote a text that begins with * or &");
    refusal("corpus: { exclude: [ &.bak ] }\n")
        .hasMessageContaining("line 1 is not YAML: ")
        .hasMessageEndingWith("; quote a text that begins with * or &");
  }

  @Test
  void readsNoMoreThanAJobFileHasOfADeviceWithoutAnEnd() {
    assertThatThrownBy(() -> JobReader.read(Path.of("/dev/zero"), List.of()))
        .hasMessageContaining("more than 1048576 bytes, the most of a job file");
  }

  @Test
  void buildsTheSameJobFromSettingsAsFromAFile() throws IOException {
    Job job =
        JobReader.of(
            List.of(
                Setting.of("corpus.inputs", List.of("corpus/**")),
                "tokenizer.train.vocabSize=4096",
                Setting.of("tokenizer.train.pattern", "qwen2"),
                Setting.of("output", "target/out")),
            "test");
    assertThat(JobWriter.yaml(job)).isEqualTo(JobWriter.yaml(read(LEAST)));
  }

  @Test
  void refusesNullWhereAKeyHasAlwaysAValue() {
    List<String> settings =
        new java.util.ArrayList<>(
            List.of(
                Setting.of("corpus.inputs", List.of("a")),
                "tokenizer.train.vocabSize=4096",
                "tokenizer.train.pattern=qwen2",
                Setting.of("output", "out")));
    assertThat(JobReader.of(settings, "test").report().sampleBytes()).isEqualTo(4194304);
    settings.add("report.sampleBytes=null");
    settings.add("report.enabled=null");
    assertThatThrownBy(() -> JobReader.of(settings, "test"))
        .hasMessageContaining("report.sampleBytes: null must not be empty")
        .hasMessageContaining("report.enabled: null must not be empty");
  }

  @Test
  void keepsTheCommittedSchemaCurrent() throws IOException {
    assertThat(Files.readString(Path.of("pipelines/job.schema.json")))
        .as(
            "pipelines/job.schema.json; make it with: ./merganser schema >"
                + " pipelines/job.schema.json")
        .isEqualTo(JobSchema.json());
  }

  @Test
  void takesRelativePathsOfAFileFromItsFolderAndThoseOfFlagsFromTheCurrentOne() throws IOException {
    Job job =
        JobReader.read(Path.of("pipelines/sample.yaml"), List.of("embeddings.table=t.parquet"));
    assertThat(inputs(job)).containsExactly("sample-data/corpus");
    assertThat(job.at(job.output())).isEqualTo("target/sample");
    assertThat(job.embeddings().table()).isEqualTo("../t.parquet");
    assertThat(job.at(job.embeddings().table())).isEqualTo("t.parquet");
    Job absolute = JobReader.read(Path.of("pipelines/sample.yaml").toAbsolutePath(), List.of());
    assertThat(absolute.at(absolute.output()))
        .isEqualTo(Path.of("target/sample").toAbsolutePath().toString());
  }

  @Test
  void takesEveryKindOfLocationFromTheFolderOfTheFileAndNothingElse() throws IOException {
    Job job =
        read(
            """
            corpus:
              inputs: [ ./a, /b, "s3://c/*.jsonl", ../d/, "file:///e", "." ]
              textField: f/g
            tokenizer: { load: i/tokenizer.json }
            report: { reference: j.json }
            embeddings: { table: k.parquet }
            output: l
            """);
    String parent = folder.getParent().toString();
    assertThat(inputs(job))
        .containsExactly(
            folder + "/a", "/b", "s3://c/*.jsonl", parent + "/d/", "file:///e", folder.toString());
    assertThat(job.corpus().textField()).isEqualTo("f/g");
    assertThat(job.at(job.tokenizer().load())).isEqualTo(folder + "/i/tokenizer.json");
    assertThat(job.anywhere().at("l")).isEqualTo(folder + "/l");
  }

  @Test
  void goesUpFromTheTargetOfALinkAsTheSystemDoes() throws IOException {
    Path jobs = Files.createDirectories(folder.resolve("elsewhere/jobs"));
    Path link = Files.createSymbolicLink(folder.resolve("jobs"), jobs);
    Files.writeString(jobs.resolve("job.yaml"), LEAST.replace("corpus/**", "../corpus"));
    Job job = JobReader.read(link.resolve("job.yaml"), List.of());
    assertThat(inputs(job)).containsExactly(folder + "/jobs/../corpus");
  }

  @Test
  void takesATildeForTheHomeFolder() throws IOException {
    String home = System.getenv().getOrDefault("HOME", System.getProperty("user.home"));
    Path file =
        Files.writeString(folder.resolve("job.yaml"), LEAST.replace("corpus/**", "~/corpus"));
    Job job = JobReader.read(file, List.of("output=~/out"));
    assertThat(job.corpus().inputs())
        .extracting(CorpusInput::path)
        .containsExactly(home + "/corpus");
    assertThat(job.output()).isEqualTo(home + "/out");
    assertThat(read(LEAST.replace("target/out", "\"~\"")).output()).isEqualTo(home);
    assertThatThrownBy(() -> JobReader.read(file, List.of("output=~bob/out")))
        .hasMessageContaining(
            "output: \"~bob/out\": a ~ means your home folder only alone or before a /");
    Job named = JobReader.read(file, List.of("output=./~bob"));
    assertThat(named.at(named.output())).isEqualTo(Path.of("~bob").toAbsolutePath().toString());
  }

  /** The inputs of a job as they are seen from the current folder. */
  private static List<String> inputs(Job job) {
    return job.corpus().inputs().stream().map(input -> job.at(input.path())).toList();
  }

  private AbstractThrowableAssert<?, ?> refusal(String yaml) {
    return assertThatThrownBy(() -> read(yaml)).isInstanceOf(JobException.class);
  }

  private Job read(String yaml) throws IOException {
    return JobReader.read(Files.writeString(folder.resolve("job.yaml"), yaml), List.of());
  }

  @Test
  void takesAHashInAFlagForAPartOfTheValue() {
    Job job =
        JobReader.of(
            List.of("corpus.inputs=[\"a #1\"]", "tokenizer.load=t.json", "output=/data/run #2 [a]"),
            "flags");
    assertThat(job.output()).isEqualTo("/data/run #2 [a]");
    assertThat(job.corpus().inputs()).extracting(CorpusInput::path).containsExactly("a #1");
  }

  @Test
  void takesAMarkOfDocumentsInAFlagForText() {
    for (String text : List.of("---", "...", "--- a")) {
      List<String> flags =
          List.of("corpus.inputs=a", "tokenizer.load=t", "output=o", "corpus.separator=" + text);
      assertThat(JobReader.of(flags, "flags").corpus().separator()).isEqualTo(text);
    }
  }

  @Test
  void refusesASecondDocumentAndAHugeFileAndCutsLongValues() {
    refusal("output: a\n---\noutput: b\n").hasMessageContaining("has a second YAML document");
    refusal("output: '" + "x".repeat(1 << 20) + "'\n")
        .hasMessageContaining("has more than 1048576 bytes, the most of a job file");
    refusal("corpus: '" + "x".repeat(500_000) + "'\n" + "y".repeat(500) + ": 1\noutput: a\n")
        .hasMessageContaining("(500002 characters) must be a section")
        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(3000));
  }

  @Test
  void saysInPlainWordsWhatIsWrongWithTheYaml() throws IOException {
    refusal("corpus:\n  inputs: [a]\n tokenizer:\n  load: t\n")
        .hasMessageContaining("line 3 is not YAML: it is indented otherwise than the lines before");
    refusal("output: \"C:\\data\\dir\"\n")
        .hasMessageContaining("line 1 is not YAML: \\ in double quotes begins an escape");
    refusal("output: a\noutput: b\n")
        .hasMessageContaining("line 2 is not YAML: the key output occurs twice");
    refusal("output: a: b\n").hasMessageContaining("line 1 is not YAML: a second \": \"");
    refusal("output: a\nname: a\u0007b\n")
        .hasMessageContaining("line 2 is not YAML: it has the control character U+0007");
    refusal("output: a\n[a]: 1\n").hasMessageContaining("line 2 is not YAML: a key that is a list");
    refusal("[".repeat(40))
        .hasMessageContaining("is not YAML: its sections and lists are nested more than 32 deep");
    refusal("{\"a\":".repeat(40))
        .hasMessageContaining("is not YAML: its sections and lists are nested more than 32 deep");
  }

  @Test
  void saysWhatAFileIsThatIsNoJob() throws IOException {
    refusal("").hasMessageContaining("is empty; a job file has sections such as corpus");
    refusal("{\"text\": \"a\"}\n{\"text\": \"b\"}\n")
        .hasMessageContaining("has several JSON values, as the JSON lines of a corpus have");
    refusal("{\"version\": \"1.0\", \"added_tokens\": [], \"normalizer\": null, \"model\": {}}")
        .hasMessageEndingWith(
            "is a tokenizer.json and no job file; a job names it in tokenizer.load");
    refusal("{architectures: [x], hidden_size: 3}")
        .hasMessageEndingWith(
            "has no key of a job file: it has architectures, hidden_size; known here: name,"
                + " corpus, tokenizer, shards, embeddings, learn, report, output");
  }

  @Test
  void namesASectionThatIsIndentedIntoAnotherOne() throws IOException {
    refusal(LEAST.replace("corpus:\n", "corpus:\n  shards: {groupBy: lang}\n"))
        .hasMessageContaining(
            "corpus.shards: unknown key; shards belongs to no section: begin its line without"
                + " spaces. Known here: inputs");
  }

  @Test
  void writesAPercentageAndThousandsAsTheNumbersThatWereMeant() throws IOException {
    refusal(LEAST.replace("corpus:\n", "corpus:\n  validation: 5%\n"))
        .hasMessageContaining("must be a number of at least 0.0")
        .hasMessageEndingWith("; write 0.05");
    refusal(LEAST.replace("vocabSize: ", "vocabSize: 32.000 # "))
        .hasMessageContaining("vocabSize: 32.000 must be an integer")
        .hasMessageEndingWith("; write 32000 or 32");
  }

  @Test
  void saysThatQuotesJoinTheFileAndItsOptions() {
    assertThatThrownBy(() -> JobReader.read(folder.resolve("job.yaml --replace"), List.of()))
        .hasMessageEndingWith(
            "job.yaml --replace: there is no such job file; this is one argument: put only the file"
                + " in quotes, and the options after it");
  }

  @Test
  void refusesAListForOneText() throws IOException {
    refusal(LEAST + "shards: {groupBy: [lang]}\n")
        .hasMessageContaining("shards.groupBy: [\"lang\"] must be one text, without brackets");
  }

  @Test
  void ignoresSpacesAroundTheKeyOfAnOverride() throws IOException {
    Path file = Files.writeString(folder.resolve("job.yaml"), LEAST);
    Job job = JobReader.read(file, List.of("tokenizer.train.vocabSize = 512"));
    assertThat(job.tokenizer().train().vocabSize()).isEqualTo(512);
  }
}
