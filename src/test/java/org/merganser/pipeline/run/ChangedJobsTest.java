package org.merganser.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.Seeds;
import org.merganser.job.JobReader;
import org.merganser.pipeline.Jobs;
import org.merganser.pipeline.MerganserRun;
import org.merganser.pipeline.OutputTree;
import org.merganser.pipeline.prepare.PreparationOptions;
import org.merganser.pipeline.progress.StageFigures.Figure;
import org.merganser.pipeline.spec.Stage;

/**
 * Jobs that run one after the other into one folder, each with a change to the one before: exactly
 * the stages that the change decides run again, and the folder then holds the same bytes as a new
 * folder of the same job.
 */
@Tag("run")
final class ChangedJobsTest {
  @TempDir Path folder;

  /** The settings of the job so far; the later of two settings of one key counts. */
  private final Map<String, String> settings = new LinkedHashMap<>();

  /** Stages that publish something in each run that is not up to date. */
  private static final Set<Stage> ALWAYS = Set.of(Stage.MANIFEST, Stage.MEASURE);

  @Test
  void aChangeRunsExactlyTheStagesThatItDecides() throws IOException {
    requireChanges(COMPARED);
  }

  /** A new folder for each job takes as long as all jobs. */
  @Test
  @Tag("long")
  void everyChangedFolderIsLikeANewOne() throws IOException {
    requireChanges(Stream.of(CHANGES).map(change -> change[0]).collect(Collectors.toSet()));
  }

  /**
   * Each of the jobs in a folder of its own, with what counting keeps for encoding, and without it,
   * so that the text is read again.
   */
  @Test
  @Tag("long")
  void everyJobHasTheSameBytesIfItsTextIsReadTwice() throws IOException {
    writeCorpus();
    Jobs.table(folder.resolve("table.parquet"), 400, 8);
    for (String[] change : CHANGES) {
      set(change[1]);
      Path once = folder.resolve("once");
      run(once);
      Path twice = folder.resolve("twice");
      MerganserRun run = prepare(twice);
      Path sequences = twice.resolve("run/sequences");
      Files.createDirectories(sequences.getParent());
      Files.createFile(sequences); // in place of a folder, so that no sequence is written
      run.execute(new MerganserRun.Options("run", true, warning -> {}, false));
      Files.delete(sequences);
      assertThat(OutputTree.sums(once)).as(change[0]).isEqualTo(OutputTree.sums(twice));
      OutputTree.delete(once);
      OutputTree.delete(twice);
    }
  }

  private void set(String changed) {
    for (String setting : changed.split("; ")) {
      int equals = setting.indexOf('=');
      settings.remove(setting.substring(0, equals));
      settings.put(setting.substring(0, equals), setting.substring(equals + 1));
    }
  }

  private void requireChanges(Set<String> compared) throws IOException {
    writeCorpus();
    Jobs.table(folder.resolve("table.parquet"), 400, 8);
    List<String> ran = new ArrayList<>();
    for (String[] change : CHANGES) {
      set(change[1]);
      ran.add(change[0] + ": " + again(run(folder.resolve("out"))));
      if (!compared.contains(change[0])) {
        continue;
      }
      Path fresh = folder.resolve("fresh");
      run(fresh);
      assertThat(OutputTree.sums(folder.resolve("out")))
          .as(change[0])
          .isEqualTo(OutputTree.sums(fresh));
      OutputTree.delete(fresh);
    }
    List<String> expected = new ArrayList<>();
    for (String[] change : CHANGES) {
      expected.add(change[0] + ": " + change[2]);
    }
    assertThat(ran).isEqualTo(expected);
  }

  /** Jobs whose folder is compared with a new one: those that follow many others. */
  private static final Set<String> COMPARED =
      Set.of("smaller files", "another seed", "other text", "a vocabulary alone");

  /** A name, the settings that change, and the stages that run again. */
  private static final String[][] CHANGES = {
    {
      "first",
      "corpus={validation: 0.1, format: jsonl}; "
          + "tokenizer={train: {vocabSize: 300, pattern: gpt2, specialTokens: ['<|end|>']}}; "
          + "shards={endOfDocument: '<|end|>', formats: [parquet]}; "
          + "embeddings={output: [rows]}; learn={ngrams: 2}",
      "count n-grams, count pretokens, encode, join embeddings, learn merges, " + "learn n-grams"
    },
    {"another layout", "shards.formats=[parquet, npy]", "make layouts"},
    {"longer n-grams", "learn.ngrams=3", "count n-grams, learn n-grams"},
    {"pooled vectors", "embeddings.output=[rows, pooled]", "join embeddings"},
    {
      "smaller files",
      "shards.maxTokens=900",
      "count n-grams, encode, join embeddings, make layouts"
    },
    {"kept counts", "tokenizer.train.keepCounts=true", "learn merges"},
    {"a rate of dead letters", "corpus.maxDeadLetterRate=0.5", ""},
    {
      "packed and shuffled",
      "shards.pack={length: 64, remainder: pad}; shards.shuffle={}",
      "make layouts, shuffle"
    },
    {"another seed", "shards.shuffle.seed=5", "make layouts, shuffle"},
    {
      "fewer documents",
      "corpus.deduplicate=exact; tokenizer.train.maxBytes=9000",
      "choose documents, count n-grams, count pretokens, encode, find duplicates, "
          + "join embeddings, learn merges, learn n-grams, make layouts, shuffle"
    },
    {
      "learned vectors",
      "embeddings={learn: {dim: 8}, output: [sequence], dtype: f16}",
      "count pairs, join embeddings, learn vectors, shuffle"
    },
    {
      "tokens across words",
      "tokenizer.train.superwords={from: 0.9}",
      "choose documents, count n-grams, count pairs, count pairs of words, "
          + "count pretokens, count runs of words, encode, find duplicates, "
          + "join embeddings, learn merges, learn n-grams, learn vectors, learn words, "
          + "make layouts, shuffle"
    },
    {
      "other text",
      "corpus.textField=title",
      "choose documents, count n-grams, count pairs, count pairs of words, "
          + "count pretokens, count runs of words, encode, find duplicates, "
          + "join embeddings, learn merges, learn n-grams, learn vectors, learn words, "
          + "make layouts, shuffle"
    },
    {
      "a vocabulary alone",
      "shards={formats: []}; embeddings=null; learn=null",
      "choose documents, count pairs of words, learn merges, learn words"
    },
  };

  private static String again(MerganserRun run) {
    return run.figures().entrySet().stream()
        .filter(stage -> stage.getValue().get(Figure.UNITS_DONE) > 0)
        .filter(stage -> !ALWAYS.contains(stage.getKey()))
        .map(stage -> stage.getKey().label())
        .sorted()
        .collect(Collectors.joining(", "));
  }

  private MerganserRun run(Path output) throws IOException {
    MerganserRun run = prepare(output);
    run.execute(new MerganserRun.Options("run", true, warning -> {}, false));
    return run;
  }

  private MerganserRun prepare(Path output) throws IOException {
    List<String> all = new ArrayList<>(List.of("report.enabled=false", "output=" + output));
    settings.forEach((key, value) -> all.add(key + "=" + value));
    all.add("corpus.inputs=" + folder.resolve("corpus"));
    if (!settings.get("embeddings").contains("learn")
        && !settings.get("embeddings").equals("null")) {
      all.add("embeddings.table=" + folder.resolve("table.parquet"));
    }
    return MerganserRun.prepare(JobReader.of(all, "the job"), List.of(), PreparationOptions.NONE);
  }

  private void writeCorpus() throws IOException {
    Random random = new Random(Seeds.next());
    Files.createDirectories(folder.resolve("corpus"));
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 120; i++) {
      StringBuilder text = new StringBuilder();
      for (int word = 5 + random.nextInt(40); word > 0; word--) {
        text.append(" ").append(Integer.toString(random.nextInt(90) * 37, 26));
      }
      String twice = i % 9 == 8 ? "a text that occurs again" : text.toString();
      lines.append(
          "{\"id\":\"d%d\",\"lang\":\"%s\",\"title\":\"title %s\",\"text\":\"%s\"}%n"
              .formatted(i, i % 3 == 0 ? "en" : "de", text.substring(0, 9), twice));
    }
    Files.writeString(folder.resolve("corpus/texts.jsonl"), lines);
  }
}
