package org.merganser.pipeline.finish;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedSet;
import org.merganser.output.ListedFolders;
import org.merganser.output.WrittenFile;
import org.merganser.output.figures.IdHistogram;
import org.merganser.pipeline.output.FileLocations;
import org.merganser.pipeline.output.finished.FinishedOutput;
import org.merganser.pipeline.output.receipt.ShardSet;
import org.merganser.pipeline.worker.LocalFiles;
import org.merganser.report.measure.TokenBytes;
import org.merganser.report.page.CutTextChoice;
import org.merganser.report.page.ShownDocument;
import org.merganser.report.page.TokenExamples;
import org.merganser.report.statistics.Statistics;
import org.merganser.shard.ShardReader;
import org.merganser.shard.ShardRow;
import org.merganser.tokenizer.Tokenizer;

/**
 * What the page of a run has from the documents in its canonical shards for training: documents to
 * show, examples of tokens, and the text that is cut in several ways.
 */
final class PageDocuments {
  /** The maximum number of shards, spread over the corpus, whose first rows are offered. */
  private static final int SAMPLED_SHARDS = 32;

  /** The rows at the beginning of each of these shards that are offered. */
  private static final int SAMPLED_ROWS = 8;

  private final FileLocations paths;
  private final int maxDocuments;
  private final List<ShownDocument> shown;
  private final TokenExamples examples = new TokenExamples();
  private final CutTextChoice cutText;
  private final IdHistogram countedIds = new IdHistogram();

  private PageDocuments(
      FileLocations paths, int maxDocuments, List<ShownDocument> shown, CutTextChoice cutText) {
    this.paths = paths;
    this.maxDocuments = maxDocuments;
    this.shown = shown;
    this.cutText = cutText;
  }

  /**
   * Reads the documents of a version.
   *
   * @param maxDocuments the maximum number of documents to show; 0 for no text of any document
   * @param countsIds whether all shards are read, and their ids counted
   */
  static PageDocuments read(
      FileLocations paths,
      Tokenizer tokenizer,
      Statistics statistics,
      int maxDocuments,
      boolean countsIds)
      throws IOException {
    List<ShownDocument> shown = shownDocuments(paths, new TokenBytes(tokenizer), maxDocuments);
    CutTextChoice cutText = newCutTextChoice(tokenizer, statistics, shown);
    PageDocuments documents = new PageDocuments(paths, maxDocuments, shown, cutText);
    documents.readShards(countsIds);
    if (maxDocuments > 0) {
      documents.offerBeginnings();
    }
    return documents;
  }

  /** The documents whose text is in the page, spread over the corpus. */
  List<ShownDocument> shown() {
    return shown;
  }

  /** Places where tokens occur; none if no text is shown. */
  TokenExamples examples() {
    return examples;
  }

  /** Has chosen the text that is cut; none if no text is shown. */
  CutTextChoice cutText() {
    return cutText;
  }

  /** The ids of all documents for training; empty unless they were counted. */
  IdHistogram countedIds() {
    return countedIds;
  }

  /** The documents whose text is in the page. */
  private static List<ShownDocument> shownDocuments(
      FileLocations paths, TokenBytes bytes, int maxDocuments) throws IOException {
    List<ShownDocument> shown = new ArrayList<>();
    List<WrittenFile> shards =
        FinishedOutput.at(paths).outputs().stream()
            .filter(file -> file.path().startsWith(ListedFolders.CANONICAL_SHARDS))
            .toList();
    SortedSet<Long> chosen =
        ShownDocument.choose(shards.stream().mapToLong(WrittenFile::documents).sum(), maxDocuments);
    long first = 0;
    for (WrittenFile shard : shards) {
      SortedSet<Long> ofShard = chosen.subSet(first, first + shard.documents());
      if (!ofShard.isEmpty()) {
        addShown(paths.at(shard.path()), first, ofShard, bytes, shown);
      }
      first += shard.documents();
    }
    return shown;
  }

  /**
   * Adds the chosen documents of a shard.
   *
   * @param shard the location of the shard
   * @param first the place in the corpus of the first document of the shard
   * @param chosen the places in the corpus of the chosen documents; not empty
   */
  private static void addShown(
      String shard, long first, SortedSet<Long> chosen, TokenBytes bytes, List<ShownDocument> shown)
      throws IOException {
    ShardRow row = new ShardRow();
    try (ShardReader in = new ShardReader(LocalFiles.of(shard))) {
      for (long at = first; at <= chosen.last() && in.next(row); at += row.documents()) {
        if (row.documents() > 0 && chosen.contains(at)) {
          shown.add(ShownDocument.of(row.docId, row.group, row.ids, row.count, bytes));
        }
      }
    }
  }

  /** A choice among the texts of the script and the group with the most text. */
  private static CutTextChoice newCutTextChoice(
      Tokenizer tokenizer, Statistics statistics, List<ShownDocument> shown) {
    String script =
        statistics.scripts().stream()
            .max(Comparator.comparingLong(Statistics.ScriptRow::bytes))
            .map(Statistics.ScriptRow::script)
            .orElse(null);
    String group =
        statistics.groups().stream()
            .max(Comparator.comparingLong(Statistics.GroupRow::bytes))
            .map(Statistics.GroupRow::group)
            .orElse(null);
    List<String> shownNames = shown.stream().map(ShownDocument::document).toList();
    return new CutTextChoice(tokenizer, script, group, shownNames);
  }

  /**
   * Reads shards until there are enough examples, or all of them if their ids are counted. The
   * documents that may have examples are offered to the choice of the text.
   */
  private void readShards(boolean countsIds) throws IOException {
    ShardRow row = new ShardRow();
    for (String location : trainingShards()) {
      if (!countsIds && !wantsExamples()) {
        return;
      }
      try (ShardReader in = new ShardReader(LocalFiles.of(location))) {
        while (in.next(row) && (countsIds || wantsExamples())) {
          if (wantsExamples()) {
            examples.add(row.docId, row.ids, row.count);
            cutText.offer(row.docId, row.group, row.ids, row.count);
          }
          if (countsIds) {
            countedIds.addAll(row.ids, row.count);
          }
        }
      }
    }
  }

  private boolean wantsExamples() {
    return maxDocuments > 0 && !examples.isFull();
  }

  /**
   * Offers the beginnings of shards, spread over the corpus, whose main language may come after all
   * documents that examples are taken from; ends when a text of the main language is chosen.
   */
  private void offerBeginnings() throws IOException {
    List<String> shards = trainingShards();
    ShardRow row = new ShardRow();
    int step = Math.max(1, (shards.size() + SAMPLED_SHARDS - 1) / SAMPLED_SHARDS);
    for (int at = 0; at < shards.size() && !cutText.isOfMostText(); at += step) {
      try (ShardReader in = new ShardReader(LocalFiles.of(shards.get(at)))) {
        for (int i = 0; i < SAMPLED_ROWS && !cutText.isOfMostText() && in.next(row); i++) {
          cutText.offer(row.docId, row.group, row.ids, row.count);
        }
      }
    }
  }

  /** The locations of the canonical shards of documents for training, in order. */
  private List<String> trainingShards() throws IOException {
    List<String> shards = new ArrayList<>();
    for (ShardSet set : FinishedOutput.at(paths).shards()) {
      shards.addAll(set.training().locations());
    }
    return shards;
  }
}
