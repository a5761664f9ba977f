package org.merganser.pipeline.layouts;

import com.fasterxml.jackson.core.type.TypeReference;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.merganser.dataset.WrittenFile;
import org.merganser.json.Json;
import org.merganser.pipeline.encode.ShardSeries;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.output.Fingerprint;
import org.merganser.pipeline.output.GroupFolder;
import org.merganser.pipeline.output.Receipts;
import org.merganser.pipeline.output.ShardSet;
import org.merganser.pipeline.output.UnitFiles;
import org.merganser.pipeline.step.LayoutPlan;
import org.merganser.pipeline.step.RunSpec;
import org.merganser.pipeline.step.SplitSide;
import org.merganser.pipeline.step.Stage;
import org.merganser.pipeline.step.StageMeter;
import org.merganser.pipeline.step.UnitWork;
import org.merganser.pipeline.step.WorkerTokenizers;
import org.merganser.shard.PackFigures;
import org.merganser.shard.ParquetShardReader;
import org.merganser.shard.ShardPacking;
import org.merganser.shard.ShardRow;
import org.merganser.shard.ShuffleReader;
import org.merganser.shard.ShuffleWriter;
import org.merganser.store.FileStore;

/**
 * A global shuffle in two passes: each unit sets its rows aside, sorted by their new place; then
 * each range of places is gathered from all units and written. Memory holds a range, not the
 * corpus.
 */
final class UnitShuffler {
  /** Bytes of rows in memory at once; there are at most 4,096 ranges, whatever the corpus. */
  static final long RANGE_BYTES = 64L << 20;

  private final RunSpec spec;
  private final SplitSide side;
  private final FileRef ref;
  private final LayoutPlan plan;

  UnitShuffler(RunSpec spec, SplitSide side, FileRef ref) {
    this.side = side;
    this.spec = spec;
    this.ref = ref;
    this.plan = LayoutPlan.of(spec);
  }

  /**
   * A range of places.
   *
   * @param rows location of the list of all units' files of rows
   * @param rowsSha256 of what these files hold, all together
   * @param group the folder of the group whose rows these are; empty without groups
   * @param number among those of the group
   */
  record Range(String rows, String rowsSha256, String group, int number, int from, int to)
      implements Serializable {}

  /** Sets the rows of a unit aside, or finds them; returns the location of the receipt. */
  String setAside(ShardSet shards) throws IOException {
    UnitWork work =
        new UnitWork(
            spec.layout(),
            Stage.SHUFFLE,
            "set aside",
            shards.unit(),
            Fingerprint.of("set aside" + shards.groupFolder(), plan.arrangement(), shards.sums()),
            "the rows of unit " + shards.unit() + " for the shuffle");
    return work.make(files -> setAside(shards, work.fingerprint(), files));
  }

  private void setAside(ShardSet shards, String fingerprint, UnitFiles files) throws IOException {
    String path =
        spec.layout()
            .shuffleRows(shards.fingerprint(), fingerprint, shards.groupFolder(), shards.unit());
    try (ShuffleWriter out = new ShuffleWriter(files.begin(path), plan.seed(), shards.unit())) {
      PackFigures figures = rows(shards, out::write);
      out.finish();
      if (figures != null) {
        files.note(figures);
      }
    }
    files.finish(path, 0, 0);
  }

  /** Hands on the rows to shuffle; returns what packing made of them, where they are sequences. */
  private @Nullable PackFigures rows(ShardSet shards, ShardPacking.Rows out) throws IOException {
    List<Path> local = UnitPacker.local(shards);
    if (plan.shufflesSequences()) {
      return plan.packing(WorkerTokenizers.get(ref)).pack(local, shards.unit(), out);
    }
    ShardRow row = new ShardRow();
    for (Path shard : local) {
      try (ParquetShardReader in = new ParquetShardReader(shard)) {
        while (in.next(row)) {
          out.accept(row);
        }
      }
    }
    return null;
  }

  /** Cuts the places into ranges, when all units have set their rows aside. */
  List<Range> ranges(List<String> receipts) throws IOException {
    StageMeter meter = StageMeter.of(spec.layout(), Stage.SHUFFLE);
    List<Range> ranges = cut(receipts);
    meter.findUnits(ranges.size());
    SetStages.behindShuffle(spec, ranges.size());
    meter.stepsDone(1);
    return ranges;
  }

  private List<Range> cut(List<String> receipts) throws IOException {
    SortedMap<String, List<WrittenFile>> byGroup = new TreeMap<>();
    for (String location : receipts) {
      for (WrittenFile file : Receipts.read(location).files()) {
        byGroup
            .computeIfAbsent(GroupFolder.ofFile(file.path()), group -> new ArrayList<>())
            .add(file);
      }
    }
    List<Range> ranges = new ArrayList<>();
    for (Map.Entry<String, List<WrittenFile>> group : byGroup.entrySet()) {
      ranges.addAll(cut(group.getKey(), group.getValue()));
    }
    return ranges;
  }

  /** The ranges of a group. */
  private List<Range> cut(String group, List<WrittenFile> rows) throws IOException {
    List<ShuffleReader.Source> files = new ArrayList<>();
    List<String> sums = new ArrayList<>();
    List<String> locations = new ArrayList<>();
    for (WrittenFile file : rows) {
      locations.add(spec.layout().at(file.path()));
      files.add(stored(spec.layout().at(file.path()), file.size()));
      sums.add(file.sha256());
    }
    String sha256 = Fingerprint.of("rows" + group, side, plan.arrangement(), sums);
    String list = spec.layout().at(spec.layout().list(sha256));
    byte[] json = Json.MAPPER.writeValueAsBytes(locations);
    FileStore.of(list).publish(list, out -> out.write(json));
    List<Range> ranges = new ArrayList<>();
    for (ShuffleReader.Slots slots : ShuffleReader.ranges(files, RANGE_BYTES)) {
      ranges.add(new Range(list, sha256, group, ranges.size(), slots.from(), slots.to()));
    }
    return ranges;
  }

  /** Writes the rows of a range, or finds that they were written before. */
  ShardSet write(Range range) throws IOException {
    UnitWork work =
        new UnitWork(
            spec.layout(),
            Stage.SHUFFLE,
            "shuffle",
            range.number(),
            Fingerprint.of("shuffle", range.rowsSha256(), range.from(), range.to(), ref.sha256()),
            "range " + range.number() + " of the shuffle");
    return UnitPacker.set(work.receipt(files -> write(range, files)), side, spec.layout());
  }

  private void write(Range range, UnitFiles files) throws IOException {
    StageMeter meter = StageMeter.of(spec.layout(), Stage.SHUFFLE);
    boolean packed = plan.shufflesSequences();
    String folder = LayoutPlan.parquetFolder(side, packed) + range.group();
    try (ShardSeries parts = UnitPacker.series(files, plan, folder, range.number(), packed, ref)) {
      ShuffleReader.read(
          stored(range.rows()),
          new ShuffleReader.Slots(range.from(), range.to()),
          row -> {
            parts.write(row);
            meter.add(row.documents(), 0, row.count);
          });
      parts.finish();
    }
  }

  private static ShuffleReader.Source stored(String location, long size) {
    FileStore store = FileStore.of(location);
    return new ShuffleReader.Source(location, size, position -> store.open(location, position));
  }

  private static List<ShuffleReader.Source> stored(String list) throws IOException {
    List<ShuffleReader.Source> files = new ArrayList<>();
    byte[] json = FileStore.of(list).readAll(list);
    for (String location : Json.MAPPER.readValue(json, new TypeReference<List<String>>() {})) {
      files.add(stored(location, FileStore.of(location).stat(location).size()));
    }
    return files;
  }
}
