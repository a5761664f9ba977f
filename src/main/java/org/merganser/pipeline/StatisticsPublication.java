package org.merganser.pipeline;

import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.merganser.report.MeasuredPart;
import org.merganser.report.Statistics;
import org.merganser.report.StatisticsMaker;
import org.merganser.shard.GroupCounts;
import org.merganser.shard.IdHistogram;
import org.merganser.shard.InputRange;
import org.merganser.shard.Sha256;
import org.merganser.shard.Totals;
import org.merganser.shard.UnitReceipt;
import org.merganser.shard.WrittenFile;
import org.merganser.store.FileStore;

/** Writes statistics.json from the receipts of encoded units and from what was measured. */
final class StatisticsPublication {
  /** Statistics are no unit's. */
  private static final int AFTER_ALL_UNITS = RowsJoiner.AFTER_ALL_UNITS;

  private final RunSpec spec;
  private final TokenizerRef ref;

  StatisticsPublication(RunSpec spec, TokenizerRef ref) {
    this.spec = spec;
    this.ref = ref;
  }

  /** Names the receipt and the histogram of statistics of this sum. */
  static String fingerprint(String sha256) {
    return Fingerprint.of("statistics", sha256);
  }

  /**
   * @param measuredAndReceipts lines of {@link MeasuredPart}, which begin with a brace, and
   *     locations of receipts, which don't
   * @return the location of the receipt
   */
  String publish(List<String> measuredAndReceipts) throws IOException {
    StageMeter meter = StageMeter.of(Stage.MEASURE);
    meter.begin();
    MeasuredPart measured = MeasuredPart.NONE;
    Totals totals = Totals.ZERO;
    IdHistogram histogram = new IdHistogram();
    SortedMap<String, GroupCounts> groups = new TreeMap<>();
    for (String element : measuredAndReceipts) {
      if (element.startsWith("{")) {
        measured = measured.plus(MeasuredPart.read(element));
        continue;
      }
      UnitReceipt receipt = Receipts.read(element);
      for (InputRange range : receipt.inputs()) {
        totals = totals.plus(range);
      }
      receipt.groups().forEach((name, counts) -> groups.merge(name, counts, GroupCounts::plus));
      String counts = spec.layout().at(Objects.requireNonNull(receipt.histogram()).path());
      histogram.add(IdHistogram.read(FileStore.of(counts).readAll(counts), counts));
    }
    Statistics statistics =
        StatisticsMaker.make(
            new StatisticsMaker.Counted(
                WorkerTokenizers.get(ref),
                ref.sha256(),
                totals,
                histogram,
                groups,
                measured.sums(),
                measured.pieces(),
                null));
    byte[] json = statistics.toJson();
    String location = spec.layout().at(Statistics.FILE);
    FileStore.of(location).publish(location, out -> out.write(json));
    String fingerprint = fingerprint(Sha256.of(json));
    UnitReceipt receipt =
        new UnitReceipt(
            AFTER_ALL_UNITS,
            "statistics",
            fingerprint,
            List.of(new WrittenFile(Statistics.FILE, json.length, Sha256.of(json), 0, 0)),
            List.of(),
            new TreeMap<>(),
            Receipts.publishHistogram(spec.layout(), fingerprint, AFTER_ALL_UNITS, histogram));
    Receipts.publish(spec.layout(), receipt);
    meter.unitDone();
    return spec.layout().at(UnitReceipt.path(fingerprint, AFTER_ALL_UNITS));
  }
}
