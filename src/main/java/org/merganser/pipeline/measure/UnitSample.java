package org.merganser.pipeline.measure;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.merganser.json.Json;
import org.merganser.pipeline.count.CompressedBlocks;
import org.merganser.pipeline.output.OutputLayout;
import org.merganser.pipeline.output.RunException;
import org.merganser.pipeline.output.receipt.ShardSet;
import org.merganser.pipeline.progress.RunProgress;
import org.merganser.pipeline.progress.StageMeter;
import org.merganser.pipeline.spec.RunSpec;
import org.merganser.pipeline.spec.Stage;
import org.merganser.pipeline.worker.LocalFiles;
import org.merganser.report.ReportException;
import org.merganser.report.measure.Excerpt;
import org.merganser.report.measure.SampledExcerpts;
import org.merganser.shard.ShardReader;
import org.merganser.shard.ShardRow;
import org.merganser.store.CheckedFile;

/**
 * Stores the measured excerpts of units, next to each unit's receipt. They are taken while the unit
 * is encoded. They are read from its shards if an earlier run encoded the unit with another sample,
 * or if the run was killed before it stored them. Not thread-safe.
 */
public final class UnitSample {
  private final RunSpec spec;
  private final boolean begins;
  private final List<Excerpt> kept = new ArrayList<>();

  public UnitSample(RunSpec spec) {
    this.spec = spec;
    this.begins = spec.job().shards().beginOfDocument() != null;
  }

  /** Begins a unit; also used after a failure. */
  public void begin() {
    kept.clear();
  }

  public void add(ShardRow row, boolean validation) {
    int first = begins && row.part == 0 && row.count > 0 ? 1 : 0;
    SampledExcerpts.visit(spec.sample(), row, first, validation, kept::add);
  }

  /**
   * @param receipt its location
   */
  public void keep(String receipt) {
    kept.sort(Comparator.comparingLong(Excerpt::hash)); // in any order of documents
    byte[] json = Json.line(kept).getBytes(StandardCharsets.UTF_8);
    kept.clear();
    String location = location(spec, receipt);
    try {
      CheckedFile.publish(location, CompressedBlocks.compress(json));
    } catch (IOException e) {
      throw RunException.cannotWrite(spec.layout().root(), location, e);
    }
  }

  private static String location(RunSpec spec, String receipt) {
    return OutputLayout.sample(receipt, spec.sample().halvings());
  }

  /** Saves the excerpts of a unit, unless already saved; returns the location of its receipt. */
  String find(ShardSet shards) throws IOException {
    StageMeter meter = RunProgress.meter(spec.layout(), Stage.MEASURE);
    String unit = String.valueOf(shards.unit());
    if (CheckedFile.isWhole(location(spec, shards.receipt()))) {
      meter.unitDone(unit); // encoding has saved it
      return shards.receipt();
    }
    begin();
    ShardRow row = new ShardRow();
    for (ShardSet.Shard shard : shards.shards()) {
      try (ShardReader in = new ShardReader(LocalFiles.of(shard.location()))) {
        while (in.next(row)) {
          add(row, shard.validation());
          meter.add(row.part == 0 ? 1 : 0, 0, row.count);
        }
      }
    }
    keep(shards.receipt());
    meter.unitDone(unit);
    return shards.receipt();
  }

  static Excerpt[] read(RunSpec spec, String receipt) throws IOException {
    String location = location(spec, receipt);
    byte[] found = CheckedFile.find(location);
    if (found == null) {
      throw new RunException(location + ": this sample was damaged since; run again");
    }
    return Json.read(
        CompressedBlocks.decompress(found), Excerpt[].class, location, ReportException::new);
  }
}
