package org.merganser.pipeline.layouts;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.merganser.dataset.WrittenFile;
import org.merganser.pipeline.encode.ShardSeries;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.output.OutputLayout;
import org.merganser.pipeline.step.LayoutPlan;
import org.merganser.shard.ParquetShardWriter;
import org.merganser.shard.ShardRow;
import org.merganser.store.FileStore;

/** Packed or shuffled shards while they are written; nothing is visible before {@link #publish}. */
final class ArrangedShardWriter implements Closeable {
  private final List<FileStore.Draft> drafts = new ArrayList<>();
  private final List<WrittenFile> files = new ArrayList<>();
  private final ShardSeries series;

  /**
   * @param folder of the shards, relative to the output
   * @param number in the names of the shards: of the unit, or of the range of a shuffle
   * @param packed whether rows are packed sequences, and not documents
   */
  ArrangedShardWriter(
      OutputLayout layout,
      LayoutPlan plan,
      String folder,
      int number,
      boolean packed,
      FileRef ref) {
    Map<String, String> metadata = plan.metadata(ref, packed);
    this.series =
        new ShardSeries(
            layout,
            part -> String.format(Locale.ROOT, "%spart-%07d-%03d.parquet", folder, number, part),
            plan.parquetTokens(),
            file -> new ParquetShardWriter(file, metadata, plan.columns(packed)));
  }

  void write(ShardRow row) throws IOException {
    series.write(row, drafts, files);
  }

  /** Makes the shards visible and says what they are. */
  List<WrittenFile> publish() throws IOException {
    series.finish(files);
    for (FileStore.Draft draft : drafts) {
      draft.publish();
    }
    return files;
  }

  @Override
  public void close() throws IOException {
    try (series) {
      for (FileStore.Draft draft : drafts) {
        draft.close();
      }
    }
  }
}
