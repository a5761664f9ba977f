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
import org.merganser.pipeline.output.InPlaceVersion;
import org.merganser.pipeline.output.RunException;
import org.merganser.pipeline.output.RunPaths;
import org.merganser.store.FileStore;
import org.merganser.store.SummedOutputStream;

/**
 * The files of a unit of work in progress, and the content of its receipt. No file is visible
 * before {@link #publish}, which publishes all files and then the receipt; closing without it
 * leaves no files.
 */
public final class UnitFiles implements Closeable {
  private final RunPaths paths;
  private final Map<String, FileStore.Draft> drafts = new LinkedHashMap<>();
  private final List<WrittenFile> files = new ArrayList<>();
  private List<InputRange> inputs = List.of();
  private List<GroupRow> groups = List.of();
  private @Nullable String excluded;
  private @Nullable IdHistogram ids;
  private @Nullable UnitLengths lengths;
  private final List<String> textEnds = new ArrayList<>();
  private @Nullable String whole;
  private final SortedMap<String, PackFigures> packed = new TreeMap<>();
  private @Nullable JsonNode training;

  public UnitFiles(RunPaths paths) {
    this.paths = paths;
  }

  /**
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
   * Notes a file that is complete.
   *
   * @param sum from what wrote it
   * @param documents that begin in it
   * @param tokens ids of its documents
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

  /** Notes a complete file whose bytes were not written in their order: it is read again. */
  public void finish(String path, long documents, long tokens) throws IOException {
    files.add(WrittenFile.of(path, FileSum.of(draft(path)), documents, tokens));
  }

  /**
   * Notes the files of a part in another layout.
   *
   * @param folder of the layout, with a slash
   */
  public void finish(String folder, ShardConversion.Converted part) throws IOException {
    String holdsIds = part.suffixes().get(0);
    for (String suffix : part.suffixes()) {
      String path = folder + part.name() + suffix;
      FileSum sum = part.sums().get(suffix);
      long documents = suffix.equals(holdsIds) ? part.documents() : 0;
      long tokens = suffix.equals(holdsIds) ? part.tokens() : 0;
      if (sum == null) {
        finish(path, documents, tokens);
      } else {
        finish(path, sum, documents, tokens);
      }
    }
  }

  private Path draft(String path) {
    return Objects.requireNonNull(drafts.get(path), path).file();
  }

  /** Writes a complete file without documents. */
  public void write(String path, IOConsumer<OutputStream> content) throws IOException {
    FileSum sum;
    try (SummedOutputStream out = SummedOutputStream.of(begin(path))) {
      content.accept(out);
      out.flush();
      sum = out.sum();
    }
    finish(path, sum, 0, 0);
  }

  public void write(String path, byte[] content) throws IOException {
    write(path, out -> out.write(content));
  }

  public List<WrittenFile> written() {
    return List.copyOf(files);
  }

  public void include(WrittenFile file) {
    files.add(file);
  }

  public void count(IdHistogram counted) {
    ids = counted;
  }

  public void lengths(UnitLengths counted) {
    lengths = counted;
  }

  /** Adds a row of a shard to {@link UnitReceipt#textEnds}. */
  public void textEnd(String shard, long row) {
    textEnds.add(UnitReceipt.textEnd(shard, row));
  }

  public void whole(@Nullable String sha256) {
    whole = sha256;
  }

  public void packed(String folder, PackFigures figures) {
    packed.put(folder, figures);
  }

  public void training(Record account) {
    training = Json.MAPPER.valueToTree(account);
  }

  /**
   * @param read the ranges, in the order of the plan
   * @param byGroup counts of the documents for training
   * @param excludedPlaces as {@link UnitReceipt#excluded}
   */
  public void account(
      List<InputRange> read, SortedMap<String, GroupCounts> byGroup, String excludedPlaces) {
    inputs = read;
    groups = byGroup.entrySet().stream().map(g -> new GroupRow(g.getKey(), g.getValue())).toList();
    excluded = excludedPlaces;
  }

  /** Publishes all files, in the stage or in place, and then the receipt. */
  public LocatedReceipt publish(int unit, String stage, String fingerprint) throws IOException {
    UnitReceipt receipt = receipt(unit, stage, fingerprint);
    InPlaceVersion.begin(paths, receipt);
    for (FileStore.Draft draft : drafts.values()) {
      draft.publish();
    }
    FileStore.publish(paths.at(receipt.path()), receipt.toFile());
    InPlaceVersion.end(paths, receipt);
    Map<String, String> locations = new HashMap<>();
    for (WrittenFile file : files) {
      boolean isWritten = drafts.containsKey(file.path());
      String location = isWritten ? paths.at(file.path()) : Receipts.locate(paths, file);
      locations.put(file.path(), location);
    }
    return new LocatedReceipt(receipt, locations);
  }

  public UnitReceipt receipt(int unit, String stage, String fingerprint) {
    return new UnitReceipt(
        UnitReceipt.SCHEMA_VERSION,
        unit,
        stage,
        fingerprint,
        files,
        inputs,
        groups,
        ids == null ? null : ids.toText(),
        lengths,
        excluded,
        textEnds,
        whole,
        packed,
        training);
  }

  @Override
  public void close() throws IOException {
    for (FileStore.Draft draft : drafts.values()) {
      draft.close();
    }
  }
}
