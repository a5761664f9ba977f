package org.merganser.pipeline.measure;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.merganser.dataset.BoundedGroups;
import org.merganser.dataset.GroupCounts;
import org.merganser.dataset.IdHistogram;
import org.merganser.dataset.InputRange;
import org.merganser.dataset.Totals;
import org.merganser.dataset.UnitReceipt;
import org.merganser.dataset.WrittenFile;
import org.merganser.job.Job;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.output.Fingerprint;
import org.merganser.pipeline.output.OutputLayout;
import org.merganser.pipeline.output.Receipts;
import org.merganser.pipeline.step.JobComponents;
import org.merganser.pipeline.step.RunSpec;
import org.merganser.pipeline.step.Stage;
import org.merganser.pipeline.step.StageMeter;
import org.merganser.pipeline.step.WorkerTokenizers;
import org.merganser.report.measure.MeasuredPart;
import org.merganser.report.statistics.Comparison;
import org.merganser.report.statistics.NamedTokenizer;
import org.merganser.report.statistics.Statistics;
import org.merganser.report.statistics.StatisticsMaker;
import org.merganser.report.statistics.TokenizerComparison;
import org.merganser.store.FileStore;
import org.merganser.tokenizer.Tokenizer;

/** Writes statistics.json from the receipts of encoded units and from what was measured. */
public final class StatisticsPublication {
  /** Statistics are no unit's. */
  private static final int AFTER_ALL_UNITS = OutputLayout.AFTER_ALL_UNITS;

  /** A reference tokenizer is compared on this much text. */
  private static final long COMPARED_BYTES = 32L << 20;

  private final RunSpec spec;
  private final FileRef ref;
  private final List<String> receipts;

  /**
   * @param receipts locations of the receipts of encoded units
   */
  StatisticsPublication(RunSpec spec, FileRef ref, List<String> receipts) {
    this.spec = spec;
    this.ref = ref;
    this.receipts = receipts.stream().filter(location -> !location.isEmpty()).sorted().toList();
  }

  /** The job's reference tokenizers by their names there. */
  private Map<String, NamedTokenizer> references() throws IOException {
    Map<String, NamedTokenizer> found = new LinkedHashMap<>();
    List<String> references = spec.job().report().reference();
    List<String> written = spec.written().report().reference();
    for (int i = 0; references != null && written != null && i < references.size(); i++) {
      String location = references.get(i);
      byte[] json = FileStore.of(location).readAll(location);
      String name = written.get(i);
      found.put(name, NamedTokenizer.read(json, name));
    }
    return found;
  }

  /** The reference tokenizers on texts of the corpus, from the first shards on. */
  private List<Comparison> compared(Map<String, NamedTokenizer> references, List<String> shards)
      throws IOException {
    Tokenizer own = WorkerTokenizers.get(ref);
    NamedTokenizer ours = new NamedTokenizer("this run", ref.sha256(), own);
    List<TokenizerComparison> comparisons =
        references.values().stream().map(other -> new TokenizerComparison(ours, other)).toList();
    if (!comparisons.isEmpty()) {
      new SampledTexts(spec.layout(), own, COMPARED_BYTES)
          .read(
              shards,
              (row, text) -> {
                String group = row.group == null && isGrouped() ? GroupCounts.NONE : row.group;
                comparisons.forEach(each -> each.add(row.docId, group, text, 0, text.length));
              });
    }
    return comparisons.stream().map(TokenizerComparison::result).toList();
  }

  private boolean isGrouped() {
    return JobComponents.hasGroups(spec.job());
  }

  /** Names the receipt and the histogram of statistics of this sum. */
  public static String fingerprint(String sha256) {
    return Fingerprint.of("statistics", sha256);
  }

  /**
   * @param parts what was measured, each a line of {@link MeasuredPart}
   * @return the location of the receipt
   */
  String publish(List<String> parts) throws IOException {
    StageMeter meter = StageMeter.of(spec.layout(), Stage.MEASURE);
    Totals totals = Totals.ZERO;
    IdHistogram histogram = new IdHistogram();
    BoundedGroups<GroupCounts> groups =
        new BoundedGroups<>(() -> GroupCounts.ZERO, GroupCounts::plus);
    List<String> shards = new ArrayList<>();
    List<MeasuredPart> measured = parts.stream().map(MeasuredPart::read).toList();
    for (String location : receipts) {
      UnitReceipt receipt = Receipts.read(location);
      for (InputRange range : receipt.inputs()) {
        totals = totals.plus(range);
      }
      for (WrittenFile file : receipt.files()) {
        if (file.path().startsWith(OutputLayout.SHARDS)) {
          shards.add(file.path());
        }
      }
      receipt.groups().forEach(groups::add);
      String counts = spec.layout().at(Objects.requireNonNull(receipt.histogram()).path());
      histogram.add(IdHistogram.read(FileStore.of(counts).readAll(counts), counts));
    }
    MeasuredPart all = MeasuredPart.sum(measured);
    Job.Corpus corpus = spec.job().corpus();
    Statistics statistics =
        StatisticsMaker.make(
            new StatisticsMaker.Counted(
                WorkerTokenizers.get(ref),
                ref.sha256(),
                totals,
                histogram,
                isGrouped(),
                groups.toMap(),
                spec.sample(),
                all.sums(),
                all.pieces(),
                compared(references(), shards),
                corpus != null && corpus.choice().deduplicate() == Job.Deduplicate.EXACT));
    WrittenFile file = Receipts.publish(spec.layout(), Statistics.FILE, statistics.toJson(), 0);
    String fingerprint = fingerprint(file.sha256());
    Receipts.publish(
        spec.layout(), AFTER_ALL_UNITS, "statistics", fingerprint, List.of(file), histogram);
    meter.stepsDone(1);
    return spec.layout().at(UnitReceipt.path(fingerprint, AFTER_ALL_UNITS));
  }
}
