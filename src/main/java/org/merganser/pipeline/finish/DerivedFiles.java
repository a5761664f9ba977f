package org.merganser.pipeline.finish;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.merganser.job.ShardsSection;
import org.merganser.json.Json;
import org.merganser.output.WrittenFile;
import org.merganser.output.figures.RecordSums;
import org.merganser.output.manifest.BlendFiles;
import org.merganser.output.manifest.CardFile;
import org.merganser.output.manifest.DatasetGroups;
import org.merganser.output.manifest.GroupLine;
import org.merganser.output.manifest.Manifest;
import org.merganser.pipeline.convert.GroupFolders;
import org.merganser.pipeline.output.RunException;
import org.merganser.pipeline.output.receipt.Receipts;
import org.merganser.pipeline.output.version.OutputCleaning;
import org.merganser.pipeline.spec.RunKind;
import org.merganser.pipeline.spec.RunSpec;
import org.merganser.pipeline.step.JobLayouts;
import org.merganser.report.statistics.DocumentLengths;
import org.merganser.store.FileStore;

/**
 * Publishes the files of a version that follow from all its receipts: groups.jsonl, lengths.json,
 * those that describe the folders of layouts, dataset.json with the files of {@link BlendFiles},
 * and the dataset card.
 */
final class DerivedFiles {
  private final RunSpec spec;
  private final CollectedReceipts receipts;

  /**
   * @param receipts all receipts of the version
   */
  DerivedFiles(RunSpec spec, CollectedReceipts receipts) {
    this.spec = spec;
    this.receipts = receipts;
  }

  /**
   * Publishes all files but the card.
   *
   * @param read the sums over all inputs
   * @return the files that were published
   */
  List<WrittenFile> publish(RecordSums read) throws IOException {
    List<WrittenFile> published = new ArrayList<>();
    if (spec.kind() instanceof RunKind.CountTokens && spec.job().hasGroups()) {
      byte[] lines = GroupLine.file(receipts.groups(), read.training());
      published.add(publish(Manifest.GROUPS, lines));
    }
    if (!spec.measures() && !(spec.kind() instanceof RunKind.Train)) {
      DocumentLengths lengths = DocumentLengths.of(receipts.lengths().sum());
      published.add(publish(Manifest.LENGTHS, Json.figures(lengths)));
    }
    published.addAll(publish(receipts.folders().contents(receipts.otherFiles())));
    published.addAll(publishGroups(read, published));
    return published;
  }

  /**
   * Publishes the card of a run with ids, unless the user has a file of its name.
   *
   * @param files the other files of the version, in the order of their list
   * @return the card; empty if it was not published
   */
  List<WrittenFile> publishCard(DatasetCard.Identity identity, List<WrittenFile> files)
      throws IOException {
    byte[] card =
        new DatasetCard(
                identity,
                spec.job(),
                JobLayouts.of(spec),
                files,
                receipts.folders().packed(),
                receipts.groups().keySet())
            .toMarkdown();
    List<WrittenFile> proofs = new ArrayList<>(OutputCleaning.listed(spec.paths().output()));
    // A commit on an object store may have been cut between the card and the list.
    proofs.add(WrittenFile.ofContent(Manifest.CARD, card));
    return CardFile.belongsToUser(spec.paths().root(), proofs)
        ? List.of()
        : List.of(publish(Manifest.CARD, card));
  }

  /**
   * If groups have folders of their own, publishes their totals and the files from which trainers
   * read the share of each group.
   *
   * @param read the sums over all inputs
   * @param derived the files that were derived before
   */
  private List<WrittenFile> publishGroups(RecordSums read, List<WrittenFile> derived)
      throws IOException {
    List<WrittenFile> files = new ArrayList<>(receipts.unitFiles());
    files.addAll(receipts.otherFiles());
    files.addAll(derived);
    List<DatasetGroups.Group> found = new GroupFolders(spec, files).groups(receipts.groups(), read);
    ShardsSection job = spec.job().shards();
    if (found.isEmpty() && job.blend().weights() != null) {
      throw RunException.wrong("shards.blend.weights: the runs of shards.from have no groups");
    }
    if (found.isEmpty()) {
      return List.of();
    }
    if (job.partitionBy() != null && found.size() > job.partition().maxGroups()) {
      throw JobLayouts.tooManyGroups(
          "the corpus has",
          found.stream().map(DatasetGroups.Group::folder).toList(),
          job.partition().maxGroups());
    }
    DatasetGroups weighed =
        DatasetGroups.weighed(found, job.blend().alpha(), job.blend().weights());
    Map<String, byte[]> contents = new TreeMap<>();
    contents.put(DatasetGroups.FILE, weighed.toJson());
    String blendRoot = job.blend().root();
    contents.putAll(BlendFiles.of(weighed, files, blendRoot == null ? "" : blendRoot));
    return publish(contents);
  }

  /** Publishes files with these contents by path. */
  private List<WrittenFile> publish(Map<String, byte[]> contents) throws IOException {
    List<WrittenFile> published = new ArrayList<>();
    for (Map.Entry<String, byte[]> file : contents.entrySet()) {
      published.add(publish(file.getKey(), file.getValue()));
    }
    return published;
  }

  /** Publishes a file, unless it is there with this content. */
  private WrittenFile publish(String path, byte[] content) throws IOException {
    WrittenFile file = WrittenFile.ofContent(path, content);
    if (!Receipts.isWritten(spec.paths(), file)) {
      FileStore.publish(spec.paths().at(path), content);
    }
    return file;
  }
}
