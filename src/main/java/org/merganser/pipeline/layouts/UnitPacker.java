package org.merganser.pipeline.layouts;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.merganser.dataset.UnitReceipt;
import org.merganser.pipeline.encode.ShardSeries;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.output.Fingerprint;
import org.merganser.pipeline.output.OutputLayout;
import org.merganser.pipeline.output.ShardSet;
import org.merganser.pipeline.output.UnitFiles;
import org.merganser.pipeline.step.LayoutPlan;
import org.merganser.pipeline.step.LocalFiles;
import org.merganser.pipeline.step.RunSpec;
import org.merganser.pipeline.step.SplitSide;
import org.merganser.pipeline.step.Stage;
import org.merganser.pipeline.step.StageMeter;
import org.merganser.pipeline.step.UnitWork;
import org.merganser.pipeline.step.WorkerTokenizers;
import org.merganser.shard.ParquetShardWriter;

/** Packs the documents of a unit's shards into sequences of one length. */
final class UnitPacker {
  private final RunSpec spec;
  private final SplitSide side;
  private final FileRef ref;
  private final LayoutPlan plan;

  UnitPacker(RunSpec spec, SplitSide side, FileRef ref) {
    this.side = side;
    this.spec = spec;
    this.ref = ref;
    this.plan = LayoutPlan.of(spec);
  }

  /** Packs a unit, or finds that it was packed before; the receipt has what became of the ids. */
  ShardSet pack(ShardSet shards) throws IOException {
    UnitWork work =
        new UnitWork(
            spec.layout(),
            Stage.PACK,
            "pack",
            shards.unit(),
            Fingerprint.of(
                "pack" + shards.groupFolder(), plan.arrangement(), ref.sha256(), shards.sums()),
            "the packed sequences of unit " + shards.unit());
    return set(work.receipt(files -> pack(shards, files)), side, spec.layout());
  }

  private void pack(ShardSet shards, UnitFiles files) throws IOException {
    StageMeter meter = StageMeter.of(spec.layout(), Stage.PACK);
    String folder = LayoutPlan.parquetFolder(side, true) + shards.groupFolder();
    try (ShardSeries parts = series(files, plan, folder, shards.unit(), true, ref)) {
      files.note(
          plan.packing(WorkerTokenizers.get(ref))
              .pack(
                  local(shards),
                  shards.unit(),
                  row -> {
                    parts.write(row);
                    meter.add(row.documents(), 0, row.count);
                  }));
      parts.finish();
    }
  }

  /**
   * Packed or shuffled shards.
   *
   * @param folder of the shards, relative to the output
   * @param number in the names of the shards: of the unit, or of the range of a shuffle
   * @param packed whether rows are packed sequences, and not documents
   */
  static ShardSeries series(
      UnitFiles files, LayoutPlan plan, String folder, int number, boolean packed, FileRef ref) {
    Map<String, String> metadata = plan.metadata(ref, packed);
    return new ShardSeries(
        files,
        part -> String.format(Locale.ROOT, "%spart-%07d-%03d.parquet", folder, number, part),
        plan.parquetTokens(),
        file -> new ParquetShardWriter(file, metadata, plan.columns(packed)));
  }

  static List<Path> local(ShardSet shards) throws IOException {
    List<Path> paths = new ArrayList<>();
    for (ShardSet.Shard shard : shards.shards()) {
      paths.add(LocalFiles.of(shard.location()));
    }
    return paths;
  }

  /** The shards of a receipt that holds nothing else. */
  static ShardSet set(UnitReceipt receipt, SplitSide side, OutputLayout layout) {
    return new ShardSet(
        receipt.unit(),
        receipt.files().stream()
            .map(
                file ->
                    new ShardSet.Shard(
                        layout.at(file.path()), file.sha256(), side == SplitSide.VALIDATION))
            .toList(),
        layout.at(receipt.path()));
  }
}
