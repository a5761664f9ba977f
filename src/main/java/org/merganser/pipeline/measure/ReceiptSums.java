package org.merganser.pipeline.measure;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.merganser.output.figures.BoundedGroups;
import org.merganser.output.figures.GroupCounts;
import org.merganser.output.figures.IdHistogram;
import org.merganser.output.figures.LengthCounts;
import org.merganser.output.figures.RecordSums;
import org.merganser.output.receipt.InputRange;
import org.merganser.output.receipt.UnitReceipt;
import org.merganser.pipeline.output.receipt.Receipts;
import org.merganser.pipeline.spec.RunSpec;
import org.merganser.report.measure.TextCounts;

/** Sums over the receipts of encoded units, and over the counts of texts next to them. */
final class ReceiptSums {
  final IdHistogram histogram = new IdHistogram();
  final BoundedGroups<GroupCounts> groups =
      new BoundedGroups<>(() -> GroupCounts.ZERO, GroupCounts::plus);
  final LengthCounts lengths = new LengthCounts();
  final TextCounts texts;

  /** The location of the receipt of each unit, by the number of the unit. */
  final Map<Integer, String> receipts = new HashMap<>();

  private final RunSpec spec;
  private RecordSums records = RecordSums.ZERO;

  ReceiptSums(RunSpec spec) {
    this.spec = spec;
    this.texts = new TextCounts(UnitSample.textShare(spec));
  }

  /** Adds the unit with the receipt at a location. */
  void add(String location) throws IOException {
    UnitReceipt receipt = Receipts.read(location);
    for (InputRange range : receipt.inputs()) {
      records = records.plus(range.sums());
    }
    receipt.groups().forEach(row -> groups.add(row.group(), row.counts()));
    histogram.add(receipt.idHistogram());
    lengths.add(receipt.unit(), Objects.requireNonNull(receipt.lengths(), location));
    texts.add(receipt.unit(), UnitSample.files(receipt), UnitSample.readTexts(spec, location));
    receipts.put(receipt.unit(), location);
  }

  /** The sums over the records of all units. */
  RecordSums records() {
    return records;
  }
}
