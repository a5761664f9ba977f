package org.merganser.pipeline.layouts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
import org.merganser.pipeline.OutputTree;
import org.merganser.pipeline.PreparedRun;
import org.merganser.pipeline.RenderedChats;
import org.merganser.pipeline.RunPreparation;
import org.merganser.pipeline.encode.UnitEncoder;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.output.ShardSet;
import org.merganser.pipeline.step.RunSpec;
import org.merganser.pipeline.step.SplitSide;
import org.merganser.pipeline.step.TokenizerSource;

/** Layouts that are made while a unit is encoded are those that are made of its shards. */
final class UnitConverterTest {
  private static final String ALL = "shards.formats=[bin,npy,megatron,datatrove,litdata]";

  @TempDir Path folder;
  private Path out;
  private RunSpec spec;
  private FileRef ref;
  private List<UnitEncoder.Encoded> encoded;

  @BeforeEach
  void writeACorpus() throws IOException {
    Random random = new Random(Seeds.next());
    RenderedChats.write(folder.resolve("chats.jsonl"), random, 300);
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 300; i++) {
      lines.append("{\"id\": \"d%s é\", \"lang\": \"%s\", \"text\": \"".formatted(i, i % 3));
      lines.append("low lower lowest ".repeat(random.nextInt(4))).append("\"}\n");
    }
    lines.append("{\"text\": \"").append("lowest ".repeat(200)).append("\"}\n");
    Files.writeString(folder.resolve("texts.jsonl"), lines);
    CommandLineRun.of(
            "train",
            "--input",
            folder + "/texts.jsonl",
            "--vocab-size=260",
            "--pattern=gpt2",
            "--output",
            folder + "/tokenizer")
        .succeeded();
  }

  /** Encodes all units of a job; returns how many layouts were made meanwhile. */
  private int encode(String corpus, String... settings) throws IOException {
    out = folder.resolve("out");
    List<String> all = new ArrayList<>(List.of(settings));
    all.add(JobReader.texts("corpus.inputs", List.of(folder.resolve(corpus).toString())));
    all.add(JobReader.text("tokenizer.load", folder + "/tokenizer/tokenizer.json"));
    all.add(JobReader.text("output", out.toString()));
    PreparedRun run = RunPreparation.prepare(JobReader.of(all, "test"));
    run.publish();
    spec = run.spec();
    ref = ((TokenizerSource.Ready) spec.tokenizer()).file();
    encoded = new ArrayList<>();
    UnitEncoder encoder = new UnitEncoder(spec, ref);
    for (WorkUnit unit : run.units()) {
      encoded.add(encoder.encode(unit, DuplicateList.NONE));
    }
    return encoded.stream().mapToInt(unit -> unit.shards().layouts().size()).sum();
  }

  /** Hands on receipts of all layouts: of those that are there, and of others, which are made. */
  private Set<String> convert(Set<String> made) throws IOException {
    Set<String> receipts = new TreeSet<>();
    for (SplitSide side : SplitSide.values()) {
      UnitConverter converter = new UnitConverter(spec, side, ref);
      for (UnitEncoder.Encoded unit : encoded) {
        ShardSet shards = unit.shards().withLayouts(made);
        ShardSet ofSide = side == SplitSide.TRAINING ? shards.training() : shards.validation();
        if (!ofSide.shards().isEmpty()) {
          receipts.addAll(converter.convert(ofSide));
        }
      }
    }
    return receipts;
  }

  private SortedMap<String, String> layouts() throws IOException {
    SortedMap<String, String> sums = OutputTree.sums(out);
    sums.keySet().removeIf(path -> path.contains("/parquet/") || !path.contains("part-"));
    return sums;
  }

  /** The slow twin: what was made while encoding is deleted and made of the shards. */
  private void assertMadeAlikeOfShards() throws IOException {
    Set<String> made = new TreeSet<>();
    encoded.forEach(unit -> made.addAll(unit.shards().layouts()));
    SortedMap<String, String> sums = layouts();
    assertThat(convert(made)).containsExactlyElementsOf(made);
    List<byte[]> receipts = new ArrayList<>();
    for (String receipt : made) {
      receipts.add(Files.readAllBytes(Path.of(receipt)));
      Files.delete(Path.of(receipt));
    }
    for (String path : sums.keySet()) {
      Files.delete(out.resolve(path));
    }
    assertThat(convert(Set.of())).containsExactlyElementsOf(made);
    assertThat(layouts()).isNotEmpty().isEqualTo(sums);
    int next = 0;
    for (String receipt : made) {
      assertThat(Files.readAllBytes(Path.of(receipt))).isEqualTo(receipts.get(next++));
    }
  }

  @Test
  void isSparedAllLayoutsOfBothSidesOfTheSplit() throws IOException {
    assertThat(encode("texts.jsonl", ALL, "corpus.validation=0.2", "shards.groupBy=lang"))
        .isEqualTo(2 * 5);
    assertMadeAlikeOfShards();
  }

  @Test
  void isSparedLayoutsWithALossMask() throws IOException {
    int made =
        encode(
            "chats.jsonl",
            "shards.formats=[npy,bin,datatrove]",
            "corpus.format=jsonl",
            "corpus.segmentsField=messages");
    assertThat(made).isEqualTo(3);
    assertMadeAlikeOfShards();
  }

  @Test
  void isSparedLayoutsOfShardsThatALimitCuts() throws IOException {
    assertThat(encode("texts.jsonl", ALL, "shards.maxTokens=1500", "shards.bin.header=llmc"))
        .isEqualTo(5);
    assertThat(encoded.get(0).shards().shards()).hasSizeGreaterThan(1);
    assertMadeAlikeOfShards();
  }

  @Test
  void makesLayoutsInWhichALimitCutsAShard() throws IOException {
    // The last document alone is larger, so the part of its shard is numbered.
    assertThat(encode("texts.jsonl", ALL, "shards.maxTokens=500")).isZero();
    assertThat(layouts()).isEmpty();
    assertThat(convert(Set.of())).hasSize(5);
    assertThat(layouts().keySet()).anyMatch(path -> path.matches("shards/npy/.*-\\d{3}-000\\.npy"));
  }

  @Test
  void makesLayoutsOfShardsThatLackAColumn() throws IOException {
    assertThat(encode("texts.jsonl", ALL, "shards.columns={docId: null}")).isZero();
    assertThat(convert(Set.of())).hasSize(5);
  }

  @Test
  void makesLayoutsOfGroups() throws IOException {
    assertThat(encode("texts.jsonl", ALL, "shards.partitionBy=lang")).isZero();
  }

  @Test
  void makesLayoutsOfPackedSequences() throws IOException {
    String pack = "shards.pack={length: 16, remainder: drop}";
    assertThat(encode("texts.jsonl", "shards.formats=[megatron]", pack)).isZero();
  }

  @Test
  void makesWhatWasLostAfterItWasEncoded() throws IOException {
    encode("texts.jsonl", ALL);
    SortedMap<String, String> sums = layouts();
    Set<String> made = encoded.get(0).shards().layouts();
    Files.delete(Path.of(made.iterator().next()));
    Files.delete(out.resolve(sums.firstKey()));
    assertThat(convert(Set.of())).containsExactlyElementsOf(made);
    assertThat(layouts()).isEqualTo(sums);
  }
}
