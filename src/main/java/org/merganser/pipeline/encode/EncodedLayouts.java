package org.merganser.pipeline.encode;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.merganser.layout.ShardConversion;
import org.merganser.parquet.ShardException;
import org.merganser.pipeline.output.ShardSet;
import org.merganser.pipeline.step.LayoutPlan;
import org.merganser.pipeline.step.StageMeter;
import org.merganser.shard.ShardColumn;
import org.merganser.shard.ShardColumns;
import org.merganser.shard.ShardRow;

/**
 * The layouts of a unit on one side of the split while its shards are written: they are made of the
 * same rows, so that no shard is read back. A layout that a limit cuts, or that refuses a row, is
 * given up here: the step behind encoding makes it of the shards, and says what is wrong where it
 * cannot be made. Memory holds what writing one part of each layout takes.
 */
final class EncodedLayouts implements Closeable {
  /** No layouts. */
  static final EncodedLayouts NONE =
      new EncodedLayouts(List.of(), Map.of(), ShardColumns.DOCUMENTS);

  private final List<Making> layouts;

  /**
   * @param metadata of the shards
   * @param columns of the shards
   */
  EncodedLayouts(List<UnitLayout> layouts, Map<String, String> metadata, ShardColumns columns) {
    this.layouts = layouts.stream().map(layout -> new Making(layout, metadata, columns)).toList();
  }

  /**
   * Whether a job's layouts can be made of the rows that are encoded: they are not made of packed,
   * shuffled or merged shards, no more files are open than a few, and shards hold all that a row
   * has.
   */
  static boolean suit(LayoutPlan plan) {
    ShardColumns columns = plan.columns(false);
    return !plan.arranges()
        && !plan.merges()
        && !plan.partitions()
        && columns.haveOrigins()
        && columns.name(ShardColumn.GROUP) != null;
  }

  /** A shard begins. */
  void begin(String shard) throws IOException {
    for (Making layout : layouts) {
      layout.begin(UnitLayout.partName(shard));
    }
  }

  /** The row was written to the shard. */
  void write(ShardRow row) throws IOException {
    for (Making layout : layouts) {
      layout.write(row);
    }
  }

  /** The shard is finished. */
  void finish() throws IOException {
    for (Making layout : layouts) {
      layout.finish();
    }
  }

  /**
   * Makes what was not given up visible.
   *
   * @param shards of this side, all that were written
   * @param meter of the stage of layouts
   * @param receipts get the locations of the layouts' receipts
   */
  private void publish(ShardSet shards, StageMeter meter, Set<String> receipts) throws IOException {
    for (Making layout : shards.shards().isEmpty() ? List.<Making>of() : layouts) {
      if (!layout.givenUp) {
        layout.parts.forEach(part -> meter.add(part.documents(), 0, part.tokens()));
        layout.layout.publish(shards, layout.files, layout.parts);
        receipts.add(layout.layout.receipt(shards));
      }
    }
  }

  /** Gives up what is not published. */
  @Override
  public void close() throws IOException {
    for (Making layout : layouts) {
      layout.close();
    }
  }

  /** Both sides of a unit. */
  record Sides(EncodedLayouts training, EncodedLayouts validation) implements Closeable {
    boolean isEmpty() {
      return training.layouts.isEmpty() && validation.layouts.isEmpty();
    }

    /**
     * Makes what was not given up visible, when the shards are.
     *
     * @param shards all of the unit
     * @param meter of the stage of layouts
     * @return the locations of the layouts' receipts
     */
    Set<String> publish(ShardSet shards, StageMeter meter) throws IOException {
      Set<String> receipts = new TreeSet<>();
      training.publish(shards.training(), meter, receipts);
      validation.publish(shards.validation(), meter, receipts);
      return receipts;
    }

    @Override
    public void close() throws IOException {
      try (training) {
        validation.close();
      }
    }
  }

  private static final class Making implements Closeable {
    private final UnitLayout layout;
    private final ShardConversion conversion;
    private final LayoutFiles files;
    private final Map<String, String> metadata;
    private final ShardColumns columns;
    private final List<ShardConversion.Converted> parts = new ArrayList<>();
    private ShardConversion.@Nullable OpenPart open;
    private boolean givenUp;

    Making(UnitLayout layout, Map<String, String> metadata, ShardColumns columns) {
      this.layout = layout;
      this.conversion = layout.conversion();
      this.files = layout.files("");
      this.metadata = metadata;
      this.columns = columns;
    }

    void begin(String part) throws IOException {
      if (!givenUp) {
        try {
          open = conversion.begin(part, files, metadata, columns);
        } catch (ShardException refused) {
          giveUp(); // the step behind encoding says it
        }
      }
    }

    void write(ShardRow row) throws IOException {
      ShardConversion.OpenPart part = open;
      if (part != null) {
        try {
          if (part.takes(row)) {
            part.write(row);
          } else {
            giveUp();
          }
        } catch (ShardException refused) {
          giveUp(); // the step behind encoding says it
        }
      }
    }

    void finish() throws IOException {
      ShardConversion.OpenPart part = open;
      if (part != null) {
        try {
          parts.add(part.finish());
          open = null;
        } catch (ShardException refused) {
          giveUp(); // the step behind encoding says it
        }
      }
    }

    private void giveUp() throws IOException {
      givenUp = true;
      close();
    }

    @Override
    public void close() throws IOException {
      ShardConversion.OpenPart unfinished = open;
      open = null;
      try (files) {
        if (unfinished != null) {
          unfinished.close();
        }
      }
    }
  }
}
