package org.merganser.pipeline.layouts;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.merganser.dataset.UnitReceipt;
import org.merganser.dataset.WrittenFile;
import org.merganser.job.ShardsSection;
import org.merganser.layout.ShardConversion;
import org.merganser.layout.ShardLayout;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.output.Fingerprint;
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

/**
 * Makes the layouts of a unit in which each shard has files of its own, from its Parquet shards;
 * each layout has its own receipt.
 */
final class UnitConverter {
  private final RunSpec spec;
  private final SplitSide side;
  private final FileRef ref;
  private final LayoutPlan plan;
  private final ShardLayout.Ids ids;

  UnitConverter(RunSpec spec, SplitSide side, FileRef ref) {
    this.spec = spec;
    this.side = side;
    this.ref = ref;
    this.plan = LayoutPlan.of(spec);
    this.ids = plan.ids(WorkerTokenizers.get(ref));
  }

  /** Makes all layouts of a unit, or finds them; returns the locations of their receipts. */
  List<String> convert(ShardSet shards) throws IOException {
    try (StageMeter.Work busy = StageMeter.of(spec.layout(), Stage.CONVERT).begin()) {
      List<String> receipts = new ArrayList<>();
      boolean anew = false;
      for (ShardsSection.ShardFormat format : plan.formats()) {
        anew |= convert(shards, format, busy.meter(), receipts);
      }
      if (anew) {
        busy.meter().unitDone();
      } else {
        busy.meter().unitSkipped();
      }
      return receipts;
    }
  }

  /** Makes a layout unless it is there, and adds its receipt; whether this run made it. */
  private boolean convert(
      ShardSet shards, ShardsSection.ShardFormat format, StageMeter meter, List<String> receipts)
      throws IOException {
    String folder = plan.folder(side, format) + shards.groupFolder();
    String fingerprint =
        Fingerprint.of(
            "layout",
            folder,
            plan.layout(format).name(),
            ids,
            plan.maxTokens(),
            plan.maxBytes(),
            ref.sha256(),
            shards.sums());
    UnitReceipt receipt = Receipts.find(spec.layout(), fingerprint, shards.unit());
    boolean anew = receipt == null;
    if (receipt == null) {
      List<WrittenFile> files;
      try {
        files = files(shards, plan.layout(format), folder, meter);
      } catch (IOException e) {
        throw RunException.cannotWrite(
            spec.layout().root(), folder + " of unit " + shards.unit(), e);
      }
      receipt = Receipts.publish(spec.layout(), shards.unit(), "layout", fingerprint, files, null);
    }
    receipts.add(spec.layout().at(UnitReceipt.path(receipt.fingerprint(), receipt.unit())));
    return anew;
  }

  /** Writes the files of a layout. */
  private List<WrittenFile> files(
      ShardSet shards, ShardLayout layout, String folder, StageMeter meter) throws IOException {
    ShardConversion conversion =
        new ShardConversion(layout, ids, plan.maxTokens(), plan.maxBytes());
    try (LayoutFiles files = new LayoutFiles(spec.layout(), folder)) {
      List<ShardConversion.Converted> parts = new ArrayList<>();
      for (String shard : shards.locations()) {
        parts.addAll(conversion.convert(LocalFiles.of(shard), files, partName(shard)));
      }
      parts.forEach(part -> meter.add(part.documents(), 0, part.tokens()));
      return files.publish(parts);
    }
  }

  /** The name of a part: the shard's file name without its suffix. */
  private static String partName(String shard) {
    String file = shard.substring(shard.lastIndexOf('/') + 1);
    return file.substring(0, file.length() - ".parquet".length());
  }
}
