package org.merganser.cli.init;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.merganser.ChildProcess;
import org.merganser.corpus.CorpusException;
import org.merganser.corpus.CorpusInput;
import org.merganser.corpus.InputFormat;
import org.merganser.corpus.read.JsonSample;
import org.merganser.job.Job;
import org.merganser.job.JobReader;
import org.merganser.shard.Duck;

final class CorpusExaminationTest {
  @TempDir Path folder;

  private String proposed() throws IOException {
    JobProposal proposal = CorpusExamination.propose(List.of(folder.toString()));
    return new ProposedJobFile(proposal, input -> "corpus", null).yaml("My corpus", "out");
  }

  /** What is proposed is a job file without a mistake. */
  private Job job(String yaml) throws IOException {
    Path file = Files.createTempFile("job", ".yaml");
    try {
      Files.writeString(file, yaml);
      return JobReader.read(file, List.of());
    } finally {
      Files.delete(file);
    }
  }

  @Test
  void theUsualNamesAreTaken() throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 40; i++) {
      lines.append(
          """
          {"title": "a very long title that is longer than the text, indeed", "n": %d.5,
           "meta": {"lang": "%s"}, "tags": ["x"], "id": %d, "text": "body %d"}
          """
              .formatted(i, i % 2 == 0 ? "en" : "de", i, i)
              .replace("\n ", " "));
    }
    Files.writeString(folder.resolve("a.jsonl"), lines);
    Job job = job(proposed());
    assertThat(job.corpus().textField()).isEqualTo("text");
    assertThat(job.corpus().idField()).isEqualTo("id");
    assertThat(job.shards().groupBy()).isEqualTo("meta.lang");
    assertThat(job.corpus().validation()).isZero();
    assertThat(job.tokenizer().train().vocabSize()).isEqualTo(4096);
  }

  @Test
  void elseTheLongestTextAndWhatTellsRecordsApart() throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 12; i++) {
      lines.append(
          String.format(
              Locale.ROOT,
              "{\"name\": \"n%d\", \"story\": \"long \\u0000 \\u2028 text %d\", \"kind\": %s}%n",
              i,
              i,
              i % 3 == 0));
    }
    lines.append("{\"name\": \"last\", \"kind\": true}\nno JSON\n");
    Files.writeString(folder.resolve("a.jsonl"), lines);
    String yaml = proposed();
    assertThat(yaml)
        .containsPattern("#   story +92 %  text, [0-9]+ characters on average: \"long ")
        .containsPattern("#   kind +100 %  \"false\" 62 %, \"true\" 38 %\n");
    assertThat(yaml.lines()).noneMatch(line -> line.chars().anyMatch(Character::isISOControl));
    Job job = job(yaml);
    assertThat(job.corpus().textField()).isEqualTo("story");
    assertThat(job.corpus().idField()).isEqualTo("name");
    assertThat(job.shards().groupBy()).isEqualTo("kind");
  }

  @Test
  void parquetIsLookedAtLikeJson() throws Exception {
    Duck.query(
        "copy (select 'the body of ' || i as content, {'lang': ['en','fr'][1 + i %% 2]} as meta, i"
            + " as doc_id, i / 2.0 as score from range(30) t(i)) to '%s' (format parquet)",
        folder.resolve("d.parquet"));
    Files.writeString(folder.resolve("damaged.parquet"), "PAR1 and nothing more");
    Job job = job(proposed());
    assertThat(job.corpus().textField()).isEqualTo("content");
    assertThat(job.corpus().idField()).isEqualTo("doc_id");
    assertThat(job.shards().groupBy()).isEqualTo("meta.lang");
  }

  private void write(String name, String template, int records) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < records; i++) {
      lines.append(template.replace("N", Integer.toString(i))).append('\n');
    }
    Files.createDirectories(folder.resolve(name).getParent());
    Files.writeString(folder.resolve(name), lines);
  }

  @Test
  void showsThreeDocumentsOfDifferentFilesAsTheJobReadsThem() throws IOException {
    for (String name : List.of("a", "b", "c", "d", "e")) {
      write(
          name + ".jsonl",
          "{\"id\": \"" + name + "-N\", \"text\": \"" + "w ".repeat(150) + "\"}",
          3);
    }
    String yaml = proposed();
    String shown = "w ".repeat(100);
    assertThat(yaml)
        .contains("#   Each line is a record, and each record is one document, such as:\n")
        .contains("#     \"a-0\": \"" + shown + "…\"\n")
        .contains("#     \"c-0\": \"" + shown + "…\"\n")
        .contains("#     \"e-0\": \"" + shown + "…\"\n");
    Files.delete(folder.resolve("b.jsonl"));
    Files.delete(folder.resolve("c.jsonl"));
    Files.delete(folder.resolve("d.jsonl"));
    Files.delete(folder.resolve("e.jsonl"));
    assertThat(proposed()).contains("\"a-0\": ", "\"a-1\": ", "\"a-2\": ");
  }

  @Test
  void aLineOfAMillionSpacesBeforeALetterIsReadInLinearTime() throws IOException {
    Files.writeString(folder.resolve("a.txt"), " ".repeat(1_000_000) + "x\n");
    assertThat(job(proposed()).corpus().separator()).isNull();
  }

  @Test
  void aLineWithoutLettersOrInBracketsBetweenTextsIsASeparator() throws IOException {
    write("a.txt", "Story N.\n\nIts end.\n<|endoftext|>\n", 30);
    String yaml = proposed();
    assertThat(job(yaml).corpus().separator()).isEqualTo("<|endoftext|>");
    assertThat(yaml)
        .contains("What is between two lines \"<|endoftext|>\" is one document, such as:")
        .contains("#     \"a.txt#0\": \"Story 0.\\n\\nIts end.\"\n");
    write("a.txt", "Poem N\n* * *", 30);
    assertThat(job(proposed()).corpus().separator()).isEqualTo("* * *");
    write("a.txt", "Page N\n\f", 30);
    assertThat(job(proposed()).corpus().separator()).isEqualTo("\f");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "if (aN) {\n  b();\n}", // brackets
        "Text N.\n```\ncode N\n```", // fences
        "the same\n---", // nothing that differs
        "| a | b |\n|---|---|\n| N | 2 |", // tables
        "Line N of a text", // none
        "word N", // no line at all
      })
  void otherLinesSeparateNothing(String template) throws IOException {
    write("a.txt", template, 30);
    assertThat(job(proposed()).corpus().separator()).isNull();
  }

  @Test
  void aMarkWithinLinesIsText() throws IOException {
    write("a.txt", "Story N.<|endoftext|>Story N and more.", 30);
    String yaml = proposed();
    assertThat(job(yaml).corpus().separator()).isNull();
    assertThat(yaml).contains("look at: \"<|endoftext|>\" occurs 30 times within lines");
    Files.writeString(folder.resolve("a.txt"), "one <|endoftext|> two\n");
    assertThat(proposed()).contains("look at: \"<|endoftext|>\" occurs 1 time within lines");
  }

  @Test
  void aFieldOfSplitsIsTheSplitField() throws IOException {
    write(
        "a.jsonl",
        "{\"text\": \"A text N\", \"Split\": \"train\"}\n"
            + "{\"text\": \"B N\", \"Split\": \"Held_Out\"}",
        9);
    Job job = job(proposed());
    assertThat(job.corpus().splitField()).isEqualTo("Split");
    assertThat(job.corpus().validation()).isZero();
    write("b.jsonl", "{\"text\": \"C N\", \"Split\": \"other\"}", 9);
    assertThatThrownBy(this::proposed)
        .isInstanceOf(CorpusException.class)
        .hasMessageContaining("names splits (\"train\", \"Held_Out\")")
        .hasMessageContaining("`splitField: \"Split\"`");
  }

  @Test
  void oneRecordWithoutASplitIsNamedInTheSingular() throws IOException {
    write("a.jsonl", "{\"text\": \"A text N\", \"split\": \"train\"}", 9);
    write("b.jsonl", "{\"text\": \"B text N\", \"split\": \"test\"}", 9);
    write("c.jsonl", "{\"text\": \"C text N\"}", 1);
    assertThatThrownBy(this::proposed)
        .isInstanceOf(CorpusException.class)
        .hasMessageContaining("names splits (\"train\", \"test\"), but 1 record has none. Write");
    write("c.jsonl", "{\"text\": \"C text N\"}", 2);
    assertThatThrownBy(this::proposed).hasMessageContaining("but 2 records have none. Write");
  }

  @Test
  void aFieldOfOtherValuesIsNoSplit() throws IOException {
    write(
        "a.jsonl",
        "{\"text\": \"A text N\", \"subset\": \"news\"}\n{\"text\": \"B N\", \"subset\": \"web\"}",
        9);
    assertThat(job(proposed()).corpus().splitField()).isNull();
  }

  @Test
  void whatIsNamedLikeATestIsSaid() throws IOException {
    write("test.jsonl", "{\"text\": \"A text N\"}", 9);
    assertThat(proposed()).contains("look at: all of it is a test split by its names");
    Files.delete(folder.resolve("test.jsonl"));
    for (String name : List.of("a", "b", "c", "d", "blood-test")) {
      write(name + ".txt", "Text N", 2);
    }
    assertThat(proposed())
        .contains(
            "look at: 1 file has a word of splits in its name, \"blood-test.txt\", and is trained");
  }

  @Test
  void filesWithOtherFieldsAreInputsOfTheirOwn() throws IOException {
    write("a.jsonl", "{\"id\": \"aN\", \"text\": \"A text N\"}", 9);
    write("b.jsonl", "{\"code\": \"int x = N; // a number\"}", 9);
    write("sub/c.jsonl", "{\"body\": \"A body N\"}", 9);
    write("sub/d.jsonl", "{\"body\": \"A body N\"}", 9);
    Job job = found();
    assertThat(job.corpus().textField()).isEqualTo("text");
    assertThat(job.corpus().inputs())
        .extracting(CorpusInput::textField)
        .containsExactly("code", "body", null);
    assertThat(job.corpus().inputs().get(1).path()).endsWith("/{sub}/*");
    assertThat(job.corpus().exclude()).isEmpty();
  }

  @Test
  void aFileWhoseFieldBeginsTheNameOfTheTextDiffers() throws IOException {
    write("a.jsonl", "{\"storyline\": \"A long story of many words, which has the number N\"}", 9);
    write("b.jsonl", "{\"story\": \"Another text N\"}", 9);
    Job job = found();
    assertThat(job.corpus().textField()).isEqualTo("storyline");
    assertThat(job.corpus().inputs())
        .extracting(CorpusInput::textField)
        .containsExactly("story", null);
  }

  @Test
  void aWholeObjectBesideFilesWithOtherFieldsIsReportedOnce() throws IOException {
    write("a.jsonl", "{\"text\": \"A text N\"}", 9);
    write("b.jsonl", "{\"code\": \"int x = N; // a number\"}", 9);
    write("c.jsonl", "{\"data\": [{\"n\": 1}, {\"n\": 2}]}", 1);
    JobProposal proposal = CorpusExamination.propose(List.of(folder.toString()));
    assertThat(proposal.survey().unread().sentences())
        .singleElement(InstanceOfAssertFactories.STRING)
        .startsWith("c.jsonl is ");
    assertThat(proposal.choices().reasonsByGlob()).containsOnlyKeys("c.jsonl");
  }

  @Test
  void validationFilesThatAreNotReadAreNotCountedAsReadForTraining() throws IOException {
    for (int i = 0; i < 2_010; i++) {
      Path file = folder.resolve("train/t%04d.txt".formatted(i));
      Files.createDirectories(file.getParent());
      Files.writeString(file, "A text.\n");
    }
    for (int i = 0; i < 2_000; i++) {
      Path file = folder.resolve("validation/v%04d.pdf".formatted(i));
      Files.createDirectories(file.getParent());
      Files.writeString(file, "%PDF-1.7\n");
    }
    JobProposal proposal = CorpusExamination.propose(List.of(folder.toString()));
    assertThat(proposal.choices().splits()).isNotNull();
    assertThat(proposal.survey().files()).hasSize(2_010);
    assertThat(proposal.survey().filesRead()).isEqualTo(200); // those that are opened
    assertThat(proposal.table())
        .contains(
            "Sizes are estimates: only the 200 smallest files were read fully; `count` reads all.");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "{'de': 'Ein Satz N', 'en': 'A sentence N'}; {de}\\n{en}",
        "{'translation': {'fr': 'Une N', 'en': 'One N'}}; {translation.fr}\\n{translation.en}",
        "{'id': 'aN', 'de': 'Ein Satz N', 'en': 'A sentence N'}; {de}\\n{en}",
        "{'id': 'Satu kalimat N', 'en': 'A sentence N'}; {id}\\n{en}",
        "{'question': 'Who is N?', 'answers': [{'text': 'A'}]}; question",
        "{'n': N, 'sentences': ['One N', 'two']}; sentences",
        "{'image': {'bytes': '\\u0000\\u0001\\u0000\\u0000\\u0000\\u0000', 'path':"
            + " 'images/of/a/long/path/N.png'}, 'caption': 'A cat N'}; caption"
      })
  void theTextIsWhatAPersonReads(String record, String textField) throws IOException {
    write("a.jsonl", record.replace('\'', '"'), 30);
    assertThat(job(proposed()).corpus().textField()).isEqualTo(textField.replace("\\n", "\n"));
  }

  @Test
  void idsAloneAreTokenizedAlready() throws IOException {
    write("a.jsonl", "{\"input_ids\": [1, 2, N], \"attention_mask\": [1, 1, 1]}", 9);
    assertThatThrownBy(this::proposed)
        .isInstanceOf(CorpusException.class)
        .hasMessageContaining("this is tokenized already: the field \"input_ids\" has ids");
  }

  @Test
  void recordsThatReferToOthersAreDocumentsOfTheirOwn() throws IOException {
    write("a.jsonl", "{\"id\": \"cN\", \"parent_id\": \"c0\", \"body\": \"A reply N\"}", 9);
    assertThat(proposed())
        .contains("look at: each record is one document, with the field \"body\" alone, although");
  }

  @Test
  void segmentsThatReferToOthersAreNamed() throws IOException {
    write(
        "a.jsonl",
        "{\"parent_id\": \"c0\", \"turns\": [{\"text\": \"A reply N\", \"loss\": true}]}",
        9);
    assertThat(proposed())
        .contains("look at: each record is one document, with the field \"turns\" alone, although");
  }

  @Test
  void textHasNoFields() throws IOException {
    Files.writeString(folder.resolve("a.txt"), "Some text.\n");
    Files.writeString(folder.resolve("b\u001b.pdf"), "%PDF-1.7\n");
    String yaml = proposed();
    assertThat(yaml)
        .containsPattern("#   not read +\\.pdf +1 +9 B  \"b.u001B.pdf\": a PDF document\n")
        .contains("- \"b\\u001B.pdf\"  # a PDF document\n")
        .doesNotContain("textField");
    assertThat(job(yaml).corpus().textField()).isEqualTo("text");
  }

  @Test
  void aSmallFileWithoutTextIsLeftOutOfTexts() throws IOException {
    Files.writeString(folder.resolve("README.md"), "A text that is part of the corpus.\n");
    Files.writeString(folder.resolve("b.txt"), "Another text of the same kind.\n");
    Files.writeString(folder.resolve("config.json"), "{\"a\": 1}\n");
    assertThat(proposed())
        .contains("- \"config.json\"  # missing-text")
        .doesNotContain("- \"README")
        .doesNotContain("textField");
    Files.writeString(folder.resolve("config.json"), "{\"a\": 1}\n".repeat(9));
    assertThatThrownBy(this::proposed)
        .hasMessageContaining("no field holds text that can be read: config.json: 0 documents");
  }

  @Test
  void aFieldOfEmptyTextsIsNotTheText() throws IOException {
    String record = "{\"id\": %d, \"text\": \"\", \"content\": \"A sentence of record %1$d.\"}\n";
    Files.writeString(folder.resolve("a.jsonl"), record.formatted(1) + record.formatted(2));
    assertThat(job(proposed()).corpus().textField()).isEqualTo("content");
  }

  @Test
  void refusesWhatIsNoCorpus() throws IOException {
    Files.writeString(folder.resolve("a.pdf"), "%PDF-1.7\n");
    assertThatThrownBy(this::proposed)
        .isInstanceOf(CorpusException.class)
        .hasMessageContaining(
            "no file holds text that can be read: a.pdf is a PDF document, which is not read:"
                + " extract its text with pdftotext");
    Files.delete(folder.resolve("a.pdf"));
    Files.writeString(folder.resolve("a.jsonl"), "{\"a\": 1}\n{\"a\": [\"text\"]}\n");
    assertThatThrownBy(this::proposed)
        .isInstanceOf(CorpusException.class)
        .hasMessageContaining(
            ": no field holds text that can be read: a.jsonl: 0 documents and 2 dead")
        .hasMessageContaining(
            "there is no field text (corpus.textField); the line has the fields a;");
    Files.writeString(
        folder.resolve("a.jsonl"), "[\n{\"text\": \"A text.\"}\n]\n".replace("\"}", "\","));
    assertThatThrownBy(this::proposed)
        .hasMessageContaining("no file holds text that can be read: a.jsonl: 0 documents and ")
        .hasMessageContaining("the file ends before the array does");
  }

  @Test
  void proposesAJobForAnArrayOfRecordsAndForCsvWithoutCommas() throws IOException {
    Files.writeString(
        folder.resolve("a.json"),
        "[\n"
            + "  {\"n\": 1, \"body\": \"A text of some length\"},\n"
            + "  {\"n\": 2, \"body\": \"Another text\"}\n"
            + "]");
    Files.writeString(
        folder.resolve("b.csv"), ";body\n0;A text of some length\n1;A longer text, with a comma\n");
    String yaml = proposed();
    assertThat(yaml)
        .contains("textField: \"body\"")
        .containsPattern("#   json +\\S+ +1 .* \"a.json")
        .containsPattern("#   csv with ; +\\S+ +1 .* \"b.csv")
        .containsPattern("\\[\"\"\\] .*  no name, as the index of a pandas table");
    assertThat(job(yaml).corpus().textField()).isEqualTo("body");
  }

  @Test
  void anArrayOfChatsIsToldBothStepsInTheirOrder() throws IOException {
    String chat =
        """
        {
            "messages": [
              {"role": "user", "content": "Who?"},
              {"role": "assistant", "content": "Me."}
            ]
          }\
        """;
    Files.writeString(
        folder.resolve("a.json"), "[\n  " + (chat + ",\n  ").repeat(5000) + chat + "]");
    assertThatThrownBy(this::proposed)
        .message()
        .containsSubsequence(
            "field messages holds chats",
            "json.loads(line)[\"messages\"]",
            "jq -c '.[]' %s/a.json | python3 render.py > segments.jsonl".formatted(folder),
            "init segments.jsonl --output segments.yaml");
  }

  @Test
  void descriptionsAloneAreNoCorpusWhereTheRecordsCannotBeRead() throws IOException {
    Files.writeString(folder.resolve("README.md"), "A data set.\n");
    assertThat(proposed()).as("it is all there is").contains("inputs:");
    Path records = folder.resolve("data.jsonl");
    Files.writeString(records, "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\n");
    assertThatThrownBy(this::proposed).hasMessageContaining("git lfs pull");
  }

  @Test
  void segmentsAreProposedWithAWordOnTheirTemplate() throws IOException {
    Files.writeString(
        folder.resolve("a.jsonl"),
        """
        {"lang": "en", "segments": [{"text": "<|im_start|>user\\nWho?<|im_end|>", "loss": false}]}
        {"lang": "de", "segments": [{"text": "Me.<|im_end|>", "loss": true}]}
        """);
    String yaml = proposed();
    assertThat(yaml).contains("# template in them, such as <|im_end|>, belong in specialTokens");
    assertThat(job(yaml).corpus().segmentsField()).isEqualTo("segments");
  }

  @Test
  void aFileWithoutTextTakesNoIdFromTheRecords() throws IOException {
    String records =
        """
        {"hint": "Say how %1$d", "text": "A text", "id": %1$d, "lang": "en", "stars": %2$d}
        """;
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 12; i++) {
      lines.append(records.formatted(i, i % 2));
    }
    Files.writeString(folder.resolve("a.jsonl"), lines);
    Files.writeString(folder.resolve("dataset_infos.json"), "{\"default\": {\"rows\": 12}}\n");
    Job job = job(proposed());
    assertThat(job.corpus().idField()).isEqualTo("id");
    assertThat(job.shards().groupBy()).as("all records have one language").isNull();
    Files.writeString(folder.resolve("a.jsonl"), lines.toString().replace("\"id\"", "\"stars\""));
    assertThat(proposed()).as("a sentence is no id").contains("# No field is unique");
    Files.writeString(folder.resolve("a.jsonl"), "{\"text\": \"a b\", \"id\": 7}\n".repeat(2));
    assertThat(proposed())
        .as("the default reads the field id, whose values occur again")
        .doesNotContain("  idField:")
        .contains("Without a field \"id\", documents are named by file");
  }

  @Test
  void arrowIsRefusedByName() throws IOException {
    Files.write(folder.resolve("data.arrow"), new byte[] {-1, -1, -1, -1, 16, 0, 0, 0, 4, 0, -7});
    Files.writeString(folder.resolve("dataset_dict.json"), "{\"splits\": [\"train\"]}\n");
    assertThatThrownBy(this::proposed)
        .hasMessageContaining(
            "data.arrow is an Arrow file, as data sets of HF are cached, which is not read");
  }

  @Test
  void sourceCodeIsTextWhateverItsNames() throws IOException {
    for (String name : List.of("a.py", "b.java", "c.rs", "package.json", "pom.xml", "README.md")) {
      Files.writeString(folder.resolve(name), "{\n  \"x\": 1\n}\n");
    }
    Files.write(folder.resolve("logo.png"), new byte[] {(byte) 0x89, 'P', 'N', 'G', 13, 10});
    String yaml = proposed();
    assertThat(yaml).containsPattern("#   text +\\.py +1 ").doesNotContain("- \"*.png");
    assertThat(job(yaml).corpus().format()).isEqualTo(InputFormat.TEXT);
  }

  @Test
  void descriptionsAreNotLearnedFrom() throws IOException {
    Files.writeString(folder.resolve("part.jsonl"), "{\"text\": \"A text.\"}\n");
    Files.writeString(folder.resolve("README.md"), "A data set.\n");
    assertThat(proposed()).contains("- \"README.md\"  # it describes the records\n");
  }

  @Test
  void damagedFilesAreToldBeforeARunReadsThem() throws IOException {
    Path whole = folder.resolve("whole.jsonl.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(whole))) {
      out.write("{\"text\": \"low lower lowest\"}\n".repeat(9).getBytes(StandardCharsets.UTF_8));
    }
    byte[] gzip = Files.readAllBytes(whole);
    Files.write(folder.resolve("cut.jsonl.gz"), Arrays.copyOf(gzip, gzip.length - 6));
    JobProposal proposal = CorpusExamination.propose(List.of(folder.toString()));
    assertThat(proposal.survey().unread().sentences())
        .singleElement()
        .asString()
        .startsWith("cut.jsonl.gz: 8 documents and 2 dead letters, the first truncated: ");
  }

  @Test
  void filesOfOneKindAreOneSentenceWithACommandForTheFirst() throws IOException {
    for (String name : List.of("a", "b", "c", "d e")) {
      Files.writeString(folder.resolve(name + ".html"), "<html><p>one</html>");
    }
    Files.writeString(folder.resolve("one.txt"), "A text.\n");
    Files.writeString(folder.resolve("it's.pdf"), "%PDF-1.7\n");
    assertThat(CorpusExamination.propose(List.of(folder.toString())).survey().unread().sentences())
        .satisfiesExactlyInAnyOrder(
            html ->
                assertThat(html)
                    .startsWith("each of 4 files (a.html, b.html, c.html, …) is HTML, which is")
                    .contains("plain %s/a.html -o %1$s/a.html.txt, or".formatted(folder)),
            pdf ->
                assertThat(pdf)
                    .endsWith("'%s/it'\\''s.pdf' '%1$s/it'\\''s.pdf'.txt".formatted(folder)));
  }

  @Test
  void aGlobOfAnEndingIsWrittenOnlyForAKindOfManyFiles() throws IOException {
    Files.writeString(folder.resolve("one.txt"), "A text.\n");
    Files.write(folder.resolve("bad.txt.bz2"), new byte[] {'B', 'Z', 'h', '9'});
    for (int i = 0; i < 21; i++) {
      Files.writeString(folder.resolve(i + ".pdf"), "%PDF-1.7\n");
    }
    Files.writeString(folder.resolve("rtf.txt"), "{\\rtf1 one}");
    assertThat(proposed())
        .contains(
            "  - \"*.pdf\"  # all 21 files of these names, also later ones: each is a PDF doc")
        .contains("  - \"rtf.txt\"  # an RTF document\n")
        .contains("  - \"bad.txt.bz2\"  # truncated\n");
    Files.writeString(folder.resolve("0.pdf"), "in fact a text\n");
    assertThat(proposed()).contains("  - \"1.pdf\"  # a PDF document\n").doesNotContain("*.pdf");
  }

  @Test
  void equalFilesAreNamedOnceWithTheCopySecond() throws IOException {
    String text = "{\"text\": \"A text that is long enough not to be equal by chance, indeed.\"}\n";
    for (String name : List.of("data.jsonl", "data (1).jsonl", "data (2).jsonl", "b.jsonl")) {
      Files.writeString(folder.resolve(name), name.startsWith("b") ? text.replace("A", "B") : text);
    }
    assertThat(proposed())
        .contains(
            "#   look at: data.jsonl and data (1).jsonl have the same bytes (2 copies in all): set"
                + " corpus.deduplicate to exact, or leave each copy out with corpus.exclude: \"data"
                + " (1).jsonl\"\n");
  }

  @Test
  void anObjectOfOneLineWithAListOfObjectsIsNoRecordUnlessItHasAText() throws IOException {
    String items = "[{\"id\": 1, \"text\": \"one\"}, {\"id\": 2, \"text\": \"two\"}]";
    String object =
        "{\"source\": \"a text that is long, with words\", \"results\": %s}\n".formatted(items);
    Files.writeString(folder.resolve("page.json"), object);
    assertThatThrownBy(this::proposed)
        .hasMessageContaining(
            "page.json is one JSON object with its records in the list \"results\"")
        .hasMessageContaining(
            "jq -c '.results[]' %s/page.json > %1$s/page.json.jsonl makes".formatted(folder));
    Files.writeString(folder.resolve("page.json"), object.replace("source", "text"));
    assertThat(job(proposed()).corpus().textField()).isEqualTo("text");
    Files.writeString(folder.resolve("page.json"), object + object);
    assertThat(job(proposed()).corpus().textField()).isEqualTo("source");
  }

  @Test
  void textThatSeemsToBeMarkupOrMailIsReadAndSaid() throws IOException {
    Files.writeString(folder.resolve("a.txt"), "<html><body><p>one</p></body></html>\n");
    Files.writeString(folder.resolve("b.txt"), "Plain text of a few words.\n");
    assertThat(proposed())
        .contains("#   look at: a.txt seems to be HTML, and its markup is read as text\n")
        .doesNotContain("exclude");
  }

  @Test
  void eachEncodingHasASentence() throws IOException {
    String cyrillic =
        "\u0412\u0441\u0435 \u0441\u0447\u0430\u0441\u0442\u043b\u0438\u0432\u044b\u0435"
            + " \u0441\u0435\u043c\u044c\u0438 \u043f\u043e\u0445\u043e\u0436\u0438";
    Files.write(folder.resolve("ru.txt"), cyrillic.getBytes("windows-1251"));
    Files.write(folder.resolve("fr.txt"), "une soir\u00e9e".getBytes(StandardCharsets.ISO_8859_1));
    Files.writeString(folder.resolve("ok.txt"), "A text.\n");
    assertThat(CorpusExamination.propose(List.of(folder.toString())).survey().unread().sentences())
        .anyMatch(
            s ->
                s.endsWith(
                    "iconv -f WINDOWS-1251 -t UTF-8 %s/ru.txt > %1$s/ru.utf8.txt"
                        .formatted(folder)))
        .anyMatch(
            s ->
                s.endsWith(
                    "iconv -f ISO-8859-1 -t UTF-8 %s/fr.txt > %1$s/fr.utf8.txt".formatted(folder)));
  }

  @Test
  void manyFilesAreJudgedBySomeOfEachEnding() throws IOException {
    for (int i = 0; i < 2_100; i++) {
      Files.writeString(folder.resolve("t%04d.txt".formatted(i)), "A text.\n");
    }
    Files.writeString(folder.resolve("a.rtf"), "{\\rtf1 one}");
    assertThat(proposed())
        .containsPattern("#   text +\\.txt +2,100 +16\\.8 kB  \"t0000.txt\"\n")
        .contains("Formats are those of 201 files: \"a.rtf\", evenly spread to \"t2089.txt\".")
        .contains("  - \"a.rtf\"  # an RTF document\n");
  }

  private void records(String path, int count, String record) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < count; i++) {
      lines.append(record.replace("N", "" + i).strip()).append('\n');
    }
    Path file = folder.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, lines);
  }

  /** The job of the folder as a command would write it, with its inputs as they are found. */
  private Job found() throws IOException {
    JobProposal proposal = CorpusExamination.propose(List.of(folder.toString()));
    return job(new ProposedJobFile(proposal, input -> input, null).yaml("c", "out"));
  }

  private List<String> paths(List<CorpusInput> inputs) {
    return inputs.stream().map(i -> i.path().substring(folder.toString().length() + 1)).toList();
  }

  @Test
  void splitsOfADownloadAreTrainedOnValidatedOnAndLeftOut() throws IOException {
    for (String split : List.of("train", "validation", "test")) {
      records("data/" + split + "-00000-of-00001.jsonl", 9, "{\"text\": \"A text N.\"}");
    }
    Files.writeString(folder.resolve("README.md"), "A data set.\n");
    Job job = found();
    assertThat(paths(job.corpus().inputs())).containsExactly("data/train*.jsonl");
    assertThat(paths(job.corpus().validationInputs())).containsExactly("data/validation*.jsonl");
    assertThat(job.corpus().validation()).isZero();
    assertThat(proposed())
        .contains(
            "# By their names the files are train, validation, test.\n",
            "# Not read: 1 file of the split test; 1 file without a split, such as \"README.md\".")
        .containsPattern("#   test +1 +[0-9]+ B  not read +\"data/test-00000")
        .doesNotContain("look at: ");
  }

  @Test
  void foldersOfSplitsKeepTheirNames() throws IOException {
    for (String split : List.of("train", "dev", "eval")) {
      records(split + "/part-0.jsonl", 9, "{\"text\": \"A text N.\"}");
    }
    assertThat(paths(found().corpus().inputs())).containsExactly("{train}/**");
    assertThat(paths(found().corpus().validationInputs())).containsExactly("{dev}/**");
    for (String split : List.of("train", "dev", "eval")) {
      Files.createDirectories(folder.resolve("en"));
      Files.move(folder.resolve(split), folder.resolve("en/" + split));
      records("de/" + split + "/part-0.jsonl", 9, "{\"text\": \"A text N.\"}");
    }
    assertThat(paths(found().corpus().inputs())).containsExactly("**/train/**");
    assertThat(paths(found().corpus().validationInputs())).containsExactly("**/dev/**");
  }

  @Test
  void testDataBesideRecordsOfNoSplitAreLeftOut() throws IOException {
    records("books.jsonl", 9, "{\"text\": \"A text N.\"}");
    records("test.jsonl", 9, "{\"text\": \"A text N.\"}");
    assertThat(found().corpus().exclude()).containsExactly("test*.jsonl");
    Files.delete(folder.resolve("books.jsonl"));
    records("dev.jsonl", 9, "{\"text\": \"A text N.\"}");
    assertThat(found().corpus().exclude()).as("nothing is for training").isEmpty();
    assertThat(proposed()).contains("#   look at: input ");
  }

  private static final String LONG = "a text of some words, which differs in N";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'prompt': 'Who N?', 'completion': 'LONG'}|{prompt}\\n\\n{completion}",
        "{'prompt': 'Who N? ', 'completion': 'LONG'}|{prompt}{completion}",
        "{'instruction': 'Do N', 'input': '', 'output': 'LONG'}|{instruction}\\n"
            + "\\n"
            + "{input}\\n"
            + "\\n"
            + "{output}",
        "{'question': 'LONG', 'answer': 'Yes'}|{question}\\n\\n{answer}",
        "{'system_prompt': 'S', 'question': 'N', 'response': 'R'}|{system_prompt}\\n"
            + "\\n"
            + "{question}\\n"
            + "\\n"
            + "{response}",
        "{'context': 'LONG', 'question': 'N', 'answers': {'text': ['A']}}|{context}\\n"
            + "\\n"
            + "{question}\\n"
            + "\\n"
            + "{answers.text[0]?}",
        "{'prompt': 'N', 'chosen': 'LONG', 'rejected': 'A bad one'}|{prompt}\\n\\n{chosen}",
        "{'text': 'LONG', 'instruction': 'Do N', 'output': 'O'}|text",
      })
  void promptsAndAnswersAreJoined(String record, String template) throws IOException {
    records("a.jsonl", 12, record.replace("LONG", LONG).replace('\'', '"'));
    String yaml = proposed();
    assertThat(job(yaml).corpus().textField()).isEqualTo(template.replace("\\n", "\n"));
    assertThat(yaml.contains("# Each record is a prompt and its answer"))
        .isEqualTo(template.startsWith("{"));
    assertThat(
            yaml.contains("# A record with an empty \"input\" keeps the empty lines around it.\n"))
        .isEqualTo(template.contains("{input}") && template.contains("{instruction}"));
    assertThat(yaml.contains("  # Not used, though they hold text: \"rejected\".\n"))
        .isEqualTo(record.contains("rejected"));
    assertThat(yaml.contains("#   not used: \"instruction\", \"output\"\n"))
        .isEqualTo(record.contains("'text': 'LONG'"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'prompt': 'N', 'messages': [{'role': 'user', 'content': 'Who?'}]}",
        "{'id': 'N', 'conversations': [{'from': 'human', 'value': 'Who?'}]}",
        "{'prompt': 'N', 'chosen': [{'role': 'user', 'content': 'Who?'}], 'rejected': []}"
      })
  void chatsWantTheTemplateOfTheirModel(String record) throws IOException {
    records("a.jsonl", 12, record.replace('\'', '"'));
    assertThatThrownBy(this::proposed)
        .hasMessageContaining("holds chats. They become text by the template of the model")
        .hasMessageContaining("python3 render.py < %s/a.jsonl > segments.jsonl\n", folder);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[{'role': 'user', 'content': 'Who? '||i}, {'role': 'assistant', 'content': 'Me.'}]"
            + " as messages",
        "[{'from': 'human', 'value': 'Who? '||i}, {'from': 'gpt', 'value': 'Me.'}] as conversations"
      })
  void theCommandForChatsInParquetWritesTheirLines(String column) throws Exception {
    Path file = folder.resolve("it's.parquet");
    Duck.query(
        "copy (select i as id, " + column + " from range(9) t(i)) to '%s' (format parquet)",
        file.toString().replace("'", "''"));
    String message = catchThrowable(this::proposed).getMessage();
    assertThat(message).contains("\npython3 render.py < records.jsonl > segments.jsonl\n");
    String name = column.substring(column.lastIndexOf(' ') + 1);
    assertThat(message).contains("json.loads(line)[\"" + name + "\"]");
    Path lines = folder.resolve("records.jsonl");
    String command =
        message.lines().filter(line -> line.startsWith("duckdb -c ")).findFirst().get();
    String sql =
        ChildProcess.output(
            new ProcessBuilder("bash", "-c", command.replace("duckdb -c", "printf %s")));
    Duck.query(sql.replace("'records.jsonl'", "'" + lines + "'"));
    List<String> written = Files.readAllLines(lines);
    assertThat(written).hasSize(9);
    assertThat(JsonSample.ofLines(written.get(8)).get(0).get(name))
        .isInstanceOfSatisfying(
            JsonNode.class,
            turns -> {
              assertThat(JsonSample.beginsChat(turns)).isTrue();
              assertThat(turns.toString()).contains("Who? 8", "Me.");
            });
  }

  @Test
  void chatsInSeveralCompressedFilesAreDecompressed() throws IOException {
    String chat = "{\"messages\": [{\"role\": \"user\", \"content\": \"Who?\"}]}\n";
    for (String name : List.of("a.jsonl.gz", "b.jsonl.gz")) {
      try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(folder.resolve(name)))) {
        out.write(chat.getBytes(StandardCharsets.UTF_8));
      }
    }
    assertThatThrownBy(this::proposed)
        .hasMessageContaining(
            "gzip -dc < %s/a.jsonl.gz | python3 render.py > segments.jsonl  # each other file"
                + " likewise, with >>\n",
            folder);
  }

  @Test
  void validationFilesWithOtherFieldsNameTheirOwn() throws IOException {
    records("train.jsonl", 12, "{\"id\": \"N\", \"text\": \"Some text N\"}");
    records("valid.jsonl", 12, "{\"key\": \"N\", \"content\": \"Other text N\"}");
    String yaml = proposed();
    assertThat(yaml)
        .contains("# These files have other fields than those that are trained on.\n")
        .doesNotContain("exclude:");
    List<CorpusInput> held = job(yaml).corpus().validationInputs();
    assertThat(held).hasSize(1);
    assertThat(held.get(0).textField()).isEqualTo("content");
    assertThat(held.get(0).idField()).isEqualTo("key");
    records("dev.jsonl", 12, "{\"id\": \"N\", \"text\": \"Some other text N\"}");
    List<CorpusInput> mixed = job(proposed()).corpus().validationInputs();
    assertThat(mixed.get(0).textField()).isEqualTo("content");
    assertThat(mixed.get(mixed.size() - 1).textField()).as("as in training").isNull();
  }

  @Test
  void chatsInStringsAreAskedFor() throws IOException {
    records(
        "a.jsonl",
        12,
        "{\"id\": N, \"chat\": \"[{\\\"role\\\": \\\"user\\\", \\\"content\\\": \\\"Who is"
            + " N?\\\"}]\"}");
    assertThatThrownBy(this::proposed)
        .hasMessageContaining("the field \"chat\" holds chats as strings of JSON")
        .hasMessageContaining("jq -c '.chat |= fromjson' < %s/a.jsonl > lists.jsonl", folder);
    records("a.jsonl", 12, "{\"id\": N, \"note\": \"[sic] a text of N\"}");
    assertThat(job(proposed()).corpus().textField()).isEqualTo("note");
  }

  @Test
  void listsOfWordsAreAskedFor() throws IOException {
    records("a.jsonl", 12, "{\"tokens\": [\"The\", \"N\"], \"ner_tags\": [0, 1]}");
    assertThatThrownBy(this::proposed)
        .hasMessageContaining("the field \"tokens\" is a list of words")
        .hasMessageContaining(
            "jq -c '.text = (.tokens | join(\" \"))' < %s/a.jsonl > texts.jsonl", folder);
    records("a.jsonl", 12, "{\"dialog\": [\"Who is N?\", \"It is me.\"], \"act\": [0, 1]}");
    assertThat(job(proposed()).corpus().textField()).isEqualTo("dialog");
  }

  @Test
  void aListWithMoreTextThanTheFieldIsSaid() throws IOException {
    String longer = "A paragraph of some more words than the title has. ".repeat(3);
    records(
        "a.jsonl",
        12,
        "{\"title\": \"Of some N\", \"parts\": [{\"no\": 1, \"p\": \"%s\"}]}".formatted(longer));
    assertThat(proposed())
        .contains(
            "look at: most of the text is in the list \"parts\", which is not used: jq -c '.text ="
                + " ([.parts[] | .p // empty] | join(\"\\n\\n\"))' < %s/a.jsonl > texts.jsonl"
                    .formatted(folder));
    records("a.jsonl", 12, "{\"title\": \"Of some N\", \"parts\": [\"%s\"]}".formatted(longer));
    assertThat(proposed()).contains("textField: \"parts\" reads its strings");
    records("a.jsonl", 12, "{\"title\": \"Of some N\", \"parts\": [\"Of few\"]}");
    assertThat(proposed()).doesNotContain("most of the text");
  }

  @Test
  void aTextOfRowsOrRecordsIsSaid() throws IOException {
    records("a.txt", 12, "ham\tA text of N");
    assertThat(proposed())
        .contains(
            "look at: a.txt has 2 fields between tabs in each line, like a table, and is one"
                + " document here: corpus.format: tsv reads each row as one, after this: sed -i.bak"
                + " '1i"
                + " label\\ttext' %s/a.txt\n".formatted(folder));
    records("a.txt", 12, "N\u0001A text of N");
    assertThat(proposed())
        .contains(
            "after this: sed -i.bak 'y/\\x01/\\t/' %s/a.txt && sed -i.bak '1i id\\ttext' %1$s/a.txt\n"
                .formatted(folder));
    records("a.txt", 12, "12/03/2021, 10:N - Anna: A text");
    assertThat(proposed()).as("two cells may be prose").doesNotContain("look at: a.txt");
    records("a.txt", 12, "{\"text\": \"Some N\"}");
    assertThat(proposed()).contains("look at: a.txt has a JSON object in each line");
    records("a.txt", 9, "one\tN");
    assertThat(proposed()).doesNotContain("look at: a.txt");
    records("a.txt", 12, "One N, and two, of a text\nwithout any");
    assertThat(proposed()).doesNotContain("look at: a.txt");
  }

  @Test
  void linesOfObjectsAreRecordsEvenIfTheFileIsNamedAsATable() throws IOException {
    records("a.csv", 12, "{\"id\": N, \"text\": \"Some N\"}");
    assertThat(proposed()).containsPattern("#   jsonl +\\.csv");
  }

  @Test
  void theLinesOfFrontMatterSeparateNoDocuments() throws IOException {
    for (String name : List.of("a.md", "b.md")) {
      Files.writeString(
          folder.resolve(name),
          "---\ntitle: %s\n---\n\nOne %1$s.\n\n---\n\nTwo %1$s.\n\n---\n\nThree.\n"
              .formatted(name));
    }
    assertThat(proposed()).doesNotContain("separator:");
  }

  @Test
  void aLongTextThatBeginsLikeFrontMatterIsRead() throws IOException {
    Files.writeString(folder.resolve("a.txt"), "---\n" + "- a line of a list\n".repeat(60_000));
    Files.writeString(folder.resolve("b.txt"), "---\n" + "key: a value\n".repeat(60_000) + "---\n");
    assertThat(proposed()).doesNotContain("separator:");
  }

  @Test
  void markupAmongCodeIsSaid() throws IOException {
    Files.writeString(folder.resolve("a.html"), "<!DOCTYPE html><html><p>one</p></html>\n");
    Files.writeString(folder.resolve("b.js"), "let one = 1\n");
    Files.writeString(folder.resolve("c.css"), "a { color: red }\n");
    assertThat(proposed())
        .contains("format: text")
        .contains("look at: a.html seems to be HTML, and its markup is read as text\n");
  }

  @Test
  void anObjectIsJudgedByItsFirst64KiB() throws IOException {
    String license = "a ".repeat(20_000);
    Path file = folder.resolve("a.json");
    Files.writeString(
        file, "{\n\"license\": \"%s\",\n\"records\": [\n{\"text\": \"a b\"}]}".formatted(license));
    assertThatThrownBy(this::proposed).hasMessageContaining("jq -c '.records[]' " + file);
    Files.writeString(
        file, "{\"license\": \"%s\", \"text\": \"a\"}\n".formatted("a ".repeat(600_000)));
    String unknown = "a.json, whose first record is longer than the 1.05 MB that init reads";
    assertThatThrownBy(this::proposed).hasMessageContaining("fields are unknown of " + unknown);
    records("b.jsonl", 3, "{\"body\": \"Some N\"}");
    assertThat(proposed()).contains("The fields above are not those of " + unknown);
  }

  @Test
  void aCompressedFileIsDecompressedBeforeItsCommand() throws IOException {
    Files.writeString(folder.resolve("b.txt"), "Some text.\n");
    try (OutputStream out =
        new GZIPOutputStream(Files.newOutputStream(folder.resolve("a.xml.gz")))) {
      out.write("<?xml version=\"1.0\"?><p>one</p>\n".getBytes(StandardCharsets.UTF_8));
    }
    assertThat(sentences(CorpusExamination.propose(List.of(folder.toString()))))
        .singleElement()
        .asString()
        .contains(
            "decompress it with gzip -dc < %1$s/a.xml.gz > %1$s/a.xml, and then extract its text"
                    .formatted(folder)
                + " with python3 -c",
            "%1$s/a.xml > %1$s/a.xml.txt".formatted(folder));
  }

  private static List<String> sentences(JobProposal proposal) {
    return proposal.survey().unread().sentences();
  }

  @Test
  void whatTheSegmentsOfChatsDoNotHaveIsListed() throws IOException {
    String chat = "[{\"role\": \"user\", \"content\": \"Who?\"}]";
    records(
        "a.jsonl",
        12,
        "{\"id\": \"N\", \"chosen\": %s, \"rejected\": %s, \"score\": 1}".formatted(chat, chat));
    assertThatThrownBy(this::proposed)
        .hasMessageEndingWith(
            "Not in segments.jsonl, though they hold text: \"id\", \"rejected\"\n");
    records("a.jsonl", 12, "{\"chosen\": %s}".formatted(chat));
    assertThatThrownBy(this::proposed).hasMessageEndingWith("--output segments.yaml\n");
  }

  @Test
  void groupsHaveFewShortValues() throws IOException {
    records(
        "a.jsonl",
        30,
        "{\"text\": \"A text N.\", \"note\": \"a sentence of more than forty characters, which"
            + " repeats\"}");
    records("b.jsonl", 30, "{\"text\": \"A text N.\", \"note\": \"\"}");
    assertThat(found().shards().groupBy()).isNull();
    records("a.jsonl", 30, "{\"text\": \"A text N.\", \"note\": \"short\"}");
    assertThat(found().shards().groupBy()).isEqualTo("note");
  }

  @Test
  void aGiantTextBecomesLinesOrParagraphs() throws IOException {
    Path text = folder.resolve("all.txt");
    Files.writeString(text, "A line of the text.\n".repeat(1 << 16));
    assertThat(found().corpus().format()).isEqualTo(InputFormat.LINES);
    Files.writeString(text, "A line of the text.\nAnother.\n\n".repeat(1 << 16));
    assertThat(found().corpus().format()).isEqualTo(InputFormat.PARAGRAPHS);
    Files.writeString(
        text,
        "Some lines of one text that\nare wrapped at some width.\nso on they go until\n"
            .repeat(1 << 15));
    assertThat(found().corpus().format()).isEqualTo(InputFormat.TEXT);
    Files.writeString(text, "a\nshort words\nand a longer line than these two\n".repeat(1 << 16));
    assertThat(found().corpus().format()).isEqualTo(InputFormat.LINES);
    Files.writeString(text, "A text without any line ends. ".repeat(1 << 16));
    assertThat(found().corpus().format()).isEqualTo(InputFormat.TEXT);
    assertThat(proposed()).contains("#   look at: all.txt is one document with 100 % of the text");
    Files.writeString(text, "A line of the text.\n".repeat(1 << 10));
    assertThat(found().corpus().format()).isEqualTo(InputFormat.AUTO);
  }

  @Test
  void aLargerCorpusGetsALargerVocabulary() {
    int before = 0;
    for (long bytes = 1_000; bytes < 1_000_000_000_000L; bytes *= 10) {
      assertThat(ProposedJobFile.vocabSize(bytes))
          .isGreaterThanOrEqualTo(before)
          .isLessThan(130_000);
      before = ProposedJobFile.vocabSize(bytes);
    }
    assertThat(ProposedJobFile.vocabSize(172_000_000)).isEqualTo(32_000);
  }
}
