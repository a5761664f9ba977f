package org.merganser.pipeline.convert;

import java.io.IOException;
import java.util.function.Consumer;
import org.merganser.output.figures.PackFigures;
import org.merganser.pipeline.encode.ShardSeries;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.receipt.ShardSet;
import org.merganser.pipeline.output.receipt.UnitFiles;
import org.merganser.pipeline.spec.RunSpec;
import org.merganser.pipeline.spec.Stage;
import org.merganser.pipeline.step.ResumableUnit;
import org.merganser.pipeline.worker.LocalFiles;
import org.merganser.pipeline.worker.WorkerTokenizers;
import org.merganser.shard.ShardPacking;

/**
 * Packs the documents of units into sequences of one length, as the job asks for. {@link
 * org.merganser.shard.SequencePacker} decides which documents a sequence has.
 */
final class UnitPacker {
  private final ArrangedShards arranged;

  UnitPacker(RunSpec spec, FileRef tokenizerRef) {
    this.arranged = new ArrangedShards(spec, tokenizerRef);
  }

  /** Packs a unit, unless it was packed before. The receipts have the counts of packing. */
  void pack(ShardSet unit, Consumer<ShardSet> out) throws IOException {
    for (ShardSet shards : ArrangedShards.parts(arranged.spec(), Stage.PACK, 1, unit)) {
      ResumableUnit work = arranged.work(Stage.PACK, "pack", shards);
      out.accept(ShardSet.of(work.complete(files -> pack(shards, files)), work.location()));
    }
  }

  /** Packs the documents of one side of the split and group. */
  private void pack(ShardSet shards, UnitFiles files) throws IOException {
    String side = shards.side();
    ShardPacking packing = arranged.plan().packing(WorkerTokenizers.get(arranged.tokenizerRef()));
    boolean packed = true;
    try (ShardSeries sequences =
        arranged.series(files, side, shards.groupFolder(), shards.unit(), packed)) {
      PackFigures figures =
          packing.pack(
              LocalFiles.of(shards.locations()),
              shards.unit(),
              arranged.rows(sequences, Stage.PACK));
      files.addPacked(OutputPaths.packed(side), figures);
      sequences.finish();
    }
  }
}
