package org.merganser.pipeline.measure;

import java.io.IOException;
import java.util.List;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PCollection;
import org.jspecify.annotations.Nullable;
import org.merganser.checksum.Sha256;
import org.merganser.job.ShardsSection;
import org.merganser.pipeline.engine.ToOneWorker;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.output.Fingerprint;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.receipt.ShardSet;
import org.merganser.pipeline.select.DuplicateFiles;
import org.merganser.pipeline.spec.RunSpec;
import org.merganser.pipeline.spec.Stage;
import org.merganser.pipeline.spec.TokenizerSource;
import org.merganser.pipeline.step.Broadcast;
import org.merganser.pipeline.step.ResumableUnit;
import org.merganser.pipeline.step.StepComponents;
import org.merganser.pipeline.step.Steps;
import org.merganser.pipeline.worker.WorkerTokenizers;
import org.merganser.report.measure.Excerpt;
import org.merganser.report.measure.TextMeter;
import org.merganser.report.measure.TokenBytes;
import org.merganser.report.statistics.DocumentLengths;
import org.merganser.report.statistics.Statistics;
import org.merganser.report.statistics.StatisticsMaker;
import org.merganser.report.statistics.UnusualDocuments;
import org.merganser.report.statistics.VocabularyComparison;
import org.merganser.tokenizer.Tokenizer;

/**
 * Writes statistics.json from the receipts of encoded units ({@link ReceiptSums}) and from the
 * sample of their texts ({@link UnitSample}). {@link StatisticsMaker} computes the figures.
 */
public final class StatisticsPublication {
  private final RunSpec spec;

  /** The tokenizer.json. */
  private final FileRef tokenizerRef;

  private final Tokenizer tokenizer;

  /** Measures the sampled excerpts. */
  private final TextMeter meter;

  /** Compares the vocabulary with the job's reference tokenizers; null without any. */
  private final @Nullable ReferenceComparison comparison;

  private final EqualDocuments equalDocuments;

  private StatisticsPublication(
      RunSpec spec,
      FileRef tokenizerRef,
      Tokenizer tokenizer,
      @Nullable ReferenceComparison comparison,
      EqualDocuments equalDocuments) {
    this.spec = spec;
    this.tokenizerRef = tokenizerRef;
    this.tokenizer = tokenizer;
    this.comparison = comparison;
    this.equalDocuments = equalDocuments;
    // Segments were encoded separately, and a row does not show where they end.
    boolean canEncodeAgain = tokenizer.byteLevel() && !spec.job().hasSegments();
    this.meter =
        new TextMeter(
            new TokenBytes(tokenizer),
            canEncodeAgain ? StepComponents.encoder(spec, tokenizer) : null,
            pieces(spec));
  }

  /**
   * Reads the tokenizer of the run and the job's reference tokenizers.
   *
   * @param tokenizerRef the tokenizer.json
   * @param frequentTexts the location of the texts of the most duplicates; null if none are left
   *     out
   */
  private static StatisticsPublication open(
      RunSpec spec, FileRef tokenizerRef, @Nullable String frequentTexts) throws IOException {
    Tokenizer tokenizer = WorkerTokenizers.get(tokenizerRef);
    return new StatisticsPublication(
        spec,
        tokenizerRef,
        tokenizer,
        ReferenceComparison.read(spec, tokenizerRef, tokenizer),
        new EqualDocuments(spec, tokenizer, frequentTexts));
  }

  /** The vocabularies of pieces that the report has, by segment without validation documents. */
  private static TextMeter.Pieces pieces(RunSpec spec) {
    if (!spec.job().report().granularities()) {
      return TextMeter.Pieces.NONE;
    }
    return spec.job().requireCorpus().hasValidation()
        ? TextMeter.Pieces.BY_DOCUMENT
        : TextMeter.Pieces.BY_SEGMENT;
  }

  /**
   * The step that measures a sample of bounded size on one worker, and writes statistics.json from
   * it and the receipts of all units. The output is the location of its receipt.
   */
  public static PTransform<PCollection<ShardSet>, PCollection<String>> step(
      RunSpec spec, Broadcast<FileRef> tokenizer) {
    // Found here: a step receives the job without the keys of other stages, which this depends on.
    String frequentTexts = DuplicateFiles.frequentTextsLocation(spec);
    return PTransform.compose(
        (PCollection<ShardSet> shards) ->
            shards
                .apply(
                    "FindSample",
                    Steps.of(spec, Stage.MEASURE, (run, context) -> new UnitSample(run))
                        .one(String.class, UnitSample::saveUnlessSaved))
                .apply("AllUnits", new ToOneWorker())
                .apply(
                    "WriteStatistics",
                    Steps.of(
                            spec,
                            Stage.MEASURE,
                            (run, context) ->
                                StatisticsPublication.open(
                                    run, tokenizer.get(context), frequentTexts),
                            tokenizer)
                        .one(String.class, StatisticsPublication::publish)));
  }

  /** The fingerprint of the work that wrote a statistics.json with this sha256. */
  public static String fingerprint(String sha256) {
    return Fingerprint.of("statistics", sha256);
  }

  /** Writes statistics.json and returns the location of the receipt of this work. */
  private String publish(List<String> receipts) throws IOException {
    ReceiptSums sums = new ReceiptSums(spec);
    for (String location : receipts) {
      sums.add(location);
      measure(UnitSample.readExcerpts(spec, location));
    }
    byte[] json = statistics(sums).toJson();
    ResumableUnit work =
        new ResumableUnit(
            spec.paths(),
            Stage.MEASURE,
            "statistics",
            OutputPaths.AFTER_ALL_UNITS,
            fingerprint(Sha256.of(json)));
    return work.completeAndLocate(
        files -> {
          files.write(Statistics.FILE, json);
          files.setHistogram(sums.histogram);
        });
  }

  /** Measures the sampled excerpts of a unit, and compares the vocabularies on them. */
  private void measure(Excerpt[] sample) {
    for (Excerpt excerpt : sample) {
      meter.add(excerpt);
      if (comparison != null) {
        comparison.add(excerpt);
      }
    }
  }

  /** The figures of the run. */
  private Statistics statistics(ReceiptSums sums) throws IOException {
    DocumentLengths lengths = DocumentLengths.of(sums.lengths.sum());
    UnusualDocuments unusual =
        UnusualDocuments.of(lengths, idsAroundText(), equalDocuments.find(sums));
    VocabularyComparison compared = comparison == null ? null : comparison.result();
    boolean isLoaded = spec.tokenizer() instanceof TokenizerSource.Loaded;
    return StatisticsMaker.make(
        new StatisticsMaker.Counted(
            tokenizer,
            tokenizerRef.sha256(),
            sums.records(),
            sums.histogram,
            spec.job().hasGroups(),
            sums.groups.toMap(),
            lengths,
            unusual,
            spec.sample(),
            meter.sums(),
            meter.pieces(),
            compared,
            spec.job().deduplicates(),
            isLoaded));
  }

  /** The number of ids that begin and end each document. */
  private int idsAroundText() {
    ShardsSection shards = spec.job().shards();
    int ids = 0;
    if (shards.beginOfDocument() != null) {
      ids++;
    }
    if (shards.endOfDocument() != null) {
      ids++;
    }
    return ids;
  }
}
