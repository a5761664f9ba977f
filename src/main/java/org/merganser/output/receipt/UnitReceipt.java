package org.merganser.output.receipt;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.merganser.json.Json;
import org.merganser.output.OtherSchemaException;
import org.merganser.output.OutputFile;
import org.merganser.output.WrittenFile;
import org.merganser.output.figures.IdHistogram;
import org.merganser.output.figures.PackFigures;
import org.merganser.output.figures.UnitLengths;
import org.merganser.store.ChecksummedFile;
import org.merganser.store.CodePointOrder;
import org.merganser.store.UnusableFileException;

/**
 * The result of a work unit, published after all its files at its {@link #path}. Files without a
 * valid receipt do not count.
 *
 * @param schema the version of this format, {@link #SCHEMA_VERSION}
 * @param unit the number of the unit in the plan, from 0
 * @param stage the stage, such as {@link #ENCODE}
 * @param fingerprint the fingerprint of everything that the unit's bytes depend on
 * @param files the files that were written, in the order of their paths
 * @param inputs the counts of what was read, in the order of the plan
 * @param groups the counts of the documents for training by the job's groupBy field
 * @param histogram the occurrences of each id in the documents for training, as {@link
 *     IdHistogram#toText} writes it; null if not counted
 * @param lengths the lengths of the documents for training; null, and not written, if not counted
 * @param excluded the ids that the job leaves out and that documents of the unit have, as {@link
 *     IdPlaces} writes them; null, and not written, for none
 * @param textEnds rows of shards, each as {@code path#number} from 0, whose last id is that of
 *     endOfDocument although the row is a part that does not end its document: the id belongs to
 *     the text
 * @param whole the sha256 of the file that begins in this unit and continues in the next; null, and
 *     not written, for none
 * @param packed the counts of packing by the folder of the sequences; not written if there are none
 * @param training the counts that a vocabulary was learned from, as the manifest has them; null,
 *     and not written, for a stage that learns none
 */
public record UnitReceipt(
    int schema,
    int unit,
    String stage,
    String fingerprint,
    List<WrittenFile> files,
    List<InputRange> inputs,
    List<GroupRow> groups,
    @Nullable String histogram,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable UnitLengths lengths,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String excluded,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> textEnds,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String whole,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) SortedMap<String, PackFigures> packed,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable JsonNode training) {
  /** The folder of all receipts, relative to the output. */
  public static final String FOLDER = "run/units";

  /** The stage of a unit that was encoded. */
  public static final String ENCODE = "encode";

  /** The stage of a unit whose tokens were only counted. */
  public static final String COUNT_TOKENS = "countTokens";

  /** Raised when this version cannot read earlier receipts. */
  public static final int SCHEMA_VERSION = 3;

  /** Sorts the files; lists that JSON may lack become empty, and an empty text of ids null. */
  public UnitReceipt {
    files =
        files.stream()
            .sorted(Comparator.comparing(WrittenFile::path, CodePointOrder.INSTANCE))
            .toList();
    inputs = List.copyOf(inputs);
    groups = List.copyOf(groups);
    textEnds = textEnds == null ? List.of() : List.copyOf(textEnds);
    excluded = excluded == null || excluded.isEmpty() ? null : excluded;
    packed = Collections.unmodifiableSortedMap(packed == null ? new TreeMap<>() : packed);
  }

  /**
   * The receipt of a unit that only lists what was read; its fingerprint is empty.
   *
   * @param whole the {@link #whole}
   */
  public static UnitReceipt ofInputs(
      String stage, int unit, List<InputRange> inputs, @Nullable String whole) {
    String noFingerprint = "";
    List<WrittenFile> noFiles = List.of();
    List<GroupRow> noGroups = List.of();
    String noHistogram = null;
    UnitLengths noLengths = null;
    String noneExcluded = null;
    List<String> noTextEnds = List.of();
    SortedMap<String, PackFigures> nonePacked = new TreeMap<>();
    JsonNode noTraining = null;
    return new UnitReceipt(
        SCHEMA_VERSION,
        unit,
        stage,
        noFingerprint,
        noFiles,
        inputs,
        noGroups,
        noHistogram,
        noLengths,
        noneExcluded,
        noTextEnds,
        whole,
        nonePacked,
        noTraining);
  }

  /** The entry of a row in {@link #textEnds}. */
  public static String textEnd(String shard, long row) {
    return shard + "#" + row;
  }

  /**
   * The listed file at a path.
   *
   * @throws UnusableFileException if the receipt does not list it
   */
  public WrittenFile file(String path) {
    return files.stream()
        .filter(file -> file.path().equals(path))
        .findFirst()
        .orElseThrow(
            () -> new UnusableFileException("receipt of unit " + unit + " names no " + path));
  }

  /** Whether the unit is part of the corpus and this receipt counts its records. */
  public boolean accountsForRecords() {
    return stage.equals(ENCODE) || stage.equals(COUNT_TOKENS);
  }

  /** The path of this receipt, relative to the output. */
  public String path() {
    return path(fingerprint, unit);
  }

  /** The path of the receipt of a unit, relative to the output. */
  public static String path(String fingerprint, int unit) {
    String path = OutputFile.RECEIPT_OF_UNIT.path(fingerprint, unit);
    WrittenFile.checkPath(path);
    return path;
  }

  /** The number of the unit of a receipt, from its location, which ends in its {@link #path}. */
  public static int unitOf(String location) {
    int name = location.lastIndexOf('/') + 1;
    return Integer.parseInt(location.substring(name, location.lastIndexOf('.')));
  }

  /** The bytes of the file: the JSON in one line, because it may be long, and its checksum. */
  public byte[] toFile() {
    return ChecksummedFile.withSum((Json.line(this) + "\n").getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Reads a receipt.
   *
   * @param file the bytes of a file, from {@link #toFile}
   * @param name the name of the file in errors
   * @throws OtherSchemaException if another version of the program wrote it
   * @throws UnusableFileException if the bytes are not a receipt, or are not exactly those that
   *     were written
   */
  public static UnitReceipt read(byte[] file, String name) {
    byte[] json = ChecksummedFile.contentOf(file);
    if (json == null) {
      throw new UnusableFileException(
          name + " is damaged: its sum differs; run again, which makes its unit again");
    }
    OtherSchemaException.check(json, SCHEMA_VERSION, name);
    return Json.read(json, UnitReceipt.class, name, UnusableFileException::new);
  }

  /**
   * The decoded {@link #histogram}.
   *
   * @throws NullPointerException if ids were not counted
   */
  public IdHistogram idHistogram() {
    String text = Objects.requireNonNull(histogram, "ids were counted");
    return IdHistogram.read(Base64.getDecoder().decode(text));
  }
}
