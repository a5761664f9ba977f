package org.merganser.pipeline.convert;

import java.util.List;
import java.util.Map;
import org.merganser.pipeline.encode.ShardSeries;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.receipt.ShardSet;
import org.merganser.pipeline.output.receipt.UnitFiles;
import org.merganser.pipeline.progress.RunProgress;
import org.merganser.pipeline.progress.StageMeter;
import org.merganser.pipeline.spec.RunSpec;
import org.merganser.pipeline.spec.Stage;
import org.merganser.pipeline.step.JobLayouts;
import org.merganser.pipeline.step.ResumableUnit;
import org.merganser.shard.ParquetShardWriter;
import org.merganser.shard.ShardPacking;

/**
 * What packing and shuffling share: how a unit is divided into parts, the resumable work on a part,
 * and the shards that rows go to. {@link UnitPacker} packs, and {@link GlobalShuffle} shuffles.
 *
 * @param tokenizerRef the tokenizer.json
 * @param plan how the job packs and shuffles
 */
record ArrangedShards(RunSpec spec, FileRef tokenizerRef, JobLayouts plan) {
  ArrangedShards(RunSpec spec, FileRef tokenizerRef) {
    this(spec, tokenizerRef, JobLayouts.of(spec));
  }

  /**
   * The parts of a unit by side of the split and group.
   *
   * @param stage that processes them
   * @param unitsOfPart the number of units of the stage that each part becomes; the plan has told
   *     its meter those of one part, and it receives those of the others here
   */
  static List<ShardSet> parts(RunSpec spec, Stage stage, int unitsOfPart, ShardSet unit) {
    List<ShardSet> parts = unit.parts();
    RunProgress.meter(spec.paths(), stage)
        .findUnits("parts of unit " + unit.unit(), (long) unitsOfPart * (parts.size() - 1));
    return parts;
  }

  /**
   * The work on a part of a unit.
   *
   * @param name of the stage in the receipt
   * @param shards of the part
   */
  ResumableUnit work(Stage stage, String name, ShardSet shards) {
    return ResumableUnit.of(
        spec,
        stage,
        name,
        shards.unit(),
        shards.groupFolder(),
        tokenizerRef.sha256(),
        shards.sums());
  }

  /**
   * The shards that packed or shuffled rows are written to.
   *
   * @param files of the unit
   * @param side the folder of all layouts of a side of the split
   * @param group the folder of the rows' group; empty without one
   * @param number the number in the names of the shards: of the unit, or of the range of a shuffle
   * @param packed whether the rows are packed sequences, not documents
   */
  ShardSeries series(UnitFiles files, String side, String group, int number, boolean packed) {
    Map<String, String> metadata = plan.metadata(tokenizerRef, packed);
    String folder = JobLayouts.parquetFolder(side, packed) + group;
    return new ShardSeries(
        files,
        part -> folder + OutputPaths.part(number, part),
        plan.parquetTokens(),
        file -> new ParquetShardWriter(file, metadata, plan.columns(packed)));
  }

  /** A consumer that writes rows to shards, and counts them in the meter of a stage. */
  ShardPacking.Rows rows(ShardSeries target, Stage stage) {
    StageMeter meter = RunProgress.meter(spec.paths(), stage);
    return row -> {
      target.write(row);
      long textBytes = 0; // shards have no text
      meter.add(row.documents(), textBytes, row.count);
    };
  }
}
