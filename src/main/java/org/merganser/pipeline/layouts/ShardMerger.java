package org.merganser.pipeline.layouts;

import com.fasterxml.jackson.core.type.TypeReference;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.merganser.json.Json;
import org.merganser.layout.ShardConversion;
import org.merganser.layout.ShardFormat;
import org.merganser.layout.ShardLayout;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.output.Fingerprint;
import org.merganser.pipeline.output.GroupFolder;
import org.merganser.pipeline.output.Receipts;
import org.merganser.pipeline.output.RunException;
import org.merganser.pipeline.output.ShardSet;
import org.merganser.pipeline.step.LayoutPlan;
import org.merganser.pipeline.step.LocalFiles;
import org.merganser.pipeline.step.RunKind;
import org.merganser.pipeline.step.RunSpec;
import org.merganser.pipeline.step.SplitSide;
import org.merganser.pipeline.step.Stage;
import org.merganser.pipeline.step.StageMeter;
import org.merganser.pipeline.step.UnitWork;
import org.merganser.pipeline.step.WorkerTokenizers;
import org.merganser.store.FileStore;

/**
 * Makes few, large files of a layout from many shards, in three steps: each set of shards says how
 * many ids it takes, all of them are cut into ranges, and each range becomes a file, with its own
 * receipt. The rows are read from the shards, one after the other, so nothing is kept twice on disk
 * and memory does not grow with a file. Which shards a file holds depends on their ids alone.
 */
final class ShardMerger {
  private final RunSpec spec;
  private final SplitSide side;
  private final FileRef ref;
  private final LayoutPlan plan;
  private final ShardLayout.Ids ids;

  ShardMerger(RunSpec spec, SplitSide side, FileRef ref) {
    this.spec = spec;
    this.side = side;
    this.ref = ref;
    this.plan = LayoutPlan.of(spec);
    this.ids = plan.ids(WorkerTokenizers.get(ref));
  }

  /**
   * A shard as it travels to the one worker that cuts all into ranges.
   *
   * @param place sorts shards: by layout, group, set and place in the set
   * @param ids that it takes in the layout
   */
  record Sized(String place, String format, String location, String sha256, long ids) {
    /** Whether one file may hold both. */
    boolean mayJoin(Sized other) {
      return format.equals(other.format) && groupFolder().equals(other.groupFolder());
    }

    String groupFolder() {
      return GroupFolder.ofFile(location);
    }
  }

  /**
   * The shards of a file.
   *
   * @param list location of the list of all shards of all layouts, {@code [from, to)} of which are
   *     the file's
   * @param number of the file among those of its layout and group
   */
  record Range(String list, ShardFormat format, int number, int from, int to)
      implements Serializable {}

  /** Says how many ids each shard of a set takes in each layout, as JSON of {@link Sized}. */
  List<String> sizes(ShardSet shards) throws IOException {
    List<String> sizes = new ArrayList<>();
    for (ShardFormat format : plan.formats()) {
      ShardConversion conversion = plan.merging(format, ids);
      for (int i = 0; i < shards.shards().size(); i++) {
        ShardSet.Shard shard = shards.shards().get(i);
        String place =
            String.format(
                Locale.ROOT,
                "%s-%s%07d-%05d",
                format.name(),
                shards.groupFolder(),
                shards.unit(),
                i);
        sizes.add(
            Json.line(
                new Sized(
                    place,
                    format.name(),
                    shard.location(),
                    shard.sha256(),
                    conversion.tokens(LocalFiles.of(shard.location())))));
      }
    }
    return sizes;
  }

  /**
   * Cuts all shards of each layout into ranges: a shard goes to the file before it as long as the
   * file's ids do not pass the limit.
   *
   * @param sizes of all sets, in any order
   */
  List<Range> ranges(List<String> sizes) throws IOException {
    List<Sized> shards = new ArrayList<>();
    for (String size : sizes) {
      shards.add(Json.MAPPER.readValue(size, Sized.class));
    }
    shards.sort(Comparator.comparing(Sized::place));
    String list = spec.layout().at(spec.layout().list(Fingerprint.of("merge", side, shards)));
    byte[] json = Json.MAPPER.writeValueAsBytes(shards);
    FileStore.of(list).publish(list, out -> out.write(json));
    List<Range> ranges = new ArrayList<>();
    for (int from = 0; from < shards.size(); ) {
      ShardFormat format = ShardFormat.valueOf(shards.get(from).format());
      boolean goesOn = from > 0 && shards.get(from).mayJoin(shards.get(from - 1));
      int number = goesOn ? last(ranges).number() + 1 : 0;
      int to = end(shards, from, plan.merging(format, ids).maxTokens());
      ranges.add(new Range(list, format, number, from, to));
      from = to;
    }
    StageMeter meter = StageMeter.of(spec.layout(), Stage.CONVERT);
    meter.findUnits(ranges.size());
    meter.stepsDone(1);
    return ranges;
  }

  private static Range last(List<Range> ranges) {
    return ranges.get(ranges.size() - 1);
  }

  /** Behind the last shard that still fits into a file which begins with {@code from}. */
  private static int end(List<Sized> shards, int from, long maxTokens) {
    long held = shards.get(from).ids();
    int to = from + 1;
    while (to < shards.size()
        && shards.get(to).mayJoin(shards.get(from))
        && shards.get(to).ids() <= maxTokens - held) {
      held += shards.get(to).ids();
      to++;
    }
    return to;
  }

  /** Writes the file of a range, or finds it; returns the location of its receipt. */
  String merge(Range range) throws IOException {
    List<Sized> shards =
        Json.MAPPER
            .readValue(
                FileStore.of(range.list()).readAll(range.list()),
                new TypeReference<List<Sized>>() {})
            .subList(range.from(), range.to());
    ShardConversion conversion = plan.merging(range.format(), ids);
    String folder = plan.folder(side, range.format()) + shards.get(0).groupFolder();
    UnitWork work =
        new UnitWork(
            spec.layout(),
            Stage.CONVERT,
            "merge",
            range.number(),
            Fingerprint.of(
                "merge",
                folder,
                plan.layout(range.format()).name(),
                ids,
                conversion.maxTokens(),
                ref.sha256(),
                shards.stream().map(Sized::sha256).toList()),
            "file " + range.number() + " of " + folder);
    StageMeter meter = StageMeter.of(spec.layout(), Stage.CONVERT);
    return work.make(
        files -> {
          List<ShardConversion.Converted> parts =
              conversion.merge(
                  opened(shards, meter),
                  (part, suffix) -> files.begin(folder + part + suffix),
                  String.format(Locale.ROOT, "part-%07d", range.number()));
          parts.forEach(part -> meter.add(part.documents(), 0, 0));
          UnitConverter.finish(parts, folder, files);
        });
  }

  private List<ShardConversion.Shard> opened(List<Sized> shards, StageMeter meter) {
    List<ShardConversion.Shard> opened = new ArrayList<>();
    for (Sized shard : shards) {
      opened.add(
          () -> {
            requireUnchanged(shard);
            meter.add(0, 0, shard.ids());
            return LocalFiles.of(shard.location());
          });
    }
    return opened;
  }

  /** The shards of this run were just made or looked at; those of an earlier one may be damaged. */
  private void requireUnchanged(Sized shard) throws IOException {
    if (spec.kind() instanceof RunKind.FromShards) {
      String sha256 = Receipts.sha256(shard.location());
      if (!sha256.equals(shard.sha256())) {
        throw new RunException(
            ("%s: its sha256 is %s, the run that wrote it says %s; merganser verify says what else"
                    + " is damaged, and running that job again makes it anew")
                .formatted(shard.location(), sha256, shard.sha256()));
      }
    }
  }
}
