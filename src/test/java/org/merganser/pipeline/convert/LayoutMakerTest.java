package org.merganser.pipeline.convert;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.Seeds;
import org.merganser.cli.CommandLineRun;
import org.merganser.corpus.WorkUnit;
import org.merganser.corpus.select.DuplicateList;
import org.merganser.job.JobReader;
import org.merganser.job.Setting;
import org.merganser.pipeline.OutputTree;
import org.merganser.pipeline.encode.UnitEncoder;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.output.RunPaths;
import org.merganser.pipeline.output.receipt.ShardSet;
import org.merganser.pipeline.prepare.PreparedRun;
import org.merganser.pipeline.prepare.RunPreparation;
import org.merganser.pipeline.spec.RunSpec;
import org.merganser.pipeline.spec.TokenizerSource;

/** The layouts of a unit are made of its shards, and only those that are not there. */
final class LayoutMakerTest {
  private static final String ALL = "shards.formats=[bin,npy,megatron,datatrove,litdata]";

  @TempDir Path folder;
  private Path out;
  private RunSpec spec;
  private FileRef ref;
  private List<ShardSet> encoded;

  @BeforeEach
  void writeACorpus() throws IOException {
    Random random = new Random(Seeds.next());
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 300; i++) {
      lines.append("{\"id\": \"d%s é\", \"lang\": \"%s\", \"text\": \"".formatted(i, i % 3));
      lines.append("low lower lowest ".repeat(random.nextInt(4))).append("\"}\n");
    }
    lines.append("{\"text\": \"").append("lowest ".repeat(200)).append("\"}\n");
    Files.writeString(folder.resolve("texts.jsonl"), lines);
    CommandLineRun.line(
            "train --input %s/texts.jsonl --vocab-size=260 --pattern=gpt2 --output %s/tokenizer",
            folder, folder)
        .succeeded();
  }

  /** Encodes all units of a job. */
  private void encode(String corpus, String... settings) throws IOException {
    out = folder.resolve("out");
    List<String> all = new ArrayList<>(List.of(settings));
    all.add(Setting.of("corpus.inputs", List.of(folder.resolve(corpus).toString())));
    all.add(Setting.of("tokenizer.load", folder + "/tokenizer/tokenizer.json"));
    all.add(Setting.of("output", out.toString()));
    PreparedRun run = RunPreparation.prepare(JobReader.of(all, "test"));
    run.publish(true);
    spec = run.spec().withPaths(RunPaths.unstaged(run.spec().paths().output()));
    ref = ((TokenizerSource.Ready) run.spec().tokenizer()).file();
    encoded = new ArrayList<>();
    UnitEncoder encoder = new UnitEncoder(spec, ref, DuplicateList.NONE);
    for (WorkUnit unit : run.units()) {
      encoded.add(encoder.encode(unit));
    }
  }

  /** The receipts of all layouts: of those that are there, and of others, which are made. */
  private Set<String> convert() throws IOException {
    Set<String> receipts = new TreeSet<>();
    LayoutMaker layouts = new LayoutMaker(spec, ref);
    for (ShardSet unit : encoded) {
      layouts.convert(unit, receipts::add);
    }
    return receipts;
  }

  private SortedMap<String, String> layouts() throws IOException {
    SortedMap<String, String> sums = OutputTree.sums(out);
    sums.keySet().removeIf(path -> path.contains("/parquet/") || !path.contains("part-"));
    return sums;
  }

  @Test
  void makesTheLayoutsOfBothSidesOfTheSplit() throws IOException {
    encode("texts.jsonl", ALL, "corpus.validation=0.2", "shards.groupBy=lang");
    assertThat(convert()).hasSize(2 * 5);
    assertThat(layouts().keySet()).anyMatch(path -> path.startsWith("validation/npy/"));
  }

  @Test
  void makesLayoutsInWhichALimitCutsAShard() throws IOException {
    // The last document alone is larger, so the part of its shard is numbered.
    encode("texts.jsonl", ALL, "shards.maxTokens=500");
    assertThat(layouts()).isEmpty();
    assertThat(convert()).hasSize(5);
    assertThat(layouts().keySet()).anyMatch(path -> path.matches("shards/npy/.*-\\d{3}-000\\.npy"));
  }

  @Test
  void makesLayoutsOfShardsThatLackAColumn() throws IOException {
    encode("texts.jsonl", ALL, "shards.columns={docId: null}");
    assertThat(convert()).hasSize(5);
  }

  @Test
  void makesWhatWasLostAndNothingElse() throws IOException {
    encode("texts.jsonl", ALL);
    Set<String> made = convert();
    SortedMap<String, String> sums = layouts();
    SortedMap<String, FileTime> times = OutputTree.times(out, "shards/npy/");
    Files.delete(out.resolve(sums.firstKey()));
    assertThat(convert()).isEqualTo(made);
    assertThat(layouts()).isEqualTo(sums);
    assertThat(OutputTree.times(out, "shards/npy/")).isEqualTo(times);
  }
}
