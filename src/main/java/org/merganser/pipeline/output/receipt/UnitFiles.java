package org.merganser.pipeline.output.receipt;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.commons.io.function.IOConsumer;
import org.jspecify.annotations.Nullable;
import org.merganser.checksum.FileSum;
import org.merganser.json.Json;
import org.merganser.layout.ShardConversion;
import org.merganser.output.WrittenFile;
import org.merganser.output.figures.GroupCounts;
import org.merganser.output.figures.IdHistogram;
import org.merganser.output.figures.PackFigures;
import org.merganser.output.figures.UnitLengths;
import org.merganser.output.receipt.GroupRow;
import org.merganser.output.receipt.InputRange;
import org.merganser.output.receipt.UnitReceipt;
import org.merganser.pipeline.output.CopiedCommit;
import org.merganser.pipeline.output.RunException;
import org.merganser.pipeline.output.RunPaths;
import org.merganser.store.Closing;
import org.merganser.store.FileStore;
import org.merganser.store.SummedOutputStream;

/**
 * The files of a unit of work in progress, and the content of its receipt. No file is visible
 * before {@link #publish}, which publishes all files and then the receipt; closing without it
 * leaves no files.
 */
public final class UnitFiles implements Closeable {
  private final RunPaths paths;

  /** The files that are not published, by their paths relative to the output. */
  private final Map<String, FileStore.Draft> drafts = new LinkedHashMap<>();

  // The content of the receipt; UnitReceipt says what each part means.

  private final List<WrittenFile> files = new ArrayList<>();
  private List<InputRange> inputs = List.of();
  private List<GroupRow> groups = List.of();
  private @Nullable String excluded;
  private @Nullable IdHistogram histogram;
  private @Nullable UnitLengths lengths;
  private final List<String> textEnds = new ArrayList<>();
  private @Nullable String whole;
  private final SortedMap<String, PackFigures> packed = new TreeMap<>();
  private @Nullable JsonNode training;

  /**
   * @param paths of the run that does the work
   */
  public UnitFiles(RunPaths paths) {
    this.paths = paths;
  }

  /**
   * Begins a file.
   *
   * @param path relative to the output
   * @return a local path at which to write the file; it does not exist yet
   */
  public Path begin(String path) throws IOException {
    String location = paths.at(path);
    FileStore.Draft draft = FileStore.of(location).draft(location);
    drafts.put(path, draft);
    return draft.file();
  }

  /**
   * Adds a begun file, which is complete, to the receipt.
   *
   * @param sum the size and checksum of what was written
   * @param documents the number of documents that begin in it
   * @param tokens the number of ids of its documents
   * @throws RunException if the file has another size than was written
   */
  public void finish(String path, FileSum sum, long documents, long tokens) throws IOException {
    Path file = draft(path);
    long size = Files.size(file);
    if (size != sum.size()) {
      throw RunException.of(
          "%s: has %s bytes, and %s were written; another program changes files there, or the file"
              + " system lost some",
          file, size, sum.size());
    }
    files.add(WrittenFile.of(path, sum, documents, tokens));
  }

  /** Adds a begun file without documents, which is complete, to the receipt; else as above. */
  public void finishWithoutDocuments(String path, FileSum sum) throws IOException {
    long documents = 0;
    long tokens = 0;
    finish(path, sum, documents, tokens);
  }

  /** Adds a begun file whose bytes were not written in their order, after reading it again. */
  public void finish(String path, long documents, long tokens) throws IOException {
    files.add(WrittenFile.of(path, FileSum.of(draft(path)), documents, tokens));
  }

  /**
   * Adds the begun files of a part in another layout. The documents and ids are counted in the
   * first of them, which has the ids.
   *
   * @param folder the folder of the layout, with a slash at the end
   */
  public void finish(String folder, ShardConversion.Converted part) throws IOException {
    String idSuffix = part.suffixes().get(0);
    for (String suffix : part.suffixes()) {
      String path = folder + part.name() + suffix;
      FileSum sum = part.sums().get(suffix);
      boolean hasIds = suffix.equals(idSuffix);
      long documents = hasIds ? part.documents() : 0;
      long tokens = hasIds ? part.tokens() : 0;
      if (sum == null) {
        finish(path, documents, tokens);
      } else {
        finish(path, sum, documents, tokens);
      }
    }
  }

  /**
   * Writes a complete file without documents.
   *
   * @param path relative to the output
   * @param content writes the content into the stream that it receives
   */
  public void write(String path, IOConsumer<OutputStream> content) throws IOException {
    FileSum sum;
    try (SummedOutputStream out = SummedOutputStream.of(begin(path))) {
      content.accept(out);
      out.flush();
      sum = out.sum();
    }
    finishWithoutDocuments(path, sum);
  }

  /** Writes a complete file without documents, with this content. */
  public void write(String path, byte[] content) throws IOException {
    write(path, out -> out.write(content));
  }

  /** The files in the receipt so far. */
  public List<WrittenFile> written() {
    return List.copyOf(files);
  }

  /** Adds a file of another receipt, which this unit uses without writing it. */
  public void addExisting(WrittenFile file) {
    files.add(file);
  }

  /** Sets {@link UnitReceipt#inputs}, {@link UnitReceipt#groups}, {@link UnitReceipt#excluded}. */
  public void setCounts(
      List<InputRange> read, SortedMap<String, GroupCounts> byGroup, String excludedIds) {
    inputs = read;
    groups =
        byGroup.entrySet().stream()
            .map(group -> new GroupRow(group.getKey(), group.getValue()))
            .toList();
    excluded = excludedIds;
  }

  /** Sets {@link UnitReceipt#histogram}. */
  public void setHistogram(IdHistogram ids) {
    histogram = ids;
  }

  /** Sets {@link UnitReceipt#lengths}. */
  public void setLengths(UnitLengths ofDocuments) {
    lengths = ofDocuments;
  }

  /** Adds a row of a shard to {@link UnitReceipt#textEnds}. */
  public void addTextEnd(String shard, long row) {
    textEnds.add(UnitReceipt.textEnd(shard, row));
  }

  /** Sets {@link UnitReceipt#whole}. */
  public void setWhole(@Nullable String sha256) {
    whole = sha256;
  }

  /** Adds the figures of a folder to {@link UnitReceipt#packed}. */
  public void addPacked(String folder, PackFigures figures) {
    packed.put(folder, figures);
  }

  /** Sets {@link UnitReceipt#training}, which is written as JSON. */
  public void setTraining(Record counts) {
    training = Json.MAPPER.valueToTree(counts);
  }

  /**
   * Publishes all files, in the stage or in place, and then the receipt.
   *
   * @param stage the name of the stage in the receipt
   * @param fingerprint of everything that the files depend on
   */
  public LocatedReceipt publish(int unit, String stage, String fingerprint) throws IOException {
    UnitReceipt receipt = receipt(unit, stage, fingerprint);
    CopiedCommit.begin(paths, receipt);
    for (FileStore.Draft draft : drafts.values()) {
      draft.publish();
    }
    FileStore.publish(paths.at(receipt.path()), receipt.toFile());
    CopiedCommit.end(paths, receipt);
    Map<String, String> locations = new HashMap<>();
    for (WrittenFile file : files) {
      boolean isWritten = drafts.containsKey(file.path());
      String location = isWritten ? paths.at(file.path()) : Receipts.locate(paths, file);
      locations.put(file.path(), location);
    }
    return new LocatedReceipt(receipt, locations);
  }

  /** The receipt of the unit with the files so far. */
  public UnitReceipt receipt(int unit, String stage, String fingerprint) {
    return new UnitReceipt(
        UnitReceipt.SCHEMA_VERSION,
        unit,
        stage,
        fingerprint,
        files,
        inputs,
        groups,
        histogram == null ? null : histogram.toText(),
        lengths,
        excluded,
        textEnds,
        whole,
        packed,
        training);
  }

  /** Deletes the files that were not published, also those after one that cannot be deleted. */
  @Override
  public void close() throws IOException {
    Closing.all(drafts.values());
  }

  /** The local path of a begun file. */
  private Path draft(String path) {
    return Objects.requireNonNull(drafts.get(path), path).file();
  }
}
