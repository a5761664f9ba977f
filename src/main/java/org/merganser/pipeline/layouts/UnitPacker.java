package org.merganser.pipeline.layouts;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.merganser.dataset.UnitReceipt;
import org.merganser.dataset.WrittenFile;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.output.Fingerprint;
import org.merganser.pipeline.output.OutputLayout;
import org.merganser.pipeline.output.Receipts;
import org.merganser.pipeline.output.RunException;
import org.merganser.pipeline.output.ShardSet;
import org.merganser.pipeline.step.LayoutPlan;
import org.merganser.pipeline.step.LocalFiles;
import org.merganser.pipeline.step.RunSpec;
import org.merganser.pipeline.step.SplitSide;
import org.merganser.pipeline.step.Stage;
import org.merganser.pipeline.step.StageMeter;
import org.merganser.pipeline.step.WorkerTokenizers;
import org.merganser.shard.PackFigures;

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

  /** Packs a unit, or finds that it was packed before. */
  ShardSet pack(ShardSet shards) throws IOException {
    try (StageMeter.Work busy = StageMeter.of(spec.layout(), Stage.PACK).begin()) {
      return pack(shards, busy.meter());
    }
  }

  private ShardSet pack(ShardSet shards, StageMeter meter) throws IOException {
    String fingerprint =
        Fingerprint.of(
            "pack" + shards.groupFolder(), plan.arrangement(), ref.sha256(), shards.sums());
    UnitReceipt receipt = PackedUnits.find(spec.layout(), fingerprint, shards.unit());
    if (receipt == null) {
      receipt = packAnew(shards, fingerprint, meter);
      meter.unitDone();
    } else {
      meter.unitSkipped();
    }
    return set(receipt, side, spec.layout());
  }

  private UnitReceipt packAnew(ShardSet shards, String fingerprint, StageMeter meter)
      throws IOException {
    List<WrittenFile> files;
    PackFigures figures;
    try (ArrangedShardWriter parts =
        new ArrangedShardWriter(
            spec.layout(),
            plan,
            LayoutPlan.parquetFolder(side, true) + shards.groupFolder(),
            shards.unit(),
            true,
            ref)) {
      figures =
          plan.packing(WorkerTokenizers.get(ref))
              .pack(
                  local(shards),
                  shards.unit(),
                  row -> {
                    parts.write(row);
                    meter.add(row.documents(), 0, row.count);
                  });
      files = parts.publish();
    } catch (IOException e) {
      throw RunException.cannotWrite(
          spec.layout().root(), "the packed sequences of unit " + shards.unit(), e);
    }
    PackedUnits.publish(spec.layout(), fingerprint, shards.unit(), figures);
    return Receipts.publish(spec.layout(), shards.unit(), "pack", fingerprint, files, null);
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
        layout.at(UnitReceipt.path(receipt.fingerprint(), receipt.unit())));
  }
}
