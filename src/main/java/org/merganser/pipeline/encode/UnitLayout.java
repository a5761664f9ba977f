package org.merganser.pipeline.encode;

import java.io.IOException;
import java.util.List;
import org.merganser.dataset.UnitReceipt;
import org.merganser.dataset.WrittenFile;
import org.merganser.job.ShardsSection;
import org.merganser.layout.ShardConversion;
import org.merganser.layout.ShardLayout;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.output.Fingerprint;
import org.merganser.pipeline.output.OutputLayout;
import org.merganser.pipeline.output.Receipts;
import org.merganser.pipeline.output.ShardSet;
import org.merganser.pipeline.step.LayoutPlan;
import org.merganser.pipeline.step.RunSpec;
import org.merganser.pipeline.step.SplitSide;
import org.merganser.pipeline.step.WorkerTokenizers;

/**
 * A layout in which each shard has files of its own, on one side of the split: what its bytes
 * depend on, where its files lie and its receipts, whether it is made of shards or while they are
 * written.
 */
public final class UnitLayout {
  private final OutputLayout output;
  private final LayoutPlan plan;
  private final ShardLayout layout;
  private final ShardLayout.Ids ids;
  private final String folder;
  private final String tokenizerSha256;

  private UnitLayout(
      RunSpec spec,
      LayoutPlan plan,
      SplitSide side,
      FileRef ref,
      ShardsSection.ShardFormat format) {
    this.output = spec.layout();
    this.plan = plan;
    this.layout = plan.layout(format);
    this.ids = plan.ids(WorkerTokenizers.get(ref));
    this.folder = plan.folder(side, format);
    this.tokenizerSha256 = ref.sha256();
  }

  /** Those that a run makes, in the order of the job. */
  public static List<UnitLayout> of(RunSpec spec, SplitSide side, FileRef tokenizer) {
    LayoutPlan plan = LayoutPlan.of(spec);
    return plan.formats().stream()
        .map(format -> new UnitLayout(spec, plan, side, tokenizer, format))
        .toList();
  }

  /** The folder of a group, relative to the output. */
  public String folder(String groupFolder) {
    return folder + groupFolder;
  }

  /** Begins the files of a group of a unit. */
  public LayoutFiles files(String groupFolder) {
    return new LayoutFiles(output, folder(groupFolder));
  }

  public ShardConversion conversion() {
    return new ShardConversion(layout, ids, plan.maxTokens(), plan.maxBytes());
  }

  /** The name of a part: the shard's file name without its suffix. */
  public static String partName(String shard) {
    String file = shard.substring(shard.lastIndexOf('/') + 1);
    return file.substring(0, file.length() - ".parquet".length());
  }

  /** The fingerprint of all that the files of some shards of one group depend on. */
  public String fingerprint(ShardSet shards) {
    return Fingerprint.of(
        "layout",
        folder(shards.groupFolder()),
        layout.name(),
        ids,
        plan.maxTokens(),
        plan.maxBytes(),
        tokenizerSha256,
        shards.sums());
  }

  /** The location of the receipt of some shards of one group. */
  public String receipt(ShardSet shards) {
    return output.at(UnitReceipt.path(fingerprint(shards), shards.unit()));
  }

  /** Makes the parts of some shards of one group visible, and then their receipt. */
  public void publish(ShardSet shards, LayoutFiles files, List<ShardConversion.Converted> parts)
      throws IOException {
    List<WrittenFile> written = files.publish(parts);
    Receipts.publish(output, shards.unit(), "layout", fingerprint(shards), written, null);
  }
}
