package org.merganser.pipeline.measure;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PCollection;
import org.jspecify.annotations.Nullable;
import org.merganser.bpe.IdBuffer;
import org.merganser.checksum.Sha256;
import org.merganser.corpus.select.FrequentTexts;
import org.merganser.job.ShardsSection;
import org.merganser.output.figures.BoundedGroups;
import org.merganser.output.figures.GroupCounts;
import org.merganser.output.figures.IdHistogram;
import org.merganser.output.figures.LengthCounts;
import org.merganser.output.figures.RecordSums;
import org.merganser.output.receipt.InputRange;
import org.merganser.output.receipt.UnitReceipt;
import org.merganser.pipeline.engine.ToOneWorker;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.output.Fingerprint;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.finished.TokenizerLocation;
import org.merganser.pipeline.output.receipt.Receipts;
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
import org.merganser.report.measure.TextCounts;
import org.merganser.report.measure.TextMeter;
import org.merganser.report.measure.TokenBytes;
import org.merganser.report.statistics.DocumentLengths;
import org.merganser.report.statistics.NamedTokenizer;
import org.merganser.report.statistics.Statistics;
import org.merganser.report.statistics.StatisticsMaker;
import org.merganser.report.statistics.UnusualDocuments;
import org.merganser.report.statistics.VocabularyComparison;
import org.merganser.report.statistics.VocabularyMeter;
import org.merganser.store.FileStore;
import org.merganser.text.normalize.NormalizerLimitException;
import org.merganser.text.regex.RegexLimitException;
import org.merganser.text.unicode.Utf8;
import org.merganser.tokenizer.Tokenizer;
import org.merganser.tokenizer.UnencodableException;

/** Writes statistics.json from the receipts of encoded units and from the sample of their texts. */
public final class StatisticsPublication {
  private final RunSpec spec;

  /** The tokenizer.json. */
  private final FileRef ref;

  private final Tokenizer tokenizer;

  /** Measures the sampled excerpts. */
  private final TextMeter meter;

  /** Compares the vocabulary with the job's reference tokenizers; null without any. */
  private final @Nullable VocabularyMeter comparison;

  /** The location of the texts of the most duplicates; null if none are left out. */
  private final @Nullable String frequentTexts;

  /**
   * @param ref the tokenizer.json
   * @param frequentTexts the location of the texts of the most duplicates; null if none are left
   *     out
   */
  StatisticsPublication(RunSpec spec, FileRef ref, @Nullable String frequentTexts)
      throws IOException {
    this.spec = spec;
    this.ref = ref;
    this.frequentTexts = frequentTexts;
    this.tokenizer = WorkerTokenizers.get(ref);
    // Segments were encoded separately, and a row does not show where they end.
    boolean canEncodeAgain = tokenizer.byteLevel() && !spec.job().hasSegments();
    this.meter =
        new TextMeter(
            new TokenBytes(tokenizer),
            canEncodeAgain ? StepComponents.encoder(spec, tokenizer) : null,
            pieces());
    this.comparison = newComparison();
  }

  /** The vocabularies of pieces that the report has, by segment without validation documents. */
  private TextMeter.Pieces pieces() {
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
                                new StatisticsPublication(
                                    run, tokenizer.get(context), frequentTexts),
                            tokenizer)
                        .one(String.class, StatisticsPublication::publish)));
  }

  /** The fingerprint of the work that wrote a statistics.json with this sha256. */
  public static String fingerprint(String sha256) {
    return Fingerprint.of("statistics", sha256);
  }

  /** Writes statistics.json and returns the location of the receipt of this work. */
  String publish(List<String> receipts) throws IOException {
    Sums sums = new Sums(spec);
    for (String location : receipts) {
      sums.add(location);
      measure(UnitSample.read(spec, location));
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

  /** A comparison of this vocabulary with the job's reference tokenizers; null without any. */
  private @Nullable VocabularyMeter newComparison() throws IOException {
    List<String> references = spec.job().report().reference();
    if (references == null || references.isEmpty()) {
      return null;
    }
    List<NamedTokenizer> all = new ArrayList<>();
    all.add(new NamedTokenizer("this run", ref.sha256(), tokenizer));
    for (String reference : references) {
      String location = TokenizerLocation.of(spec.job().at(reference), "report.reference");
      all.add(NamedTokenizer.read(FileStore.readNamed(location), reference));
    }
    return new VocabularyMeter(all);
  }

  /** Measures the sampled excerpts of a unit, and compares the vocabularies on them. */
  private void measure(Excerpt[] sample) {
    for (Excerpt excerpt : sample) {
      meter.add(excerpt);
      if (!excerpt.validation() && comparison != null) {
        compare(excerpt, comparison);
      }
    }
  }

  /**
   * Measures all compared vocabularies on the text of an excerpt. It is left out if it is not
   * well-formed UTF-8, or if a reference tokenizer cannot encode it.
   */
  private void compare(Excerpt excerpt, VocabularyMeter vocabularies) {
    int[] sampled = excerpt.ids();
    IdBuffer ids = new IdBuffer(sampled.length);
    for (int id : sampled) {
      ids.add(id);
    }
    byte[] text = tokenizer.decode(ids, true);
    if (Utf8.firstIllFormed(text, 0, text.length) >= 0) {
      vocabularies.leaveOut(1);
      return;
    }
    String group = excerpt.group() == null && isGrouped() ? GroupCounts.NONE : excerpt.group();
    try {
      vocabularies.add(excerpt.document(), group, text, 0, text.length);
    } catch (UnencodableException | RegexLimitException | NormalizerLimitException e) {
      vocabularies.leaveOut(1);
    }
  }

  /** Whether the job names a group field. */
  private boolean isGrouped() {
    return spec.job().hasGroups();
  }

  /** The figures of the run. */
  private Statistics statistics(Sums sums) throws IOException {
    DocumentLengths lengths = DocumentLengths.of(sums.lengths.sum());
    VocabularyComparison compared = comparison == null ? null : comparison.result(null);
    boolean isLoaded = spec.tokenizer() instanceof TokenizerSource.Loaded;
    return StatisticsMaker.make(
        new StatisticsMaker.Counted(
            tokenizer,
            ref.sha256(),
            sums.records,
            sums.histogram,
            isGrouped(),
            sums.groups.toMap(),
            lengths,
            unusual(lengths, sums),
            spec.sample(),
            meter.sums(),
            meter.pieces(),
            compared,
            spec.job().deduplicates(),
            isLoaded));
  }

  /** The documents that are unusual by their length, or by a text that others have too. */
  private UnusualDocuments unusual(DocumentLengths lengths, Sums sums) throws IOException {
    ShardsSection shards = spec.job().shards();
    int idsAroundText = 0;
    if (shards.beginOfDocument() != null) {
      idsAroundText++;
    }
    if (shards.endOfDocument() != null) {
      idsAroundText++;
    }
    UnusualDocuments.Equal equal =
        spec.job().deduplicates() ? equalLeftOut(sums.records) : equalCounted(sums);
    return UnusualDocuments.of(lengths, idsAroundText, equal);
  }

  /** The documents with the text of another one, which the run left out. */
  private UnusualDocuments.Equal equalLeftOut(RecordSums sums) throws IOException {
    long kept = Math.addExact(sums.documents(), sums.validation().documents());
    long all = Math.addExact(kept, sums.duplicates());
    return UnusualDocuments.Equal.leftOut(sums.duplicates(), all, leftOutTexts());
  }

  /** The documents with the text of another one, which are in the shards. */
  private UnusualDocuments.Equal equalCounted(Sums sums) throws IOException {
    TextCounts.Copies copies = sums.texts.copies();
    return UnusualDocuments.Equal.counted(
        copies,
        sums.records.documents(),
        new RepeatedTexts(spec, tokenizer, sums.receipts).find(copies));
  }

  /** The texts of the most duplicates; null if none are left out, or if they were not listed. */
  private @Nullable List<UnusualDocuments.Text> leftOutTexts() throws IOException {
    List<FrequentTexts.Named> texts =
        frequentTexts == null ? null : DuplicateFiles.readFrequentTexts(frequentTexts);
    return texts == null ? null : texts.stream().map(this::leftOutText).toList();
  }

  /** A text that is left out, without the text itself if the report shows none. */
  private UnusualDocuments.Text leftOutText(FrequentTexts.Named text) {
    boolean showsText = spec.job().report().documents() > 0;
    long oneIn = 1; // every text was searched
    return new UnusualDocuments.Text(
        text.documents(),
        oneIn,
        text.id(),
        text.file(),
        text.offset(),
        showsText ? text.text() : null);
  }

  /** The sums over the receipts of all units. */
  private static final class Sums {
    private final RunSpec spec;
    private final IdHistogram histogram = new IdHistogram();
    private final BoundedGroups<GroupCounts> groups =
        new BoundedGroups<>(() -> GroupCounts.ZERO, GroupCounts::plus);
    private final LengthCounts lengths = new LengthCounts();
    private final TextCounts texts;

    /** The location of the receipt by the number of its unit. */
    private final Map<Integer, String> receipts = new HashMap<>();

    private RecordSums records = RecordSums.ZERO;

    Sums(RunSpec spec) {
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
  }
}
