package org.merganser.cli.init;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.corpus.CorpusException;
import org.merganser.job.Job;
import org.merganser.job.JobReader;
import org.merganser.shard.Duck;

final class JobProposalTest {
  @TempDir Path folder;

  private String proposed() throws IOException {
    return JobProposal.of(List.of("corpus"), List.of(folder.toString()), "out");
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
    assertThat(job.corpus().records().textField()).isEqualTo("text");
    assertThat(job.corpus().records().idField()).isEqualTo("id");
    assertThat(job.shards().groupBy()).isEqualTo("meta.lang");
    assertThat(job.corpus().choice().validation()).isZero();
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
    assertThat(yaml).contains("  # 1 record without it would be dead letters.\n");
    assertThat(yaml.lines()).noneMatch(line -> line.chars().anyMatch(Character::isISOControl));
    Job job = job(yaml);
    assertThat(job.corpus().records().textField()).isEqualTo("story");
    assertThat(job.corpus().records().idField()).isEqualTo("name");
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
    assertThat(job.corpus().records().textField()).isEqualTo("content");
    assertThat(job.corpus().records().idField()).isEqualTo("doc_id");
    assertThat(job.shards().groupBy()).isEqualTo("meta.lang");
  }

  @Test
  void textHasNoFields() throws IOException {
    Files.writeString(folder.resolve("a.txt"), "Some text.\n");
    Files.writeString(folder.resolve("b\u001b.pdf"), "%PDF-1.7\n");
    String yaml = proposed();
    assertThat(yaml)
        .contains("#   not read     1 file, 9 bytes, no text, such as \"b\\u001B.pdf\"\n")
        .doesNotContain("textField");
    assertThat(job(yaml).corpus().records().textField()).isEqualTo("text");
  }

  @Test
  void refusesWhatIsNoCorpus() throws IOException {
    Files.writeString(folder.resolve("a.pdf"), "%PDF-1.7\n");
    assertThatThrownBy(this::proposed)
        .isInstanceOf(CorpusException.class)
        .hasMessageContaining("no file holds text that can be read (a.pdf");
    Files.delete(folder.resolve("a.pdf"));
    Files.writeString(folder.resolve("a.jsonl"), "{\"a\": 1}\n{\"a\": [\"text\"]}\n");
    assertThatThrownBy(this::proposed)
        .isInstanceOf(CorpusException.class)
        .hasMessageContaining("the records have no field with text; their fields are [a]");
  }

  @Test
  void aLargerCorpusGetsALargerVocabulary() {
    int before = 0;
    for (long bytes = 1_000; bytes < 1_000_000_000_000L; bytes *= 10) {
      assertThat(JobProposal.vocabSize(bytes)).isGreaterThanOrEqualTo(before).isLessThan(130_000);
      before = JobProposal.vocabSize(bytes);
    }
    assertThat(JobProposal.vocabSize(172_000_000)).isEqualTo(32_000);
  }
}
