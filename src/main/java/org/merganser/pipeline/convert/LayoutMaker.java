package org.merganser.pipeline.convert;

import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.merganser.json.Json;
import org.merganser.layout.ShardConversion;
import org.merganser.layout.ShardFormat;
import org.merganser.layout.ShardLayout;
import org.merganser.message.Phrase;
import org.merganser.message.ProgramCommand;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.output.RunException;
import org.merganser.pipeline.output.receipt.ShardSet;
import org.merganser.pipeline.output.receipt.UnitFiles;
import org.merganser.pipeline.progress.RunProgress;
import org.merganser.pipeline.progress.StageMeter;
import org.merganser.pipeline.spec.RunKind;
import org.merganser.pipeline.spec.RunSpec;
import org.merganser.pipeline.spec.Stage;
import org.merganser.pipeline.step.JobLayouts;
import org.merganser.pipeline.step.ResumableUnit;
import org.merganser.pipeline.worker.LocalFiles;
import org.merganser.pipeline.worker.WorkerTokenizers;
import org.merganser.store.FileStore;

/**
 * Writes the files of layouts from Parquet shards. Each set of shards has a receipt. Either each
 * shard has its own files, or many shards are merged into few, large files. A merge has three
 * steps: each unit counts the ids of its shards; one worker assigns all shards to files; then each
 * file is written. Rows are read from one shard after the other, so nothing is stored twice on disk
 * and memory does not grow with a file. Which shards a file has depends only on the order of the
 * shards and on how many ids they have.
 *
 * @param tokenizerRef the tokenizer.json
 * @param plan the layouts that the job asks for
 * @param ids the properties of the ids in all layouts
 */
record LayoutMaker(
    RunSpec spec, FileRef tokenizerRef, JobLayouts plan, ShardLayout.IdSettings ids) {
  /**
   * A shard as an element for the one worker that assigns all shards to files.
   *
   * @param folder the folder of the files that the shard goes to
   * @param format the layout of these files
   * @param unit the number of the unit that wrote the shard
   * @param number the number of the shard in its unit
   * @param ids the number of its ids in the layout
   */
  record SizedShard(
      String folder, ShardFormat format, int unit, int number, ShardSet.Shard shard, long ids) {}

  /**
   * A merged file that is to be written.
   *
   * @param shards those that the file gets; their unit is the file's number in its folder
   */
  record MergedFile(ShardFormat format, ShardSet shards) implements Serializable {}

  /** The source of units in the meters: how many files there are is known only after assigning. */
  private static final String FILES = "files";

  LayoutMaker(RunSpec spec, FileRef tokenizerRef) {
    this(
        spec,
        tokenizerRef,
        JobLayouts.of(spec),
        JobLayouts.of(spec).ids(WorkerTokenizers.get(tokenizerRef)));
  }

  /** Converts each shard of a unit to each layout; outputs the locations of the receipts. */
  void convert(ShardSet unit, Consumer<String> out) throws IOException {
    for (ShardSet shards : ArrangedShards.parts(spec, Stage.CONVERT, plan.formats().size(), unit)) {
      for (ShardFormat format : plan.formats()) {
        out.accept(make(plan.conversionWork(spec, tokenizerRef, format, shards), format, shards));
      }
    }
  }

  /** The first step of a merge: outputs a {@link SizedShard} as JSON for each shard and layout. */
  void measure(ShardSet unit, Consumer<String> out) throws IOException {
    for (ShardSet set : unit.parts()) {
      for (ShardFormat format : plan.formats()) {
        ShardConversion conversion = plan.conversion(format, ids);
        for (int i = 0; i < set.shards().size(); i++) {
          ShardSet.Shard shard = set.shards().get(i);
          long tokens = conversion.tokens(LocalFiles.of(shard.location()));
          SizedShard sized =
              new SizedShard(folder(format, set), format, set.unit(), i, shard, tokens);
          out.accept(Json.line(sized));
        }
      }
    }
  }

  /**
   * The second step of a merge: assigns shards to files. A shard goes into the file of the shard
   * before it, as long as the ids are within the limit; the sizes come in any order.
   */
  void assign(List<String> sizes, Consumer<MergedFile> out) throws IOException {
    SortedMap<String, List<SizedShard>> folders = new TreeMap<>();
    for (String size : sizes) {
      SizedShard shard = Json.MAPPER.readValue(size, SizedShard.class);
      folders.computeIfAbsent(shard.folder(), folder -> new ArrayList<>()).add(shard);
    }
    List<MergedFile> files = new ArrayList<>();
    folders.values().forEach(shards -> assign(shards, files));
    StageMeter meter = RunProgress.meter(spec.paths(), Stage.CONVERT);
    meter.findUnits(FILES, files.size());
    meter.unitDone(FILES); // the unit of assigning, which the plan has
    files.forEach(out);
  }

  /** The third step of a merge: writes a file; returns the location of its receipt. */
  String merge(MergedFile file) throws IOException {
    ResumableUnit work = plan.mergeWork(spec, tokenizerRef, file.format(), file.shards());
    return make(work, file.format(), file.shards());
  }

  /** The folder of a layout for the side and the group of some shards. */
  private String folder(ShardFormat format, ShardSet shards) {
    return plan.folder(shards.side(), format) + shards.groupFolder();
  }

  /** Assigns the shards of one folder to files, in the order of units and shards. */
  private void assign(List<SizedShard> shards, List<MergedFile> files) {
    shards.sort(Comparator.comparing(SizedShard::unit).thenComparing(SizedShard::number));
    ShardFormat format = shards.get(0).format();
    long maxIds = plan.conversion(format, ids).maxTokens();
    int number = 0;
    List<ShardSet.Shard> file = new ArrayList<>();
    long fileIds = 0;
    for (SizedShard shard : shards) {
      if (!file.isEmpty() && shard.ids() > maxIds - fileIds) {
        files.add(merged(format, number, file));
        number++;
        file = new ArrayList<>();
        fileIds = 0;
      }
      file.add(shard.shard());
      fileIds += shard.ids();
    }
    files.add(merged(format, number, file));
  }

  /** The merged file of some shards. */
  private static MergedFile merged(ShardFormat format, int number, List<ShardSet.Shard> shards) {
    return new MergedFile(format, ShardSet.withoutReceipt(number, shards));
  }

  /** Writes the files of some shards unless they exist; returns the location of their receipt. */
  private String make(ResumableUnit work, ShardFormat format, ShardSet shards) throws IOException {
    ShardConversion conversion = plan.conversion(format, ids);
    String folder = folder(format, shards);
    return work.completeAndLocate(files -> write(conversion, shards, folder, files));
  }

  /** Writes the files of some shards: one merged file, or files for each shard. */
  private void write(ShardConversion conversion, ShardSet shards, String folder, UnitFiles files)
      throws IOException {
    StageMeter meter = RunProgress.meter(spec.paths(), Stage.CONVERT);
    ShardConversion.Files drafts = (part, suffix) -> files.begin(folder + part + suffix);
    List<ShardConversion.Converted> parts = new ArrayList<>();
    if (plan.mergesShards()) {
      String name = Phrase.of("part-%07d", shards.unit());
      parts.addAll(
          conversion.merge(countedShards(shards, folder + shards.unit(), meter), drafts, name));
    } else {
      for (String shard : shards.locations()) {
        String file = shard.substring(shard.lastIndexOf('/') + 1);
        String name = file.substring(0, file.lastIndexOf('.'));
        parts.addAll(conversion.convert(LocalFiles.of(shard), drafts, name));
      }
    }
    for (ShardConversion.Converted part : parts) {
      long textBytes = 0; // shards have no text
      meter.add(part.documents(), textBytes, part.tokens());
      files.finish(folder, part);
    }
  }

  /**
   * The shards of a merged file, each of which counts as a unit: a shard is done when the next one
   * is asked for, and the last one with the file.
   *
   * @param file names the merged file to the meter
   */
  private List<ShardConversion.Shard> countedShards(
      ShardSet shards, String file, StageMeter meter) {
    meter.findUnits(file, shards.shards().size() - 1L);
    List<ShardConversion.Shard> counted = new ArrayList<>();
    for (ShardSet.Shard shard : shards.shards()) {
      boolean isFirst = counted.isEmpty();
      String before = file + "/" + counted.size();
      counted.add(
          () -> {
            if (!isFirst) {
              meter.unitDone(before);
            }
            return LocalFiles.of(locateUnchanged(shard));
          });
    }
    return counted;
  }

  /**
   * The location of a shard. A shard of an earlier run may be damaged, so its sha256 is checked;
   * those of this run were just written or checked.
   *
   * @throws RunException if the shard changed
   */
  private String locateUnchanged(ShardSet.Shard shard) throws IOException {
    if (spec.kind() instanceof RunKind.FromShards) {
      String sha256 = FileStore.sha256(shard.location());
      if (!sha256.equals(shard.sha256())) {
        throw RunException.changed(
            "%s: its sha256 is %s, but the run that wrote it recorded %s; %s lists what else is"
                + " damaged, and running that job again writes it again",
            shard.location(), sha256, shard.sha256(), ProgramCommand.line("verify"));
      }
    }
    return shard.location();
  }
}
