package org.merganser.pipeline.finish;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import org.merganser.job.Job;
import org.merganser.output.ListedFolders;
import org.merganser.output.WrittenFile;
import org.merganser.output.figures.PackFigures;
import org.merganser.output.figures.RecordSums;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.step.JobLayouts;
import org.merganser.shard.ShardColumns;

/**
 * The Parquet shards that {@code datasets.load_dataset} loads by one name. Documents, shuffled
 * documents and packed sequences are each a configuration, the first of them that the output has
 * under the name {@code default}.
 *
 * @param splits the sides of the split, at least one, training first
 */
record DatasetConfiguration(String name, ShardColumns columns, List<Split> splits) {
  /** The folder of shuffled shards in the folder of a side of the split. */
  private static final String SHUFFLED = OutputPaths.shuffled("");

  /** The folder of packed shards in the folder of a side of the split. */
  private static final String PACKED = OutputPaths.packed("");

  /** The folders of the sides of the split, without slashes at their ends. */
  private static final List<String> SIDES = List.of(ListedFolders.SHARDS, ListedFolders.VALIDATION);

  /**
   * The rows of one side of the split.
   *
   * @param name {@code train} or {@code validation}
   * @param path a pattern of files, relative to the output
   * @param bytes the bytes of these files
   * @param rows the number of rows; null if it is not known from the manifest
   */
  record Split(String name, String path, long bytes, @Nullable Long rows) {}

  /**
   * The configurations of an output.
   *
   * @param files the files that the manifest lists
   * @param packed the figures of packing by folder
   * @param sums the sums over all inputs
   */
  static List<DatasetConfiguration> of(
      Job job,
      JobLayouts layouts,
      List<WrittenFile> files,
      SortedMap<String, PackFigures> packed,
      RecordSums sums) {
    boolean neverCut = isNeverCut(job, sums);
    List<DatasetConfiguration> configurations = new ArrayList<>();
    for (String arrangement : List.of("", SHUFFLED, PACKED)) {
      List<Split> splits = splits(arrangement, files, neverCut, packed);
      if (!splits.isEmpty()) {
        String name = configurations.isEmpty() ? "default" : nameOf(arrangement);
        ShardColumns columns = layouts.columns(arrangement.equals(PACKED));
        configurations.add(new DatasetConfiguration(name, columns, splits));
      }
    }
    return configurations;
  }

  /** The bytes of the files of all splits. */
  long bytes() {
    return splits.stream().mapToLong(Split::bytes).sum();
  }

  /** Whether the number of rows is known. */
  boolean hasRows() {
    return splits.stream().allMatch(split -> split.rows() != null);
  }

  /**
   * Whether no document can have been cut into several rows: the text of all documents together is
   * no longer than {@code corpus.maxDocumentBytes}.
   */
  private static boolean isNeverCut(Job job, RecordSums sums) {
    return job.corpus() != null
        && sums.textBytes() + sums.validation().bytes() <= job.corpus().maxDocumentBytes();
  }

  /**
   * The sides of the split that have shards in an arrangement.
   *
   * @param arrangement the folder of the arrangement; empty for documents in the order of the
   *     corpus
   * @param neverCut whether each document of the corpus is one row
   */
  private static List<Split> splits(
      String arrangement,
      List<WrittenFile> files,
      boolean neverCut,
      SortedMap<String, PackFigures> packed) {
    boolean isPacked = arrangement.equals(PACKED);
    List<Split> splits = new ArrayList<>();
    for (String side : SIDES) {
      String folder = side + "/" + arrangement + "parquet/";
      List<WrittenFile> shards =
          files.stream().filter(file -> file.path().startsWith(folder)).toList();
      if (!shards.isEmpty()) {
        PackFigures figures = isPacked ? packed.get(OutputPaths.packed(side + "/")) : null;
        splits.add(split(side, folder, shards, neverCut && !isPacked, figures));
      }
    }
    return splits;
  }

  /** The name of a configuration that is not the first one. */
  private static String nameOf(String arrangement) {
    return arrangement.isEmpty() ? "documents" : arrangement.substring(0, arrangement.length() - 1);
  }

  /**
   * The split of the shards in a folder.
   *
   * @param rowsAreDocuments whether each document of the shards is one row
   * @param figures of packed shards; null for others
   */
  private static Split split(
      String side,
      String folder,
      List<WrittenFile> shards,
      boolean rowsAreDocuments,
      @Nullable PackFigures figures) {
    Long rows = null;
    if (rowsAreDocuments) {
      rows = shards.stream().mapToLong(WrittenFile::documents).sum();
    } else if (figures != null) {
      rows = figures.sequences();
    }
    boolean inGroupFolders = shards.get(0).path().indexOf('/', folder.length()) > 0;
    return new Split(
        side.equals(ListedFolders.SHARDS) ? "train" : "validation",
        folder + (inGroupFolders ? "*/*.parquet" : "*.parquet"),
        shards.stream().mapToLong(WrittenFile::size).sum(),
        rows);
  }
}
