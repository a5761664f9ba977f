package org.merganser.pipeline;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.merganser.bpe.IdBuffer;
import org.merganser.corpus.CorpusSettings;
import org.merganser.corpus.DeadLetter;
import org.merganser.corpus.Document;
import org.merganser.corpus.DocumentHandler;
import org.merganser.corpus.FileRange;
import org.merganser.corpus.WorkUnit;
import org.merganser.corpus.plan.PlanFile;
import org.merganser.corpus.read.UnitReader;
import org.merganser.dataset.WrittenFile;
import org.merganser.job.Job;
import org.merganser.pipeline.encode.DocumentIds;
import org.merganser.pipeline.output.FinishedOutput;
import org.merganser.pipeline.output.GroupFolder;
import org.merganser.pipeline.output.OutputLayout;
import org.merganser.pipeline.step.JobComponents;
import org.merganser.pipeline.step.LayoutPlan;
import org.merganser.pipeline.step.WorkerTokenizers;
import org.merganser.shard.ShardReader;
import org.merganser.shard.ShardRow;
import org.merganser.store.CheckedFile;
import org.merganser.store.FileStore;
import org.merganser.text.normalize.Normalizer;
import org.merganser.text.normalize.NormalizerSpec;
import org.merganser.text.unicode.ByteBuilder;
import org.merganser.tokenizer.SpecialText;
import org.merganser.tokenizer.Tokenizer;
import org.merganser.verify.OutputVerification.Finding;

/**
 * Reads the source of a sample of units again, the first, the middle and the last one, and compares
 * each of their documents with its row: its ids are what its text gives, and they decode to that
 * text, normalized where the tokenizer normalizes.
 */
final class SourceComparison {
  private static final int KEPT = 20;

  private final OutputLayout layout;
  private final RunRecord record;
  private final List<String> notes;
  private final List<Finding> findings = new ArrayList<>();
  private long documents;

  SourceComparison(OutputLayout layout, RunRecord record, List<String> notes) {
    this.layout = OutputLayout.of(layout.root(), record.tokenizerAtRoot());
    this.record = record;
    this.notes = notes;
  }

  /** Documents, or parts of them, that were compared. */
  long documents() {
    return documents;
  }

  List<Finding> compare() throws IOException {
    if (record.plan() == null || !record.hasShards()) {
      return findings;
    }
    Job job = record.jobSeenFromHere(layout.at(layout.record()));
    List<WorkUnit> units = new ArrayList<>();
    if (!CheckedFile.isWhole(layout.at(record.plan()))) {
      notes.add("the plan is gone or damaged, so nothing was compared with its source");
      return findings;
    }
    PlanFile.read(layout.at(record.plan()), units::add);
    SortedSet<Integer> sample = new TreeSet<>();
    if (!units.isEmpty()) {
      sample.addAll(List.of(0, units.size() / 2, units.size() - 1));
    }
    for (int unit : sample) {
      compare(job, units.get(unit));
    }
    return findings;
  }

  private void compare(Job job, WorkUnit unit) throws IOException {
    String changed = changed(unit);
    if (changed != null) {
      notes.add("unit " + unit.number() + " was not compared with its source: " + changed);
      return;
    }
    SortedMap<String, List<String>> shards = new TreeMap<>();
    SortedMap<String, List<String>> heldOut = new TreeMap<>();
    for (WrittenFile file : FinishedOutput.outputs(layout)) {
      if (OutputLayout.isShard(file.path()) && OutputLayout.unit(file.path()) == unit.number()) {
        (file.path().startsWith(OutputLayout.SHARDS) ? shards : heldOut)
            .computeIfAbsent(GroupFolder.ofFile(file.path()), group -> new ArrayList<>())
            .add(file.path());
      }
    }
    try (Side training = new Side(shards);
        Side validation = new Side(heldOut)) {
      Tokenizer tokenizer = WorkerTokenizers.get(FinishedOutput.tokenizer(layout));
      UnitReader reader =
          new UnitReader(JobComponents.encodingSettings(job), tokenizer.cutRule().orElse(null));
      Comparison comparison = new Comparison(job, training, validation);
      reader.read(unit, comparison);
      comparison.end();
    }
  }

  /** Null when every file of a unit is as the plan has it. */
  private static @Nullable String changed(WorkUnit unit) throws IOException {
    for (FileRange range : unit.ranges()) {
      String location = range.file().location();
      try {
        FileStore.Entry now = FileStore.of(location).stat(location);
        if (now.size() != range.file().size() || now.modified() != range.file().modified()) {
          return location + " has changed since";
        }
      } catch (IOException e) {
        return location + " is not there any more";
      }
    }
    return null;
  }

  /** The rows of one side of the split, by the folders of their groups. */
  private final class Side implements AutoCloseable {
    private final SortedMap<String, Rows> byGroup = new TreeMap<>();
    private final Rows none;

    Side(SortedMap<String, List<String>> shards) throws IOException {
      this.none = new Rows(List.of());
      for (Map.Entry<String, List<String>> group : shards.entrySet()) {
        byGroup.put(group.getKey(), new Rows(group.getValue()));
      }
    }

    Rows of(String groupFolder) {
      return byGroup.getOrDefault(groupFolder, none);
    }

    @Override
    public void close() throws IOException {
      for (Rows rows : byGroup.values()) {
        rows.close();
      }
    }
  }

  /** The rows of some shards, one after the other. */
  private final class Rows implements AutoCloseable {
    private final List<String> shards;
    private final ShardRow row = new ShardRow();
    private int next;
    private @Nullable ShardReader open;
    private boolean there;

    Rows(List<String> shards) throws IOException {
      this.shards = shards;
      advance();
    }

    void advance() throws IOException {
      there = open != null && open.next(row);
      while (!there && next < shards.size()) {
        close();
        open = ShardReader.open(RunVerification.path(layout, shards.get(next++)));
        there = open.next(row);
      }
    }

    boolean isOf(Document document) {
      return there
          && row.file.equals(document.file)
          && row.offset == document.offset
          && row.part == document.part
          && row.docId.equals(document.id);
    }

    @Override
    public void close() throws IOException {
      if (open != null) {
        open.close();
      }
    }
  }

  /** Documents that neither side has a row for were left out, and their count is checked. */
  private final class Comparison implements DocumentHandler {
    private final Side training;
    private final Side validation;
    private final LayoutPlan plan;
    private final Tokenizer tokenizer;
    private final DocumentIds encoded;
    private final @Nullable Normalizer normalizer;
    private final int endOfDocument;
    private final boolean loaded;
    private boolean told;
    private final ByteBuilder expected = new ByteBuilder(1 << 12);
    private final ByteBuilder normalized = new ByteBuilder(1 << 12);

    Comparison(Job job, Side training, Side validation) throws IOException {
      this.plan = new LayoutPlan(job);
      this.training = training;
      this.validation = validation;
      this.tokenizer = WorkerTokenizers.get(FinishedOutput.tokenizer(layout));
      NormalizerSpec spec = tokenizer.normalizer();
      SpecialText specialText = JobComponents.tokenizer(job).specialText();
      this.normalizer = spec == null ? null : spec.build();
      this.endOfDocument = JobComponents.endOfDocument(job, tokenizer);
      this.encoded =
          new DocumentIds(
              tokenizer.newEncoder(specialText),
              JobComponents.corpus(job).faults().invalidUtf8() == CorpusSettings.InvalidUtf8.BYTES);
      this.loaded = JobComponents.tokenizer(job).load() != null;
    }

    @Override
    public void document(Document document) throws IOException {
      String group = plan.groupFolder(document.group);
      Rows heldOut = validation.of(group);
      Rows rows = heldOut.isOf(document) ? heldOut : training.of(group);
      if (!rows.isOf(document)) {
        return; // left out, or a dead letter: rows that no document asks for are found at the end
      }
      documents++;
      int count = rows.row.count;
      if (endOfDocument >= 0 && document.lastPart) {
        count--;
        if (count < 0 || rows.row.ids[count] != endOfDocument) {
          add(document, "doesn't end with the id " + endOfDocument + " that ends documents");
        }
      }
      if (count == 0 && document.part > 0 && document.lastPart) {
        rows.advance(); // the last part is a dead letter, and its row only ends the document
        return;
      }
      encoded.encode(document);
      IdBuffer ids = encoded.ids();
      if (!Arrays.equals(ids.ids(), 0, ids.size(), rows.row.ids, 0, Math.max(0, count))) {
        add(document, "its text gives other ids than its row has");
      } else if (!decodesTo(document, ids)) {
        notDecoded(document);
      }
      if (endOfDocument >= 0 && document.lastPart) {
        encoded.end(endOfDocument);
      }
      if (ids.size() == rows.row.count && !hasMask(rows.row)) {
        add(document, "its segments give another loss mask than its row has");
      }
      rows.advance();
    }

    /** Whether a row has the mask of the ids, which are as many as its own. */
    private boolean hasMask(ShardRow row) {
      int[] mask = encoded.mask();
      return mask == null
          ? row.mask == null
          : row.mask != null && Arrays.equals(mask, 0, row.count, row.mask, 0, row.count);
    }

    /** What is trained here gives every text back; a tokenizer from elsewhere may not. */
    private void notDecoded(Document document) {
      String what = "its ids do not decode to its text";
      if (!loaded) {
        add(document, what);
      } else if (!told) {
        told = true;
        notes.add(
            "document " + document.id + ": " + what + "; they are what the tokenizer gives for it");
      }
    }

    private boolean decodesTo(Document document, IdBuffer ids) {
      byte[] text = document.text;
      int from = document.from;
      int to = document.to;
      if (normalizer != null) {
        normalizeStretches(normalizer, document);
        text = expected.bytes();
        from = 0;
        to = expected.length();
      }
      byte[] decoded = tokenizer.decode(ids, false);
      return Arrays.equals(decoded, 0, decoded.length, text, from, to);
    }

    private void normalizeStretches(Normalizer by, Document document) {
      expected.clear();
      int start = document.from;
      for (int i = 0; i < document.stretches(); i++) {
        int end = document.stretchEnd(i);
        if (by.normalize(document.text, start, end, normalized)) {
          expected.append(normalized.bytes(), 0, normalized.length());
        } else {
          expected.append(document.text, start, end);
        }
        start = end;
      }
    }

    private void add(Document document, String what) {
      if (findings.size() < KEPT) {
        findings.add(
            new Finding(
                "source",
                document.file,
                "document " + document.id + " at offset " + document.offset + ": " + what));
      }
    }

    @Override
    public void deadLetter(DeadLetter letter) {}

    void end() {
      List<Rows> all = new ArrayList<>(training.byGroup.values());
      all.addAll(validation.byGroup.values());
      for (Rows rows : all) {
        if (rows.there) {
          findings.add(
              new Finding(
                  "source",
                  rows.row.file,
                  "the source has no document %s at offset %s"
                      .formatted(rows.row.docId, rows.row.offset)));
        }
      }
    }
  }
}
