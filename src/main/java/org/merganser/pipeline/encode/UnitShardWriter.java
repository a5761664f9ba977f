package org.merganser.pipeline.encode;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.Document;
import org.merganser.corpus.Selection;
import org.merganser.dataset.IdHistogram;
import org.merganser.pipeline.output.OutputLayout;
import org.merganser.pipeline.output.RunException;
import org.merganser.pipeline.output.UnitFiles;
import org.merganser.pipeline.step.LayoutPlan;
import org.merganser.shard.ShardRow;

/** A unit while it is encoded: its documents go into shards. */
final class UnitShardWriter extends UnitOutput {
  private final DocumentIds encoded;
  private final int endOfDocument;
  private final Observer observer;

  private final IdHistogram histogram = new IdHistogram();
  private final ShardRow row = new ShardRow();
  private final long maxTokens;
  private final UnaryOperator<@Nullable String> folders;
  private final int maxGroups;
  private final ShardSeries.Writers documents;

  /** By the folder of the group, which is empty where all documents share one. */
  private final SortedMap<String, ShardSeries> training = new TreeMap<>();

  private final SortedMap<String, ShardSeries> validation = new TreeMap<>();

  /** The last group and its folder: documents of a group often follow each other. */
  private @Nullable String group;

  private String folder;

  /**
   * @param encoded makes the ids
   * @param endOfDocument id appended to each document, -1 for none
   * @param maxTokens of each shard
   * @param folders gives the folder of a group, or of documents without one
   * @param maxGroups the most folders, each of which has a file open
   * @param documents begins a shard
   * @param observer of the documents in the order in which they are encoded
   */
  UnitShardWriter(
      OutputLayout layout,
      int unit,
      UnitFiles files,
      DocumentIds encoded,
      int endOfDocument,
      long maxTokens,
      UnaryOperator<@Nullable String> folders,
      int maxGroups,
      ShardSeries.Writers documents,
      Observer observer) {
    super(layout, unit, files);
    this.encoded = encoded;
    this.endOfDocument = endOfDocument;
    this.observer = observer;
    this.maxTokens = maxTokens;
    this.folders = folders;
    this.maxGroups = maxGroups;
    this.documents = documents;
    this.folder = folders.apply(null);
  }

  /** Sees the documents of a unit, or the parts of those that were cut, with their ids. */
  @FunctionalInterface
  interface Observer {
    /** The row is only lent. */
    void encoded(ShardRow row, boolean validation);
  }

  @Override
  void encode(Document document) {
    encoded.encode(document);
  }

  @Override
  long put(Document document) throws IOException {
    if (endOfDocument >= 0 && document.lastPart) {
      encoded.end(endOfDocument);
    }
    fillRow(document);
    boolean isValidation = document.selection == Selection.VALIDATION;
    if (isValidation) {
      series(document.group, validation).write(row);
    } else {
      series(document.group, training).write(row);
      histogram.addAll(row.ids, row.count);
    }
    observer.encoded(row, isValidation);
    return row.count;
  }

  @Override
  long lossTokens() {
    return encoded.lossTokens();
  }

  private ShardSeries series(@Nullable String ofGroup, SortedMap<String, ShardSeries> side) {
    if (!Objects.equals(ofGroup, group)) {
      group = ofGroup;
      folder = folders.apply(ofGroup);
    }
    ShardSeries series = side.get(folder);
    if (series == null) {
      String path = folder;
      if (side.size() == maxGroups) {
        throw tooManyGroups();
      }
      IntFunction<String> shard =
          side == training
              ? part -> layout.shard(path, unit, part)
              : part -> layout.validationShard(path, unit, part);
      series = new ShardSeries(files, shard, maxTokens, documents);
      side.put(path, series);
    }
    return series;
  }

  private RunException tooManyGroups() {
    return LayoutPlan.tooManyGroups(
        "unit " + unit + " has", training.keySet().stream().limit(3).toList(), maxGroups);
  }

  private void fillRow(Document document) {
    row.docId = document.id;
    row.file = document.file;
    row.offset = document.offset;
    row.part = document.part;
    row.group = document.group;
    row.kept = document.kept;
    row.ids = encoded.ids().ids();
    row.count = encoded.ids().size();
    row.mask = encoded.mask();
  }

  @Override
  void finishDocuments() throws IOException {
    for (ShardSeries series : all()) {
      series.finish();
    }
    files.count(histogram);
  }

  @Override
  public void close() throws IOException {
    try {
      for (ShardSeries series : all()) {
        series.close();
      }
    } finally {
      super.close();
    }
  }

  private List<ShardSeries> all() {
    List<ShardSeries> all = new ArrayList<>(training.values());
    all.addAll(validation.values());
    return all;
  }
}
