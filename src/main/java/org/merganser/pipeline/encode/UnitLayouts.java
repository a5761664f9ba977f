package org.merganser.pipeline.encode;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.merganser.layout.ShardConversion;
import org.merganser.layout.ShardFormat;
import org.merganser.layout.ShardLayout;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.output.receipt.ShardSet;
import org.merganser.pipeline.output.receipt.UnitFiles;
import org.merganser.pipeline.progress.RunProgress;
import org.merganser.pipeline.spec.RunSpec;
import org.merganser.pipeline.spec.Stage;
import org.merganser.pipeline.step.JobLayouts;
import org.merganser.shard.ShardRow;
import org.merganser.store.Closing;

/**
 * The files of a unit in the layouts of the job, written while the unit is encoded, with the bytes
 * that a conversion of its shards has. They are published after the receipt of the unit, with the
 * receipts that {@link Stage#CONVERT} looks for. That stage converts what is missing then: all
 * layouts if the process was killed before, and a layout if a shard does not fit into one part.
 *
 * <p>The order of the calls: {@link #restart} at the beginning of each attempt at the unit, {@link
 * #newSinks} for each side of the split, {@link #publish} after the receipt, and {@link #close}
 * always.
 */
final class UnitLayouts implements Closeable {
  private final RunSpec spec;

  private final FileRef tokenizerRef;
  private final JobLayouts layoutPlan;
  private final ShardLayout.IdSettings ids;

  /** The sinks of the current attempt, by the folder of the layout. */
  private final SortedMap<String, Sink> sinks = new TreeMap<>();

  /**
   * @param layoutPlan the layouts of the job
   * @param ids the properties of the ids in all layouts
   */
  UnitLayouts(
      RunSpec spec, FileRef tokenizerRef, JobLayouts layoutPlan, ShardLayout.IdSettings ids) {
    this.spec = spec;
    this.tokenizerRef = tokenizerRef;
    this.layoutPlan = layoutPlan;
    this.ids = ids;
  }

  /** Drops what an earlier attempt at the unit wrote. */
  void restart() throws IOException {
    close();
  }

  /**
   * New sinks for a side of the split, one for each layout. A side has one series of shards if it
   * has layouts here: with folders of groups, {@link JobLayouts#formatsBesideShards} is empty.
   *
   * @param validation whether the side is that of validation, not of training
   */
  List<RowSink> newSinks(boolean validation) {
    String side = validation ? ShardSet.VALIDATION : ShardSet.TRAINING;
    List<RowSink> added = new ArrayList<>();
    for (ShardFormat format : layoutPlan.formatsBesideShards()) {
      Sink sink = new Sink(layoutPlan.folder(side, format), layoutPlan.conversion(format, ids));
      sinks.put(sink.folder, sink);
      added.add(sink);
    }
    return added;
  }

  /** Publishes the complete layouts of the unit that has these shards. */
  void publish(ShardSet unit) throws IOException {
    for (ShardSet shards : unit.parts()) {
      for (ShardFormat format : layoutPlan.formatsBesideShards()) {
        Sink sink = sinks.get(layoutPlan.folder(shards.side(), format));
        UnitFiles complete = sink == null ? null : sink.files;
        if (complete != null) {
          layoutPlan.conversionWork(spec, tokenizerRef, format, shards).publish(complete);
        }
      }
    }
  }

  /** Drops what is not published. */
  @Override
  public void close() throws IOException {
    List<Closeable> dropped = new ArrayList<>();
    for (Sink sink : sinks.values()) {
      dropped.add(sink);
      dropped.add(sink::drop);
    }
    sinks.clear();
    Closing.all(dropped);
  }

  /** Writes one layout of one side of the split. */
  private final class Sink implements RowSink {
    /** The folder of the layout, with a slash at the end. */
    private final String folder;

    private final ShardConversion conversion;

    /** What the canonical shard says about itself. */
    private final Map<String, String> metadata;

    /** Null after a row did not fit, or after the files were dropped. */
    private @Nullable UnitFiles files = new UnitFiles(spec.paths());

    /** The open part; null between shards, and after a row did not fit. */
    private ShardConversion.@Nullable DirectPart part;

    Sink(String folder, ShardConversion conversion) {
      this.folder = folder;
      this.conversion = conversion;
      boolean packed = false;
      this.metadata = layoutPlan.encodedMetadata(tokenizerRef, packed);
    }

    /** Begins the part of a shard, unless a row of an earlier shard did not fit. */
    @Override
    public void begin(String shard) throws IOException {
      UnitFiles target = files;
      if (target == null) {
        return;
      }
      String file = shard.substring(shard.lastIndexOf('/') + 1);
      part =
          conversion.beginDirect(
              (name, suffix) -> target.begin(folder + name + suffix),
              file.substring(0, file.length() - ".parquet".length()),
              metadata,
              layoutPlan.masked());
    }

    /** Writes a row, or drops the layout if the row does not fit into one part. */
    @Override
    public void write(ShardRow row) throws IOException {
      if (part != null && !part.write(row)) {
        close();
        drop();
      }
    }

    @Override
    public void finish(long documents, long tokens) throws IOException {
      ShardConversion.DirectPart finished = part;
      if (finished == null) {
        return;
      }
      ShardConversion.Converted converted = finished.finish();
      part = null;
      RunProgress.meter(spec.paths(), Stage.CONVERT).add(documents, 0, tokens);
      Objects.requireNonNull(files).finish(folder, converted);
    }

    @Override
    public void close() throws IOException {
      ShardConversion.DirectPart unfinished = part;
      part = null;
      if (unfinished != null) {
        unfinished.close();
      }
    }

    /** Deletes the files that are not published, and lets later shards be ignored. */
    void drop() throws IOException {
      UnitFiles dropped = files;
      files = null;
      if (dropped != null) {
        dropped.close();
      }
    }
  }
}
