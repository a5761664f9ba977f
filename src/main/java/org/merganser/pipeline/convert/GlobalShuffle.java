package org.merganser.pipeline.convert;

import com.fasterxml.jackson.core.type.TypeReference;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.merganser.checksum.FileSum;
import org.merganser.json.Json;
import org.merganser.output.WrittenFile;
import org.merganser.output.figures.PackFigures;
import org.merganser.output.receipt.UnitReceipt;
import org.merganser.pipeline.encode.ShardSeries;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.receipt.Receipts;
import org.merganser.pipeline.output.receipt.ShardSet;
import org.merganser.pipeline.output.receipt.UnitFiles;
import org.merganser.pipeline.progress.RunProgress;
import org.merganser.pipeline.spec.RunSpec;
import org.merganser.pipeline.spec.Stage;
import org.merganser.pipeline.step.JobLayouts;
import org.merganser.pipeline.step.ResumableUnit;
import org.merganser.pipeline.worker.LocalFiles;
import org.merganser.pipeline.worker.WorkerTokenizers;
import org.merganser.shard.ShardReader;
import org.merganser.shard.ShardRow;
import org.merganser.shard.ShuffleReader;
import org.merganser.shard.ShuffleWriter;
import org.merganser.store.FileStore;

/**
 * Shuffles the rows of all units, documents or packed sequences. It has two passes: first, each
 * unit {@linkplain #spill spills} its rows, sorted by their new place ({@link ShuffleWriter}); then
 * one worker {@linkplain #divide divides} the places into ranges, and each range is collected from
 * all units and {@linkplain #write written} ({@link ShuffleReader}). A range is in memory, not the
 * corpus. The new place of a row depends on the seed and on the row alone ({@link ShuffledRow}).
 */
final class GlobalShuffle {
  /** The maximum bytes of a range's rows, unless a single slot has more. */
  static final long RANGE_BYTES = 64L << 20;

  /** The source of units in the meters: how many ranges there are is known only after spilling. */
  private static final String RANGES = "ranges";

  /** The name of the work of {@link #spill} in receipts, which keep it from release to release. */
  private static final String SPILLING = "set aside";

  /** The name of the work of {@link #write} in receipts. */
  private static final String WRITING = "shuffle";

  /**
   * A range of places in the new order.
   *
   * @param rows the location of a list with the locations of all units' files of rows
   * @param rowsFingerprint of the contents of all these files
   * @param folder the folder of the side of the split and the group of these rows
   * @param number the number of the range in its folder
   * @param packed in the first range, the counts of packing for all units; null in the others
   */
  record Range(
      String rows,
      String rowsFingerprint,
      String folder,
      int number,
      ShuffleReader.Slots slots,
      @Nullable PackFigures packed)
      implements Serializable {}

  private final RunSpec spec;

  /** The tokenizer.json. */
  private final FileRef tokenizerRef;

  private final JobLayouts plan;
  private final ArrangedShards arranged;

  GlobalShuffle(RunSpec spec, FileRef tokenizerRef) {
    this.spec = spec;
    this.tokenizerRef = tokenizerRef;
    this.arranged = new ArrangedShards(spec, tokenizerRef);
    this.plan = arranged.plan();
  }

  /** Spills the rows of a unit, unless that is done; outputs the locations of the receipts. */
  void spill(ShardSet unit, Consumer<String> out) throws IOException {
    for (ShardSet shards : ArrangedShards.parts(spec, Stage.SHUFFLE, 1, unit)) {
      ResumableUnit work = arranged.work(Stage.SHUFFLE, SPILLING, shards);
      out.accept(work.completeAndLocate(files -> spill(shards, work.fingerprint(), files)));
    }
  }

  /**
   * Divides the places into ranges after all units have spilled their rows, and outputs the ranges.
   *
   * @param receipts the locations of the receipts of the spilled rows
   */
  void divide(List<String> receipts, Consumer<Range> out) throws IOException {
    SortedMap<String, List<UnitReceipt>> byFolder = new TreeMap<>();
    for (String location : receipts) {
      UnitReceipt receipt = Receipts.read(location);
      String folder = OutputPaths.folderOfShuffleRows(receipt.files().get(0).path());
      byFolder.computeIfAbsent(folder, f -> new ArrayList<>()).add(receipt);
    }
    List<Range> ranges = new ArrayList<>();
    for (Map.Entry<String, List<UnitReceipt>> folder : byFolder.entrySet()) {
      ranges.addAll(rangesOfFolder(folder.getKey(), folder.getValue()));
    }
    addRangesToMeters(ranges.size());
    ranges.forEach(out);
  }

  /** Writes the rows of a range, unless they were written before. */
  ShardSet write(Range range) throws IOException {
    ResumableUnit work =
        ResumableUnit.of(
            spec,
            Stage.SHUFFLE,
            WRITING,
            range.number(),
            range.rowsFingerprint(),
            range.slots(),
            tokenizerRef.sha256());
    return ShardSet.of(work.complete(files -> write(range, files)), work.location());
  }

  /** Spills the rows of one side of the split and group; sequences are packed before. */
  private void spill(ShardSet shards, String fingerprint, UnitFiles files) throws IOException {
    String path =
        OutputPaths.shuffleRows(
            shards.fingerprint(), fingerprint, shards.side(), shards.groupFolder(), shards.unit());
    FileSum sum;
    try (ShuffleWriter out = new ShuffleWriter(files.begin(path), plan.seed(), shards.unit())) {
      List<Path> local = LocalFiles.of(shards.locations());
      if (plan.shufflesSequences()) {
        files.addPacked(
            OutputPaths.packed(shards.side()),
            plan.packing(WorkerTokenizers.get(tokenizerRef))
                .pack(local, shards.unit(), out::write));
      } else {
        spillDocuments(local, out);
      }
      sum = out.finish();
    }
    files.finishWithoutDocuments(path, sum);
  }

  /** Spills each row of the shards. */
  private static void spillDocuments(List<Path> shards, ShuffleWriter out) throws IOException {
    ShardRow row = new ShardRow();
    for (Path shard : shards) {
      try (ShardReader in = new ShardReader(shard)) {
        while (in.next(row)) {
          out.write(row);
        }
      }
    }
  }

  /**
   * Divides the places of the rows of one side and group.
   *
   * @param folder of the side and the group
   * @param units the receipts of their spilled rows
   */
  private List<Range> rangesOfFolder(String folder, List<UnitReceipt> units) throws IOException {
    List<String> sums = new ArrayList<>();
    List<String> locations = new ArrayList<>();
    PackFigures packed = PackFigures.ZERO;
    for (UnitReceipt unit : units) {
      WrittenFile file = unit.files().get(0);
      locations.add(spec.paths().at(file.path()));
      sums.add(file.sha256());
      for (PackFigures figures : unit.packed().values()) {
        packed = packed.plus(figures);
      }
    }
    String fingerprint = Stage.SHUFFLE.fingerprint(spec.job(), "rows", folder, sums);
    String list = spec.paths().at(OutputPaths.list(fingerprint));
    FileStore.publish(list, Json.MAPPER.writeValueAsBytes(locations));
    List<Range> ranges = new ArrayList<>();
    for (ShuffleReader.Slots slots : ShuffleReader.ranges(locations, RANGE_BYTES)) {
      boolean isFirst = ranges.isEmpty();
      PackFigures ofRange = plan.shufflesSequences() && isFirst ? packed : null;
      ranges.add(new Range(list, fingerprint, folder, ranges.size(), slots, ofRange));
    }
    return ranges;
  }

  /**
   * Adds the ranges to the meters of this stage, whose unit of dividing is done, and of the stages
   * that follow.
   */
  private void addRangesToMeters(int ranges) {
    RunProgress.meter(spec.paths(), Stage.SHUFFLE).unitDone(RANGES);
    RunProgress.meter(spec.paths(), Stage.SHUFFLE).findUnits(RANGES, ranges);
    if (plan.packsAfterShuffle()) {
      RunProgress.meter(spec.paths(), Stage.PACK).findUnits(RANGES, ranges);
    }
    if (!plan.mergesShards()) {
      RunProgress.meter(spec.paths(), Stage.CONVERT)
          .findUnits(RANGES, (long) ranges * plan.formats().size());
    }
  }

  /** Writes the rows of a range, and in the first range the counts of packing. */
  private void write(Range range, UnitFiles files) throws IOException {
    String side = range.folder().substring(0, range.folder().indexOf('/') + 1);
    String group = range.folder().substring(side.length());
    try (ShardSeries shuffled =
        arranged.series(files, side, group, range.number(), plan.shufflesSequences())) {
      byte[] json = FileStore.of(range.rows()).readAll(range.rows());
      List<String> units = Json.MAPPER.readValue(json, new TypeReference<>() {});
      ShuffleReader.read(units, range.slots(), arranged.rows(shuffled, Stage.SHUFFLE));
      shuffled.finish();
    }
    if (range.packed() != null) {
      files.addPacked(OutputPaths.packed(side), range.packed());
    }
  }
}
