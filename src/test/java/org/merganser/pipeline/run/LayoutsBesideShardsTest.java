package org.merganser.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.Seeds;
import org.merganser.corpus.WorkUnit;
import org.merganser.corpus.select.DuplicateList;
import org.merganser.job.JobReader;
import org.merganser.pipeline.Jobs;
import org.merganser.pipeline.MerganserRun;
import org.merganser.pipeline.OutputTree;
import org.merganser.pipeline.RenderedChats;
import org.merganser.pipeline.encode.UnitEncoder;
import org.merganser.pipeline.prepare.PreparationOptions;
import org.merganser.pipeline.prepare.PreparedRun;
import org.merganser.pipeline.prepare.RunPreparation;
import org.merganser.pipeline.spec.RunSpec;
import org.merganser.pipeline.spec.Stage;
import org.merganser.pipeline.spec.TokenizerSource;

/**
 * Layouts that are written while a unit is encoded have the bytes of those that are converted from
 * its shards later.
 */
@Tag("run")
final class LayoutsBesideShardsTest {
  private static final String ALL = "[parquet, megatron, bin, npy, datatrove, litdata, dolma]";

  @TempDir Path folder;
  private final List<String> settings = new ArrayList<>();

  @BeforeEach
  void writeACorpus() throws IOException {
    Random random = new Random(Seeds.next());
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 300; i++) {
      String text = " word" + Integer.toString(random.nextInt(900), 26);
      lines.append(
          "{\"id\":\"d%d\",\"lang\":\"%s\",\"text\":\"%s\"}%n"
              .formatted(i, i % 3 == 0 ? "en" : "de", text.repeat(random.nextInt(60))));
    }
    lines.append("{\"text\": broken}\n");
    Files.writeString(Files.createDirectories(folder.resolve("corpus")).resolve("a.jsonl"), lines);
    Path whole = Files.writeString(folder.resolve("whole.txt"), "low lower lowest words\n");
    Jobs.train(
        folder.resolve("tokenizer"),
        "--input %s --vocab-size 300 --pattern gpt2 --special-token <|end|>",
        whole);
    settings.add("corpus.inputs=" + folder.resolve("corpus"));
    settings.add("corpus.format=jsonl");
    settings.add("corpus.maxDeadLetterRate=1");
    settings.add("corpus.validation=0.2");
    settings.add("tokenizer.load=" + folder.resolve("tokenizer/tokenizer.json"));
    settings.add("shards.endOfDocument=<|end|>");
    settings.add("report.enabled=false");
  }

  private List<String> job(Path output, String formats) {
    List<String> all = new ArrayList<>(settings);
    all.add("output=" + output);
    all.add("shards.formats=" + formats);
    return all;
  }

  private void run(Path output, String formats) throws IOException {
    MerganserRun.prepare(
            JobReader.of(job(output, formats), "the job"), List.of(), PreparationOptions.NONE)
        .execute(new MerganserRun.Options("run", true, warning -> {}, false));
  }

  /** The layouts of a unit that is encoded and not converted. */
  private List<String> besideShards() throws IOException {
    Path out = folder.resolve("unit");
    PreparedRun run = RunPreparation.prepare(JobReader.of(job(out, ALL), "the job"));
    run.publish(true);
    RunSpec spec = run.spec().seenBy(Stage.ENCODE);
    for (WorkUnit unit : run.units()) {
      new UnitEncoder(spec, ((TokenizerSource.Ready) spec.tokenizer()).file(), DuplicateList.NONE)
          .encode(unit);
    }
    List<String> layouts =
        OutputTree.files(out).stream()
            .map(path -> path.replaceFirst("^\\.merganser-staged/[^/]+/", ""))
            .filter(path -> path.matches("(shards|validation)/[^/]+/.*"))
            .map(path -> path.split("/")[0] + "/" + path.split("/")[1])
            .filter(path -> !path.endsWith("/parquet"))
            .distinct()
            .sorted()
            .toList();
    OutputTree.delete(out);
    return layouts;
  }

  private void requireTheSame(String... beside) throws IOException {
    assertThat(besideShards()).containsExactly(beside);
    Path once = folder.resolve("once");
    run(once, ALL);
    Path later = folder.resolve("later");
    run(later, "[parquet]");
    run(later, ALL);
    SortedMap<String, String> expected = OutputTree.sums(later);
    assertThat(OutputTree.sums(once)).isEqualTo(expected);
    OutputTree.delete(once);
    OutputTree.delete(later);
  }

  private static final String[] PLAIN = {
    "shards/bin",
    "shards/datatrove",
    "shards/dolma",
    "shards/megatron",
    "shards/npy",
    "validation/bin",
    "validation/datatrove",
    "validation/dolma",
    "validation/megatron",
    "validation/npy"
  };

  @Test
  void plainLayoutsAreWrittenBesideTheShards() throws IOException {
    requireTheSame(PLAIN);
  }

  @Test
  void eachOfManyShardsHasItsParts() throws IOException {
    settings.add("shards.maxTokens=2000");
    requireTheSame(PLAIN);
  }

  @Test
  @Tag("long")
  void aShardThatHasToBeDividedIsConverted() throws IOException {
    settings.add("shards.maxTokens=20"); // less than a document has
    requireTheSame();
  }

  @Test
  void packedShuffledMergedAndPartitionedLayoutsAreConverted() throws IOException {
    for (String setting :
        List.of(
            "shards.shuffle={}",
            "shards.mergedTokens=100000",
            "shards={partitionBy: lang, endOfDocument: '<|end|>'}",
            "shards={columns: {docId: null}, endOfDocument: '<|end|>'}")) {
      settings.add(setting);
      assertThat(besideShards()).as(setting).isEmpty();
      settings.remove(setting);
    }
  }

  @Test
  void aMaskIsWrittenBesideTheShards() throws IOException {
    RenderedChats.write(folder.resolve("corpus/a.jsonl"), new Random(Seeds.next()), 300);
    settings.add("corpus.segmentsField=messages");
    Path once = folder.resolve("once");
    run(once, "[parquet, npy, datatrove, bin]");
    Path later = folder.resolve("later");
    run(later, "[parquet]");
    run(later, "[parquet, npy, datatrove, bin]");
    assertThat(OutputTree.sums(once)).isEqualTo(OutputTree.sums(later));
  }

  @Test
  void whatIsMissingAfterAKillIsConverted() throws IOException {
    Path out = folder.resolve("out");
    run(out, ALL);
    SortedMap<String, String> expected = new TreeMap<>(OutputTree.sums(out));
    Files.delete(out.resolve("manifest.json"));
    for (String file : OutputTree.files(out)) {
      boolean ofNpy =
          file.contains("/npy/")
              || file.startsWith("run/units/")
                  && Files.readString(out.resolve(file)).contains("/npy/");
      if (ofNpy) {
        Files.delete(out.resolve(file));
      }
    }
    run(out, ALL);
    assertThat(OutputTree.sums(out)).isEqualTo(expected);
  }
}
