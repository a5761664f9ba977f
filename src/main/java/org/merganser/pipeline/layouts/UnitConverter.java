package org.merganser.pipeline.layouts;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.merganser.layout.ShardConversion;
import org.merganser.pipeline.encode.LayoutFiles;
import org.merganser.pipeline.encode.UnitLayout;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.output.Receipts;
import org.merganser.pipeline.output.RunException;
import org.merganser.pipeline.output.ShardSet;
import org.merganser.pipeline.step.LocalFiles;
import org.merganser.pipeline.step.RunSpec;
import org.merganser.pipeline.step.SplitSide;
import org.merganser.pipeline.step.Stage;
import org.merganser.pipeline.step.StageMeter;

/**
 * Makes the layouts of a unit that are not merged with others from its Parquet shards, unless they
 * were made as the shards were; each layout has its own receipt.
 */
final class UnitConverter {
  private final RunSpec spec;
  private final List<UnitLayout> layouts;

  UnitConverter(RunSpec spec, SplitSide side, FileRef ref) {
    this.spec = spec;
    this.layouts = UnitLayout.of(spec, side, ref);
  }

  /** Makes all layouts of a unit, or finds them; returns the locations of their receipts. */
  List<String> convert(ShardSet shards) throws IOException {
    try (StageMeter.Work busy = StageMeter.of(spec.layout(), Stage.CONVERT).begin()) {
      List<String> receipts = new ArrayList<>();
      boolean anew = false;
      for (UnitLayout layout : layouts) {
        String receipt = layout.receipt(shards);
        anew |= shards.layouts().contains(receipt) || convert(shards, layout, busy.meter());
        receipts.add(receipt);
      }
      if (anew) {
        busy.meter().unitDone();
      } else {
        busy.meter().unitSkipped();
      }
      return receipts;
    }
  }

  /** Makes a layout unless it is there; whether this run made it. */
  private boolean convert(ShardSet shards, UnitLayout layout, StageMeter meter) throws IOException {
    boolean there = Receipts.find(spec.layout(), layout.fingerprint(shards), shards.unit()) != null;
    if (!there) {
      try {
        convertAnew(shards, layout, meter);
      } catch (IOException e) {
        throw RunException.cannotWrite(
            spec.layout().root(),
            layout.folder(shards.groupFolder()) + " of unit " + shards.unit(),
            e);
      }
    }
    return !there;
  }

  private static void convertAnew(ShardSet shards, UnitLayout layout, StageMeter meter)
      throws IOException {
    ShardConversion conversion = layout.conversion();
    try (LayoutFiles files = layout.files(shards.groupFolder())) {
      List<ShardConversion.Converted> parts = new ArrayList<>();
      for (ShardSet.Shard shard : shards.shards()) {
        parts.addAll(
            conversion.convert(
                LocalFiles.of(shard.location()), files, UnitLayout.partName(shard.location())));
      }
      parts.forEach(part -> meter.add(part.documents(), 0, part.tokens()));
      layout.publish(shards, files, parts);
    }
  }
}
