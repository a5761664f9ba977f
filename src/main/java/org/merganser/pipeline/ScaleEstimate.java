package org.merganser.pipeline;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.merganser.bpe.train.TrainingBound;
import org.merganser.corpus.WorkUnit;
import org.merganser.corpus.plan.CorpusPlanner;
import org.merganser.corpus.plan.PlanFile;
import org.merganser.corpus.plan.SimulatedCorpus;
import org.merganser.corpus.plan.UnitGroups;
import org.merganser.pipeline.step.CountingPlan;
import org.merganser.pipeline.train.TrainingMemory;
import org.merganser.report.Plural;

/**
 * What a job over a corpus of any size would come to: its plan is really made, unit by unit and
 * forgotten, and the rest is computed from rates that were measured (docs/performance.md,
 * docs/scaling.md). Memory does not grow with the corpus.
 */
public final class ScaleEstimate {
  /** Text bytes a core counts and encodes in a second; the whole 172 MB job, 2 cores. */
  private static final double COUNT_RATE = 28e6;

  private static final double ENCODE_RATE = 19e6;

  /** Distinct pretokens grow like 3.45 · bytes^0.62. */
  private static final double DISTINCT_FACTOR = 3.45;

  private static final double DISTINCT_EXPONENT = 0.62;

  /** Bytes of a distinct pretoken on average, and of it and its count in a packed table. */
  private static final double PRETOKEN_BYTES = 11;

  private static final double PACKED_BYTES = 5.5;

  /** CPU microseconds of the trainer for a distinct pretoken, 128,000 ids. */
  private static final double LEARN_MICROS = 2.04;

  private static final double BYTES_A_TOKEN = 3.8;
  private static final double SHARD_BYTES_A_TOKEN = 2.2;

  /** Lines of inputs.jsonl and outputs.jsonl, and a receipt, as they were written. */
  private static final long INPUT_LINE = 330;

  private static final long OUTPUT_LINE = 210;
  private static final long RECEIPT = 2_600;

  private long units;
  private long ranges;
  private long planBytes;
  private long largestUnit;
  private long largestUnitText;
  private long countingUnits;
  private long largestCountingUnit;
  private double packedBytes;
  private final CountingPlan counting;
  private final UnitGroups groups;
  private final double textBytes;
  private final long files;
  private final int vocabSize;

  private ScaleEstimate(SimulatedCorpus corpus, int vocabSize) {
    this.files = corpus.files();
    long text = corpus.compression().textBytes(corpus.bytes());
    this.textBytes = text;
    this.counting = CountingPlan.of(text);
    this.groups = new UnitGroups(counting.targetBytes(), this::count);
    this.vocabSize = vocabSize;
  }

  /** Plans the corpus. */
  public static ScaleEstimate of(SimulatedCorpus corpus, int vocabSize) throws IOException {
    ScaleEstimate estimate = new ScaleEstimate(corpus, vocabSize);
    CorpusPlanner.plan(corpus, estimate::add);
    estimate.groups.end();
    return estimate;
  }

  private void add(WorkUnit unit) {
    units++;
    ranges += unit.ranges().size();
    largestUnit = Math.max(largestUnit, unit.bytes());
    largestUnitText = Math.max(largestUnitText, unit.textBytes());
    planBytes += PlanFile.lineBytes(unit);
    groups.add(unit);
  }

  private void count(List<WorkUnit> countingUnit) {
    long text = countingUnit.stream().mapToLong(WorkUnit::textBytes).sum();
    countingUnits++;
    largestCountingUnit = Math.max(largestCountingUnit, text);
    packedBytes += distinct((double) text) * PACKED_BYTES;
  }

  long units() {
    return units;
  }

  long ranges() {
    return ranges;
  }

  private static double distinct(double bytes) {
    return DISTINCT_FACTOR * Math.pow(bytes, DISTINCT_EXPONENT);
  }

  private double distinctInCorpus() {
    return distinct(textBytes);
  }

  double packedBytes() {
    return packedBytes;
  }

  long countingUnits() {
    return countingUnits;
  }

  /**
   * With so many cores, when each takes the next piece of work as it is free: no core waits before
   * the last piece has begun, so the work but for the largest piece is shared, and that may be
   * last.
   */
  private double wallSeconds(int cores) {
    return spread(textBytes / COUNT_RATE, largestCountingUnit / COUNT_RATE, cores)
        + learnSeconds()
        + spread(textBytes / ENCODE_RATE, largestUnitText / ENCODE_RATE, cores);
  }

  private double learnSeconds() {
    return distinctInCorpus() * LEARN_MICROS / 1e6;
  }

  /** Three significant digits at least: small corpora take small parts of an hour, and not none. */
  static String rounded(double value) {
    int decimals = value <= 0 ? 0 : Math.max(0, 2 - (int) Math.floor(Math.log10(value)));
    return String.format(Locale.ROOT, "%,." + decimals + "f", value);
  }

  private static double spread(double all, double largest, int cores) {
    return (all - largest) / cores + largest;
  }

  /** For a person. */
  public String text(Set<Integer> cores, double costOfACoreHour) {
    double all = distinctInCorpus();
    long memory = TrainingBound.estimateBytes((long) all, (long) (all * PRETOKEN_BYTES), vocabSize);
    StringBuilder text = new StringBuilder();
    row(text, "text bytes", "%,.0f", textBytes);
    row(text, "files", "%,d", files);
    row(
        text,
        "work units",
        "%,d in %s, the largest %,d bytes",
        units,
        Plural.of(ranges, "range"),
        largestUnit);
    row(text, "plan file", "%,d bytes", planBytes);
    row(text, "distinct pretokens", "%,.0f", all);
    row(
        text,
        "counting units",
        "%,d, the largest %,d bytes of text",
        countingUnits,
        largestCountingUnit);
    row(text, "packed counts", "%,.0f bytes written by counting units", packedBytes);
    row(
        text,
        "merging, each of " + counting.partitions(),
        "%,.0f bytes of packed counts",
        packedBytes / counting.partitions());
    row(
        text,
        "trainer",
        "%,d bytes to keep every pretoken; %s CPU seconds%s",
        memory,
        rounded(learnSeconds()),
        memory > TrainingMemory.ARRAY_LIMIT ? "; more than fits, so rare ones are cut" : "");
    double tokens = textBytes / BYTES_A_TOKEN;
    row(text, "tokens", "%,.0f", tokens);
    row(text, "shards", "%s, %,.0f bytes", Plural.of(units, "file"), tokens * SHARD_BYTES_A_TOKEN);
    row(text, "receipts", "%s, %,d bytes", Plural.of(units, "file"), units * RECEIPT);
    row(text, "inputs.jsonl", "%,d bytes", files * INPUT_LINE);
    row(text, "outputs.jsonl", "%,d bytes", units * OUTPUT_LINE);
    double coreSeconds = textBytes / COUNT_RATE + learnSeconds() + textBytes / ENCODE_RATE;
    row(text, "core hours", "%s", rounded(coreSeconds / 3600));
    row(
        text,
        "cost",
        "%s at %s a core hour",
        rounded(coreSeconds / 3600 * costOfACoreHour),
        rounded(costOfACoreHour));
    for (int number : cores) {
      row(
          text,
          "wall time, " + number + " cores",
          "%s hours at most",
          rounded(wallSeconds(number) / 3600));
    }
    return text.toString();
  }

  private static void row(StringBuilder text, String name, String format, Object... values) {
    text.append(String.format(Locale.ROOT, "%-24s ", name))
        .append(String.format(Locale.ROOT, format, values))
        .append('\n');
  }
}
