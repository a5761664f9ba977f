package org.merganser.pipeline.measure;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.merganser.corpus.WorkUnit;
import org.merganser.json.Json;
import org.merganser.output.receipt.InputRange;
import org.merganser.output.receipt.UnitReceipt;
import org.merganser.pipeline.count.BlockCodec;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.RunException;
import org.merganser.pipeline.output.receipt.Receipts;
import org.merganser.pipeline.output.receipt.ShardSet;
import org.merganser.pipeline.progress.RunProgress;
import org.merganser.pipeline.progress.StageMeter;
import org.merganser.pipeline.spec.RunSpec;
import org.merganser.pipeline.spec.Stage;
import org.merganser.pipeline.worker.LocalFiles;
import org.merganser.report.ReportException;
import org.merganser.report.measure.Excerpt;
import org.merganser.report.measure.SampledExcerpts;
import org.merganser.report.measure.TextSample;
import org.merganser.report.measure.UnitTextCounter;
import org.merganser.report.measure.UnitTexts;
import org.merganser.shard.ShardReader;
import org.merganser.shard.ShardRow;
import org.merganser.store.ChecksummedFile;

/**
 * Saves the measured excerpts of units, and the counts of their texts, next to each unit's receipt.
 * Not thread-safe.
 *
 * <p>While a unit is encoded, the encoder calls {@link #begin}, {@link #add} for each document or
 * part of one, and {@link #save} at the end. The later step of measuring calls only {@link
 * #saveUnlessSaved}, which reads the shards of a unit without a saved sample: an earlier run
 * encoded it with another sample, the run was killed before it saved the sample, or a version of
 * the program encoded it that did not count texts.
 */
public final class UnitSample {
  /**
   * How many halvings the sample in which texts are counted has fewer than that of the excerpts. It
   * is 2^4 times larger: by default it has all texts of up to 64 MiB. A text takes some 20 bytes
   * there.
   */
  private static final int FEWER_HALVINGS = 4;

  private final RunSpec spec;

  /** Whether documents begin with an id that is no text. */
  private final boolean hasBeginId;

  /** The excerpts of the current unit. */
  private final List<Excerpt> kept = new ArrayList<>();

  /** The counts of texts of the current unit. */
  private UnitTextCounter texts;

  /**
   * @param spec of a run that measures
   */
  public UnitSample(RunSpec spec) {
    this.spec = spec;
    this.hasBeginId = spec.job().shards().beginOfDocument() != null;
    this.texts = new UnitTextCounter(textShare(spec), List.of(), List.of());
  }

  /** The share of the texts that a run counts. */
  static TextSample textShare(RunSpec spec) {
    return new TextSample(Math.max(0, spec.sample().halvings() - FEWER_HALVINGS));
  }

  /** Begins a unit, and drops what a unit that failed has left. */
  public void begin(WorkUnit unit) {
    begin(
        unit.ranges().stream().map(range -> range.file().path()).toList(),
        unit.ranges().stream()
            .filter(range -> range.end() - range.start() < range.file().size())
            .map(range -> range.file().path())
            .toList());
  }

  /**
   * Adds a document of the unit, or a part of one, as it is in a shard.
   *
   * @param validation whether the document is excluded from training; its text is not counted then
   */
  public void add(ShardRow row, boolean validation) {
    boolean beginsWithId = hasBeginId && row.part == 0 && row.count > 0;
    int firstOfText = beginsWithId ? 1 : 0;
    SampledExcerpts.visit(spec.sample(), row, firstOfText, validation, kept::add);
    if (!validation) {
      texts.add(row);
    }
  }

  /**
   * Saves the sample of the current unit; {@link #begin} comes before that of the next one.
   *
   * @param receipt the location of the unit's receipt
   * @throws RunException if a file cannot be written
   */
  public void save(String receipt) {
    kept.sort(Comparator.comparingLong(Excerpt::hash)); // does not depend on the order of shards
    publish(excerptsLocation(spec, receipt), kept);
    publish(textsLocation(spec, receipt), texts.result());
    kept.clear();
  }

  /**
   * Saves the sample of a unit, unless already saved; returns the location of the unit's receipt.
   */
  String saveUnlessSaved(ShardSet shards) throws IOException {
    StageMeter meter = RunProgress.meter(spec.paths(), Stage.MEASURE);
    String unit = String.valueOf(shards.unit());
    if (ChecksummedFile.isWhole(excerptsLocation(spec, shards.receipt()))
        && ChecksummedFile.isWhole(textsLocation(spec, shards.receipt()))) {
      meter.unitDone(unit); // encoding has saved it
      return shards.receipt();
    }
    UnitReceipt encoded = Receipts.read(shards.receipt());
    begin(
        files(encoded),
        encoded.inputs().stream()
            .filter(range -> range.end() - range.start() < range.size())
            .map(InputRange::path)
            .toList());
    readShards(shards, meter);
    save(shards.receipt());
    meter.unitDone(unit);
    return shards.receipt();
  }

  /** The files of a unit, in their order. */
  static List<String> files(UnitReceipt unit) {
    return unit.inputs().stream().map(InputRange::path).toList();
  }

  /** The saved excerpts of the unit with the receipt at a location. */
  static Excerpt[] readExcerpts(RunSpec spec, String receipt) throws IOException {
    return read(excerptsLocation(spec, receipt), Excerpt[].class);
  }

  /** The saved counts of texts of the unit with the receipt at a location. */
  static UnitTexts readTexts(RunSpec spec, String receipt) throws IOException {
    return read(textsLocation(spec, receipt), UnitTexts.class);
  }

  /**
   * Begins a unit.
   *
   * @param files the paths of the files of the unit, in order
   * @param cut those of which the unit has a part
   */
  private void begin(List<String> files, List<String> cut) {
    kept.clear();
    texts = new UnitTextCounter(textShare(spec), files, cut);
  }

  /** Adds all documents of the shards. */
  private void readShards(ShardSet shards, StageMeter meter) throws IOException {
    ShardRow row = new ShardRow();
    for (ShardSet.Shard shard : shards.shards()) {
      try (ShardReader in = new ShardReader(LocalFiles.of(shard.location()))) {
        while (in.next(row)) {
          add(row, shard.validation());
          meter.add(row.part == 0 ? 1 : 0, 0, row.count);
        }
      }
    }
  }

  /** Reads a saved part of a sample. */
  private static <T> T read(String location, Class<T> type) throws IOException {
    byte[] found = ChecksummedFile.find(location);
    if (found == null) {
      throw new RunException(location + ": this sample was damaged since; run again");
    }
    return Json.read(BlockCodec.decode(found), type, location, ReportException::new);
  }

  /** Saves a part of a sample, compressed and with its checksum. */
  private void publish(String location, Object content) {
    byte[] json = Json.line(content).getBytes(StandardCharsets.UTF_8);
    try {
      ChecksummedFile.publish(location, BlockCodec.compress(json));
    } catch (IOException e) {
      throw RunException.cannotWrite(spec.paths().root(), location, e);
    }
  }

  /** The location of the excerpts of the unit with a receipt. */
  private static String excerptsLocation(RunSpec spec, String receipt) {
    return OutputPaths.sample(receipt, spec.sample().halvings());
  }

  /** The location of the counts of texts of the unit with a receipt. */
  private static String textsLocation(RunSpec spec, String receipt) {
    return OutputPaths.texts(receipt, spec.sample().halvings());
  }
}
