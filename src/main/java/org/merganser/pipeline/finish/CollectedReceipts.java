package org.merganser.pipeline.finish;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import org.merganser.output.ListedFolders;
import org.merganser.output.WrittenFile;
import org.merganser.output.figures.BoundedGroups;
import org.merganser.output.figures.GroupCounts;
import org.merganser.output.figures.LengthCounts;
import org.merganser.output.receipt.UnitReceipt;
import org.merganser.pipeline.convert.FolderFiles;
import org.merganser.pipeline.spec.RunSpec;

/**
 * What the receipts of a run list: its files, and the figures from which {@link DerivedFiles} makes
 * further ones. {@link ManifestPublication} reads each receipt once, and adds it here.
 */
final class CollectedReceipts {
  /** Whether the statistics of the run have the lengths. */
  private final boolean measures;

  private final LengthCounts lengths = new LengthCounts();
  private final FolderFiles folders;

  private final List<WrittenFile> unitFiles = new ArrayList<>();
  private final List<WrittenFile> deadLetterFiles = new ArrayList<>();
  private final List<WrittenFile> otherFiles = new ArrayList<>();
  private final BoundedGroups<GroupCounts> groups =
      new BoundedGroups<>(() -> GroupCounts.ZERO, GroupCounts::plus);

  CollectedReceipts(RunSpec spec) {
    this.measures = spec.measures();
    this.folders = new FolderFiles(spec);
  }

  /** Adds what a receipt lists; returns whether it is that of a unit of the corpus. */
  boolean add(UnitReceipt receipt) {
    if (receipt.lengths() != null && !measures) {
      lengths.add(receipt.unit(), receipt.lengths());
    }
    if (!receipt.accountsForRecords()) {
      otherFiles.addAll(receipt.files());
      folders.add(receipt);
      return false;
    }
    receipt.groups().forEach(row -> groups.add(row.group(), row.counts()));
    unitFiles.addAll(receipt.files());
    receipt.files().stream()
        .filter(file -> file.path().startsWith(ListedFolders.DEAD_LETTERS + "/"))
        .forEach(deadLetterFiles::add);
    return true;
  }

  /** The files of the units of the corpus. */
  List<WrittenFile> unitFiles() {
    return Collections.unmodifiableList(unitFiles);
  }

  /** Those of {@link #unitFiles} with dead letters. */
  List<WrittenFile> deadLetterFiles() {
    return Collections.unmodifiableList(deadLetterFiles);
  }

  /** The files of the tokenizer and of the stages after encoding. */
  List<WrittenFile> otherFiles() {
    return Collections.unmodifiableList(otherFiles);
  }

  /** The lengths of the documents for training; none if the statistics of the run have them. */
  LengthCounts lengths() {
    return lengths;
  }

  /** What describes the folders of layouts. */
  FolderFiles folders() {
    return folders;
  }

  /** The counts of the documents for training by group. */
  SortedMap<String, GroupCounts> groups() {
    return groups.toMap();
  }
}
