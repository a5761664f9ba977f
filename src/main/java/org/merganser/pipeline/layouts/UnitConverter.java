package org.merganser.pipeline.layouts;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.merganser.layout.ShardConversion;
import org.merganser.layout.ShardFormat;
import org.merganser.layout.ShardLayout;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.output.Fingerprint;
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
    List<String> receipts = new ArrayList<>();
    for (ShardFormat format : plan.formats()) {
      String folder = plan.folder(side, format) + shards.groupFolder();
      UnitWork work =
          new UnitWork(
              spec.layout(),
              Stage.CONVERT,
              "layout",
              shards.unit(),
              Fingerprint.of(
                  "layout",
                  folder,
                  plan.layout(format).name(),
                  ids,
                  plan.maxTokens(),
                  plan.maxBytes(),
                  ref.sha256(),
                  shards.sums()),
              folder + " of unit " + shards.unit());
      receipts.add(work.make(files -> convert(shards, plan.layout(format), folder, files)));
    }
    return receipts;
  }

  /** Writes the files of a layout. */
  private void convert(ShardSet shards, ShardLayout layout, String folder, UnitFiles files)
      throws IOException {
    ShardConversion conversion =
        new ShardConversion(layout, ids, plan.maxTokens(), plan.maxBytes());
    List<ShardConversion.Converted> parts = new ArrayList<>();
    for (String shard : shards.locations()) {
      parts.addAll(
          conversion.convert(
              LocalFiles.of(shard),
              (part, suffix) -> files.begin(folder + part + suffix),
              partName(shard)));
    }
    StageMeter meter = StageMeter.of(spec.layout(), Stage.CONVERT);
    parts.forEach(part -> meter.add(part.documents(), 0, part.tokens()));
    finish(parts, folder, files);
  }

  /** Finishes the files of parts, of which the first one of each holds the ids. */
  static void finish(List<ShardConversion.Converted> parts, String folder, UnitFiles files)
      throws IOException {
    for (ShardConversion.Converted part : parts) {
      for (String suffix : part.suffixes()) {
        boolean holdsIds = suffix.equals(part.suffixes().get(0));
        files.finish(
            folder + part.name() + suffix,
            holdsIds ? part.documents() : 0,
            holdsIds ? part.tokens() : 0);
      }
    }
  }

  /** The name of a part: the shard's file name without its suffix. */
  private static String partName(String shard) {
    String file = shard.substring(shard.lastIndexOf('/') + 1);
    return file.substring(0, file.length() - ".parquet".length());
  }
}
