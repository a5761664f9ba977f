package org.merganser.pipeline.encode;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PCollection;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.InvalidUtf8;
import org.merganser.corpus.WorkUnit;
import org.merganser.corpus.read.UnitReader;
import org.merganser.corpus.select.DuplicateList;
import org.merganser.layout.ShardLayout;
import org.merganser.output.WrittenFile;
import org.merganser.output.figures.DocumentMarks;
import org.merganser.output.receipt.UnitReceipt;
import org.merganser.pipeline.count.CountedRanges;
import org.merganser.pipeline.count.FirstReadingReceipts;
import org.merganser.pipeline.measure.UnitSample;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.output.Fingerprint;
import org.merganser.pipeline.output.receipt.LocatedReceipt;
import org.merganser.pipeline.output.receipt.ShardSet;
import org.merganser.pipeline.output.receipt.UnitFiles;
import org.merganser.pipeline.output.version.OutputVersions;
import org.merganser.pipeline.pretokens.KeptPretokenReader;
import org.merganser.pipeline.pretokens.KeptPretokens;
import org.merganser.pipeline.select.DocumentSelection;
import org.merganser.pipeline.settings.ReadingSettings;
import org.merganser.pipeline.spec.RunKind;
import org.merganser.pipeline.spec.RunSpec;
import org.merganser.pipeline.spec.Stage;
import org.merganser.pipeline.step.Broadcast;
import org.merganser.pipeline.step.DocumentTokens;
import org.merganser.pipeline.step.JobLayouts;
import org.merganser.pipeline.step.ResumableUnit;
import org.merganser.pipeline.step.StepComponents;
import org.merganser.pipeline.step.Steps;
import org.merganser.pipeline.worker.WorkerTokenizers;
import org.merganser.tokenizer.Encoder;
import org.merganser.tokenizer.Tokenizer;

/**
 * Encodes work units. Each unit has shards, dead letters and a receipt, and a sample of its texts
 * if the job asks for a report; a run that only counts writes no shards. Not thread-safe; the
 * encoder's cache is kept from unit to unit.
 */
public final class UnitEncoder {
  private final RunSpec spec;

  private final FileRef tokenizerRef;

  private final DuplicateList duplicates;
  private final UnitReader reader;
  private final Encoder encoder;

  /** The ids that begin and end each document; -1 for none. */
  private final int beginOfDocument;

  private final int endOfDocument;

  /**
   * The ids with which documents should begin and end: those that do are counted. Null for none.
   */
  private final @Nullable DocumentMarks marks;

  private final JobLayouts layoutPlan;
  private final ShardLayout.IdSettings layoutIds;

  /** Whether documents may be ill-formed UTF-8. */
  private final boolean anyBytes;

  /** Whether tokens are counted, and no shards are written. */
  private final boolean onlyCounts;

  /** The name of the stage in receipts. */
  private final String receiptName;

  /** The sha256 of the shards of the version that the run adds to; null before they are needed. */
  private @Nullable Map<String, String> keptShards;

  /** Takes the measured texts; null if the run writes no report. */
  private final @Nullable UnitSample sample;

  private final UnitShardWriter.Settings shardSettings;

  /** What counting has kept of units; null if it keeps nothing that this encoder can use. */
  private final @Nullable KeptPretokens keptPretokens;

  /** Loads the tokenizer, once in each JVM. */
  public UnitEncoder(RunSpec spec, FileRef tokenizerRef, DuplicateList duplicates) {
    this.spec = spec;
    this.tokenizerRef = tokenizerRef;
    this.duplicates = duplicates;
    Tokenizer tokenizer = WorkerTokenizers.get(tokenizerRef);
    this.reader = StepComponents.reader(spec, ReadingSettings.encodingSettings(spec.job()));
    this.encoder = StepComponents.encoder(spec, tokenizer);
    this.beginOfDocument = DocumentTokens.beginOfDocument(spec.job().shards(), tokenizer);
    this.endOfDocument = DocumentTokens.endOfDocument(spec.job().shards(), tokenizer);
    this.marks = DocumentTokens.marks(spec, tokenizer);
    this.layoutPlan = JobLayouts.of(spec);
    this.layoutIds = layoutPlan.ids(tokenizer);
    this.anyBytes = spec.job().requireCorpus().invalidUtf8() == InvalidUtf8.BYTES;
    this.onlyCounts = spec.kind() instanceof RunKind.CountTokens;
    this.receiptName = onlyCounts ? UnitReceipt.COUNT_TOKENS : UnitReceipt.ENCODE;
    this.sample = spec.measures() ? new UnitSample(spec) : null;
    this.shardSettings = new UnitShardWriter.Settings(spec, tokenizerRef, marks, sample);
    this.keptPretokens = encoder.takesPretokens() ? KeptPretokens.of(spec) : null;
  }

  /** Encodes each unit into its shards and outputs their locations. */
  public static PTransform<PCollection<WorkUnit>, PCollection<ShardSet>> step(
      RunSpec spec, Broadcast<FileRef> tokenizer, Broadcast<DuplicateList> duplicates) {
    return Steps.of(spec, Stage.ENCODE, tokenizer, duplicates, UnitEncoder::new)
        .one(ShardSet.class, UnitEncoder::encode);
  }

  /**
   * Encodes a unit, unless a valid receipt shows that it was encoded before; returns its shards. A
   * run that only counts has none.
   */
  public ShardSet encode(WorkUnit unit) throws IOException {
    DocumentSelection selection = new DocumentSelection(spec, unit, duplicates);
    ResumableUnit work = work(unit, selection);
    LocatedReceipt receipt;
    ShardSet shards;
    try (UnitLayouts layouts = new UnitLayouts(spec, tokenizerRef, layoutPlan, layoutIds)) {
      receipt =
          reader.readOnce(
              () -> work.complete(files -> writeAll(unit, selection, work, files, layouts)));
      shards = ShardSet.of(receipt, work.location());
      layouts.publish(shards);
    }
    if (keptPretokens != null) {
      keptPretokens.delete(unit, selection);
    }
    return shards;
  }

  /**
   * The receipt that the unit would have now, without {@link UnitReceipt#whole}. Its files are
   * written, summed and deleted.
   */
  public UnitReceipt encodeAgain(WorkUnit unit) throws IOException {
    DocumentSelection selection = new DocumentSelection(spec, unit, duplicates);
    return reader.readOnce(
        () -> {
          try (UnitFiles files = new UnitFiles(spec.paths())) {
            UnitLayouts noLayouts = null;
            writeFiles(unit, selection, files, noLayouts);
            return files.receipt(unit.number(), receiptName, work(unit, selection).fingerprint());
          }
        });
  }

  /** Writes all that the receipt of the unit lists, and then its sample. */
  private void writeAll(
      WorkUnit unit,
      DocumentSelection selection,
      ResumableUnit work,
      UnitFiles files,
      UnitLayouts layouts)
      throws IOException {
    layouts.restart();
    writeFiles(unit, selection, files, layouts);
    files.setWhole(FirstReadingReceipts.sha256OfBegunFile(spec.paths(), unit));
    requireKeptShards(files.written());
    if (sample != null) {
      sample.save(work.location());
    }
  }

  /**
   * Checks that the files are the shards of the version that the run adds to, as far as it has
   * them.
   */
  private void requireKeptShards(List<WrittenFile> files) throws IOException {
    String version = spec.addsTo();
    if (version == null) {
      return;
    }
    if (keptShards == null) {
      keptShards = new OutputVersions(spec.paths().output()).shards(version);
    }
    for (WrittenFile file : files) {
      if (!keptShards.getOrDefault(file.path(), file.sha256()).equals(file.sha256())) {
        throw OutputVersions.otherShard(file.path(), version);
      }
    }
  }

  /**
   * Encodes the text of a unit, or its kept pretokens, into its files.
   *
   * @param layouts are written beside the shards; null for none
   */
  private void writeFiles(
      WorkUnit unit, DocumentSelection selection, UnitFiles files, @Nullable UnitLayouts layouts)
      throws IOException {
    if (sample != null) {
      sample.begin(unit);
    }
    try (KeptPretokenReader pretokenReader =
            keptPretokens == null ? null : keptPretokens.find(unit, selection);
        UnitOutput encoded = newOutput(unit.number(), files, pretokenReader, layouts)) {
      if (pretokenReader != null) {
        pretokenReader.read(unit, encoder, encoded);
        UnitReader.requireUnchanged(unit);
      } else {
        read(unit, selection, encoded);
      }
      FirstReadingReceipts.requireUnchanged(spec.paths(), unit, encoded.sha256s());
      encoded.finish();
    }
  }

  /** Reads the text of a unit; its SHA-256 is not computed again if counting has done so. */
  private void read(WorkUnit unit, DocumentSelection selection, UnitOutput encoded)
      throws IOException {
    CountedRanges counted = CountedRanges.of(spec.paths(), unit, encoded);
    if (counted == null) {
      reader.read(unit, selection.before(encoded));
    } else {
      reader.readAgain(unit, selection.before(counted));
    }
  }

  /** What receives the documents of a unit. */
  private UnitOutput newOutput(
      int unit,
      UnitFiles files,
      @Nullable KeptPretokenReader pretokenReader,
      @Nullable UnitLayouts layouts) {
    DocumentIds ids =
        new DocumentIds(encoder, anyBytes, beginOfDocument, endOfDocument, pretokenReader);
    return onlyCounts
        ? new UnitTokenCounter(spec.paths(), unit, files, ids)
        : new UnitShardWriter(shardSettings, unit, files, ids, layouts);
  }

  /** The work on a unit, with the fingerprint of everything that its files depend on. */
  private ResumableUnit work(WorkUnit unit, DocumentSelection selection) {
    return ResumableUnit.of(
        spec,
        Stage.ENCODE,
        receiptName,
        unit.number(),
        Fingerprint.of(unit),
        selection.fingerprint(),
        tokenizerRef.sha256(),
        marks);
  }
}
