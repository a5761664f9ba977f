package org.merganser.pipeline.encode;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.merganser.bpe.IdBuffer;
import org.merganser.checksum.Sha256;
import org.merganser.corpus.DeadLetter;
import org.merganser.corpus.DeadLetterWriter;
import org.merganser.corpus.Document;
import org.merganser.corpus.DocumentHandler;
import org.merganser.corpus.RangeReceipt;
import org.merganser.corpus.Selection;
import org.merganser.dataset.BoundedGroups;
import org.merganser.dataset.GroupCounts;
import org.merganser.dataset.IdHistogram;
import org.merganser.dataset.InputRange;
import org.merganser.dataset.UnitReceipt;
import org.merganser.dataset.WrittenFile;
import org.merganser.pipeline.output.OutputLayout;
import org.merganser.pipeline.output.Receipts;
import org.merganser.pipeline.output.RunException;
import org.merganser.pipeline.step.Stage;
import org.merganser.pipeline.step.StageMeter;
import org.merganser.shard.ParquetShardWriter;
import org.merganser.shard.ShardRow;
import org.merganser.store.FileStore;
import org.merganser.text.regex.RegexLimitException;
import org.merganser.tokenizer.Encoder;
import org.merganser.tokenizer.SpecialTextException;
import org.merganser.tokenizer.UnencodableException;

/**
 * A unit while it is encoded: its documents go into shards, its dead letters beside them, and all
 * is accounted for. Nothing is visible before {@link #publish}; closing without it leaves nothing.
 */
final class UnitShardWriter implements DocumentHandler, Closeable {
  private final OutputLayout layout;
  private final int unit;
  private final String fingerprint;
  private final Encoder encoder;
  private final int endOfDocument;
  private final boolean anyBytes;
  private final Observer observer;
  private final StageMeter meter;

  private final List<FileStore.Draft> drafts = new ArrayList<>();
  private final List<WrittenFile> files = new ArrayList<>();
  private final List<InputRange> ranges = new ArrayList<>();
  private final BoundedGroups<GroupCounts> groups =
      new BoundedGroups<>(() -> GroupCounts.ZERO, GroupCounts::plus);
  private final IdHistogram histogram = new IdHistogram();
  private final IdBuffer ids = new IdBuffer(1 << 16);
  private final ShardRow row = new ShardRow();
  private final ShardSeries training;
  private final ShardSeries validation;
  private @Nullable DeadLetterDraft letters;
  private RangeSums sums = new RangeSums();

  /**
   * @param endOfDocument id appended to each document, -1 for none
   * @param anyBytes whether documents may be ill-formed UTF-8
   * @param maxTokens of each shard
   * @param metadata of each shard
   * @param observer of the documents in the order in which they are encoded
   */
  UnitShardWriter(
      OutputLayout layout,
      int unit,
      String fingerprint,
      Encoder encoder,
      int endOfDocument,
      boolean anyBytes,
      long maxTokens,
      Map<String, String> metadata,
      Observer observer) {
    this.layout = layout;
    this.meter = StageMeter.of(layout, Stage.ENCODE);
    this.unit = unit;
    this.fingerprint = fingerprint;
    this.encoder = encoder;
    this.endOfDocument = endOfDocument;
    this.anyBytes = anyBytes;
    this.observer = observer;
    ShardSeries.Writers documents = file -> new ParquetShardWriter(file, metadata);
    this.training =
        new ShardSeries(layout, subPart -> layout.shard(unit, subPart), maxTokens, documents);
    this.validation =
        new ShardSeries(
            layout, subPart -> layout.validationShard(unit, subPart), maxTokens, documents);
  }

  /** Sees the documents of a unit, or the parts of those that were cut, with their ids. */
  @FunctionalInterface
  interface Observer {
    /** The row is only lent. */
    void encoded(ShardRow row, boolean validation);
  }

  /** What the documents of a range add up to. */
  private static final class RangeSums {
    long documents;
    long textBytes;
    long tokens;
    GroupCounts validation = GroupCounts.ZERO;
    long duplicates;

    /** Parts behind the first that became dead letters: records of their own. */
    long laterParts;

    final SortedMap<String, Long> deadLetters = new TreeMap<>();
  }

  private record DeadLetterDraft(FileStore.Draft draft, DeadLetterWriter writer, String path) {}

  @Override
  public void document(Document document) {
    try {
      encode(document);
    } catch (IOException e) {
      throw cannotWrite(e);
    }
  }

  private RunException cannotWrite(IOException e) {
    return RunException.cannotWrite(layout.root(), "the files of unit " + unit, e);
  }

  private void encode(Document document) throws IOException {
    if (document.selection == Selection.DUPLICATE) {
      sums.duplicates += document.part == 0 ? 1 : 0;
      return;
    }
    ids.clear();
    if (!encodeText(document)) {
      if (document.part == 0 || !document.lastPart || document.alone) {
        return;
      }
      document.to = document.from; // an empty part ends the document in its place
    }
    if (endOfDocument >= 0 && document.lastPart) {
      ids.add(endOfDocument);
    }
    int documents = document.part == 0 ? 1 : 0;
    GroupCounts counts = new GroupCounts(documents, document.length(), ids.size());
    fillRow(document);
    boolean isValidation = document.selection == Selection.VALIDATION;
    if (isValidation) {
      validation.write(row, drafts, files);
      sums.validation = sums.validation.plus(counts);
    } else {
      training.write(row, drafts, files);
      histogram.addAll(ids.ids(), ids.size());
      sums.documents += documents;
      sums.textBytes += document.length();
      sums.tokens += ids.size();
      if (document.group != null) {
        groups.add(document.group, counts);
      }
    }
    observer.encoded(row, isValidation);
    meter.add(documents, document.length(), ids.size());
  }

  /** Whether the text has ids; else it has become a dead letter. */
  private boolean encodeText(Document document) throws IOException {
    try {
      if (anyBytes) {
        encoder.encodeBytes(document.text, document.from, document.to, ids);
      } else {
        encoder.encode(document.text, document.from, document.to, ids);
      }
      return true;
    } catch (SpecialTextException e) {
      deadLetter(document, DeadLetter.Reason.SPECIAL_TOKEN, e);
    } catch (UnencodableException | RegexLimitException e) {
      deadLetter(document, DeadLetter.Reason.NOT_ENCODABLE, e);
    }
    return false;
  }

  private void fillRow(Document document) {
    row.docId = document.id;
    row.file = document.file;
    row.offset = document.offset;
    row.part = document.part;
    row.group = document.group;
    row.ids = ids.ids();
    row.count = ids.size();
  }

  @Override
  public void deadLetter(DeadLetter letter) {
    try {
      bury(letter);
    } catch (IOException e) {
      throw cannotWrite(e);
    }
  }

  private void bury(DeadLetter letter) throws IOException {
    DeadLetterDraft current = letters;
    if (current == null) {
      current = openLetters();
      letters = current;
    }
    current.writer().write(letter);
    sums.deadLetters.merge(letter.reason().label(), letter.records(), Math::addExact);
  }

  /** A document that the reader took but the encoder refuses. */
  private void deadLetter(Document document, DeadLetter.Reason reason, RuntimeException refusal)
      throws IOException {
    int length = document.length();
    MessageDigest digest = Sha256.newDigest();
    digest.update(document.text, document.from, length);
    bury(
        new DeadLetter(
            document.file,
            document.record,
            document.partOffset,
            length,
            Sha256.hex(digest),
            reason,
            String.valueOf(refusal.getMessage()),
            Arrays.copyOfRange(
                document.text,
                document.from,
                document.from + Math.min(length, DeadLetter.RAW_LIMIT)),
            document.isWhole() ? null : new DeadLetter.Part(document.offset, document.part),
            1));
    if (document.part > 0) {
      sums.laterParts++;
    }
  }

  @Override
  public void rangeRead(RangeReceipt read) {
    ranges.add(
        new InputRange(
            read.range().file().path(),
            read.range().start(),
            read.range().end(),
            read.range().file().size(),
            read.sha256(),
            read.records() + sums.laterParts,
            sums.documents,
            sums.validation,
            sums.deadLetters,
            sums.duplicates,
            read.blank(),
            sums.textBytes,
            read.rawBytes(),
            sums.tokens));
    sums = new RangeSums();
  }

  /** Of each range that was read. */
  List<String> sha256s() {
    return ranges.stream().map(InputRange::sha256).toList();
  }

  /** Makes all files visible and then the receipt. */
  UnitReceipt publish() {
    try {
      return publishAll();
    } catch (IOException e) {
      throw cannotWrite(e);
    }
  }

  private UnitReceipt publishAll() throws IOException {
    training.finish(files);
    validation.finish(files);
    finishLetters();
    for (FileStore.Draft draft : drafts) {
      draft.publish();
    }
    UnitReceipt receipt =
        new UnitReceipt(
            unit,
            UnitReceipt.ENCODE,
            fingerprint,
            files,
            ranges,
            groups.toMap(),
            Receipts.publishHistogram(layout, fingerprint, unit, histogram));
    Receipts.publish(layout, receipt);
    return receipt;
  }

  private DeadLetterDraft openLetters() throws IOException {
    String path = layout.deadLetters(unit);
    String location = layout.at(path);
    FileStore.Draft draft = FileStore.of(location).draft(location);
    drafts.add(draft);
    OutputStream out = Files.newOutputStream(draft.file());
    return new DeadLetterDraft(draft, new DeadLetterWriter(out), path);
  }

  private void finishLetters() throws IOException {
    DeadLetterDraft finished = letters;
    if (finished != null) {
      letters = null;
      finished.writer().close();
      files.add(WrittenFile.of(finished.draft().file(), finished.path(), 0, 0));
    }
  }

  @Override
  public void close() throws IOException {
    try {
      training.close();
      validation.close();
      DeadLetterDraft openLetters = letters;
      if (openLetters != null) {
        openLetters.writer().close();
      }
    } finally {
      for (FileStore.Draft draft : drafts) {
        draft.close();
      }
    }
  }
}
