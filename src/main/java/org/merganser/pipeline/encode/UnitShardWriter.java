package org.merganser.pipeline.encode;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.Document;
import org.merganser.corpus.Document.Selection;
import org.merganser.output.figures.DocumentMarks;
import org.merganser.output.figures.IdHistogram;
import org.merganser.pipeline.measure.UnitSample;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.receipt.UnitFiles;
import org.merganser.pipeline.spec.RunSpec;
import org.merganser.pipeline.step.JobLayouts;
import org.merganser.shard.ParquetShardWriter;
import org.merganser.shard.ShardRow;
import org.merganser.store.Closing;

/**
 * Writes the ids of the documents of a unit into shards while the unit is read: into a {@link
 * ShardSeries} for each side of the split and group.
 */
final class UnitShardWriter extends UnitOutput {
  private final Settings settings;
  private final JobLayouts layoutPlan;

  /** The ids of the current document. */
  private final DocumentIds ids;

  /** The layouts that are written beside the shards; null for none. */
  private final @Nullable UnitLayouts layouts;

  /** The ids of the documents for training. */
  private final IdHistogram histogram = new IdHistogram();

  /** The row of the current document, which is reused. */
  private final ShardRow row = new ShardRow();

  /**
   * The series for training by the folder of the group; the folder is empty if all documents share
   * one.
   */
  private final SortedMap<String, ShardSeries> training = new TreeMap<>();

  /** The series for validation, likewise. */
  private final SortedMap<String, ShardSeries> validation = new TreeMap<>();

  /** The group of the last document; null for none. */
  private @Nullable String lastGroup;

  /** The folder of {@link #lastGroup}. */
  private String lastFolder;

  /**
   * What is the same for all units of a run.
   *
   * @param tokenizerRef the tokenizer.json
   * @param marks as for {@link UnitOutput}
   * @param sample takes the measured texts; null for none
   */
  record Settings(
      RunSpec spec,
      FileRef tokenizerRef,
      @Nullable DocumentMarks marks,
      @Nullable UnitSample sample) {}

  /**
   * @param ids encodes the documents
   * @param layouts are written beside the shards; null for none
   */
  UnitShardWriter(
      Settings settings,
      int unit,
      UnitFiles files,
      DocumentIds ids,
      @Nullable UnitLayouts layouts) {
    super(settings.spec.paths(), unit, files, ids.mayRefuse(), settings.marks);
    this.settings = settings;
    this.layoutPlan = JobLayouts.of(settings.spec);
    this.ids = ids;
    this.layouts = layouts;
    this.lastFolder = layoutPlan.groupFolder(null);
  }

  @Override
  void encode(Document document) {
    ids.encode(document);
  }

  @Override
  long put(Document document) throws IOException {
    ids.end(document);
    fillRow(document);
    boolean isValidation = document.selection == Selection.VALIDATION;
    ShardSeries series = series(document.group, isValidation);
    series.write(row);
    if (!document.lastPart && ids.lastIdIsEnd()) {
      series.noteTextEnd(); // readers would take the id for the end of the document
    }
    if (!isValidation) {
      histogram.addAll(row.ids, row.count);
      countMarks(document, row.ids, row.count);
    }
    if (settings.sample != null) {
      settings.sample.add(row, isValidation);
    }
    return row.count;
  }

  @Override
  long lossTokens() {
    return ids.lossTokens();
  }

  @Override
  void finishDocuments() throws IOException {
    for (ShardSeries series : allSeries()) {
      series.finish();
    }
    files.setHistogram(histogram);
  }

  @Override
  public void close() throws IOException {
    List<Closeable> open = new ArrayList<>(allSeries());
    open.add(super::close);
    Closing.all(open);
  }

  /**
   * The series of a group on one side of the split, which may be new.
   *
   * @throws org.merganser.pipeline.output.RunException if that side of the unit has more groups
   *     than the job allows
   */
  private ShardSeries series(@Nullable String group, boolean isValidation) {
    if (!Objects.equals(group, lastGroup)) {
      lastGroup = group;
      lastFolder = layoutPlan.groupFolder(group);
    }
    SortedMap<String, ShardSeries> side = isValidation ? validation : training;
    ShardSeries known = side.get(lastFolder);
    if (known != null) {
      return known;
    }
    int maxGroups = settings.spec.job().shards().partition().maxGroups();
    if (side.size() == maxGroups) {
      throw JobLayouts.tooManyGroups("unit " + unit + " has", side.keySet(), maxGroups);
    }
    ShardSeries series = newSeries(lastFolder, isValidation);
    side.put(lastFolder, series);
    return series;
  }

  /** An empty series of a group on one side of the split. */
  private ShardSeries newSeries(String groupFolder, boolean isValidation) {
    boolean packed = false;
    return new ShardSeries(
        files,
        number -> OutputPaths.shard(isValidation, groupFolder, unit, number),
        layoutPlan.parquetTokens(),
        file ->
            new ParquetShardWriter(
                file,
                layoutPlan.encodedMetadata(settings.tokenizerRef, packed),
                layoutPlan.columns(packed)),
        layouts == null ? List.of() : layouts.newSinks(isValidation));
  }

  /** Sets the row to the current document. */
  private void fillRow(Document document) {
    row.docId = document.id;
    row.file = document.file;
    row.offset = document.offset;
    row.part = document.part;
    row.group = document.group;
    row.kept = document.kept;
    row.ids = ids.ids().ids();
    row.count = ids.ids().size();
    row.mask = ids.mask();
  }

  private List<ShardSeries> allSeries() {
    List<ShardSeries> all = new ArrayList<>(training.values());
    all.addAll(validation.values());
    return all;
  }
}
