package org.merganser.pipeline.layouts;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.merganser.dataset.UnitReceipt;
import org.merganser.dataset.WrittenFile;
import org.merganser.job.ShardsSection;
import org.merganser.layout.ShardConversion;
import org.merganser.layout.ShardLayout;
import org.merganser.pipeline.encode.LayoutFiles;
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
import org.merganser.tokenizer.Tokenizer;

/**
 * Makes the layouts of a unit that are not merged with others from its Parquet shards; each layout
 * has its own receipt.
 */
final class UnitConverter {
  private final RunSpec spec;
  private final SplitSide side;
  private final FileRef ref;
  private final LayoutPlan plan;
  private final ShardLayout.Ids ids;

  UnitConverter(RunSpec spec, SplitSide side, FileRef ref) {
    this.side = side;
    this.spec = spec;
    this.ref = ref;
    this.plan = LayoutPlan.of(spec);
    Tokenizer tokenizer = WorkerTokenizers.get(ref);
    this.ids = plan.ids(tokenizer);
  }

  /** Makes all layouts of a unit, or finds them; returns the locations of their receipts. */
  List<String> convert(ShardSet shards) throws IOException {
    try (StageMeter.Work busy = StageMeter.of(spec.layout(), Stage.CONVERT).begin()) {
      List<String> receipts = new ArrayList<>();
      boolean anew = false;
      for (ShardsSection.ShardFormat format : plan.unmerged()) {
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

  /** Adds the receipt of a layout; whether it was made now. */
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
      try {
        receipt = convertAnew(shards, plan.layout(format), folder, fingerprint, meter);
      } catch (IOException e) {
        throw RunException.cannotWrite(
            spec.layout().root(), folder + " of unit " + shards.unit(), e);
      }
    }
    receipts.add(spec.layout().at(UnitReceipt.path(receipt.fingerprint(), receipt.unit())));
    return anew;
  }

  /** The name of a part: the shard's file name without its suffix. */
  private static String name(String shard) {
    String file = shard.substring(shard.lastIndexOf('/') + 1);
    return file.substring(0, file.length() - ".parquet".length());
  }

  private UnitReceipt convertAnew(
      ShardSet shards, ShardLayout layout, String folder, String fingerprint, StageMeter meter)
      throws IOException {
    ShardConversion conversion =
        new ShardConversion(layout, ids, plan.maxTokens(), plan.maxBytes());
    List<WrittenFile> files =
        LayoutFiles.publish(
            spec.layout(),
            folder,
            written -> {
              List<ShardConversion.Converted> parts = new ArrayList<>();
              for (ShardSet.Shard shard : shards.shards()) {
                parts.addAll(
                    conversion.convert(
                        LocalFiles.of(shard.location()), written, name(shard.location())));
              }
              parts.forEach(part -> meter.add(part.documents(), 0, part.tokens()));
              return parts;
            });
    return Receipts.publish(spec.layout(), shards.unit(), "layout", fingerprint, files, null);
  }
}
