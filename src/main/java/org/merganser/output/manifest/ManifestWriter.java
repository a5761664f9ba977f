package org.merganser.output.manifest;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.merganser.checksum.LineSum;
import org.merganser.checksum.Sha256;
import org.merganser.json.Json;
import org.merganser.output.OutputFile;
import org.merganser.output.WrittenFile;
import org.merganser.output.figures.GroupCounts;
import org.merganser.output.manifest.Manifest.ExcludedIdCounts;
import org.merganser.output.receipt.IdPlaces;
import org.merganser.output.receipt.InputRange;
import org.merganser.output.receipt.UnitReceipt;
import org.merganser.store.CodePointOrder;
import org.merganser.store.UnusableFileException;

/**
 * Writes the two lists of a {@link Manifest} from receipts, and adds up its figures. Call in this
 * order: {@link #writeInputs} or {@link #readInputs}, {@link #addOutputs}, {@link #writeOutputs}.
 * Each receipt is read once; output files are kept in memory but inputs are not, so ten million
 * input files need no large heap. Memory: some 300 bytes an output file.
 */
public final class ManifestWriter {
  /** The folder of the canonical shards; their documents and tokens must equal the encoded ones. */
  public static final String SHARDS = Manifest.SHARDS + "/parquet/";

  /** The folder of the canonical shards of documents for validation. */
  public static final String VALIDATION = Manifest.VALIDATION + "/parquet/";

  /** Finds the input of the job from which a range of a unit comes. */
  @FunctionalInterface
  public interface InputOfRange {
    /** The {@link InputLine#input} of the range of this number in a unit. */
    @Nullable Integer input(int unit, int range);
  }

  /** Takes the lines of {@code inputs.jsonl}. */
  @FunctionalInterface
  public interface InputLines {
    /** Takes the next line. */
    void add(InputLine line) throws IOException;
  }

  private final InputOfRange inputOfRange;

  /** The lines of files whose dead letters are accepted. */
  private Predicate<InputLine> accepted = line -> false;

  /** The sum of the files that were read, without those for validation. */
  private final LineSum sources = new LineSum();

  /** The sum of the files for validation; null before the first of them. */
  private @Nullable LineSum validationSources;

  /** The files of {@code outputs.jsonl}. */
  private final List<WrittenFile> files = new ArrayList<>();

  private Totals totals = Totals.ZERO;

  /** The places, in the list of excluded ids, of those that a document has. */
  private final BitSet excluded = new BitSet();

  /**
   * @param inputOfRange finds the input of each range
   */
  public ManifestWriter(InputOfRange inputOfRange) {
    this.inputOfRange = inputOfRange;
  }

  /** Whether a path is that of a canonical shard, on either side of the split. */
  public static boolean isShard(String path) {
    return path.startsWith(SHARDS) || path.startsWith(VALIDATION);
  }

  /**
   * Marks the lines of files whose dead letters are accepted; call before the lines are written.
   */
  public ManifestWriter accepting(Predicate<InputLine> acceptedLines) {
    accepted = acceptedLines;
    return this;
  }

  /**
   * Writes {@code inputs.jsonl}, in the order of the plan, and adds up the totals.
   *
   * @param receipts the receipts in the order of their units; iterated once, during this call
   * @throws UnusableFileException naming the input file whose sums do not add up
   */
  public Manifest.ListFile writeInputs(OutputStream out, Iterator<UnitReceipt> receipts)
      throws IOException {
    LineOutput lines = new LineOutput(Manifest.INPUTS, out);
    readInputs(receipts, lines::write);
    return lines.finish();
  }

  /** Passes on the lines instead of writing them; see {@link #writeInputs}. */
  public void readInputs(Iterator<UnitReceipt> receipts, InputLines lines) throws IOException {
    InputLine.Builder file = null;
    int lastUnit = -1;
    while (receipts.hasNext()) {
      UnitReceipt receipt = receipts.next();
      if (receipt.unit() <= lastUnit) {
        throw new UnusableFileException("unit " + receipt.unit() + " follows unit " + lastUnit);
      }
      lastUnit = receipt.unit();
      if (receipt.excluded() != null) {
        IdPlaces.addTo(excluded, receipt.excluded());
      }
      file = addRanges(receipt, file, lines);
      files.addAll(receipt.files());
    }
    if (file != null) {
      addLine(file.build(), lines);
    }
    checkSums(SHARDS, totals.sums().training());
    checkSums(VALIDATION, totals.sums().validation());
  }

  /**
   * Adds the ranges of a unit to the totals and to their files, and passes on the lines of the
   * files that end.
   *
   * @param open the file that may continue in this unit; null before the first one
   * @return the file that may continue in the next unit; null if there was none
   */
  private InputLine.@Nullable Builder addRanges(
      UnitReceipt receipt, InputLine.@Nullable Builder open, InputLines lines) throws IOException {
    InputLine.Builder file = open;
    for (int i = 0; i < receipt.inputs().size(); i++) {
      InputRange range = receipt.inputs().get(i);
      if (file != null && file.isContinuedBy(range)) {
        file.add(range);
      } else {
        if (file != null) {
          addLine(file.build(), lines);
        }
        Integer input = inputOfRange.input(receipt.unit(), i);
        file = new InputLine.Builder(range, receipt.whole(), input);
      }
      totals = totals.plus(range);
    }
    return file;
  }

  /** Passes on a line, and adds its file to the sum of sources. */
  private void addLine(InputLine line, InputLines lines) throws IOException {
    LineSum sum = sources;
    if (line.validationInput() != null) {
      sum = validationSources == null ? new LineSum() : validationSources;
      validationSources = sum;
    }
    sum.add(line.path(), String.valueOf(line.size()), String.valueOf(line.fileSha256()));
    lines.add(accepted.test(line) ? line.withDeadLettersAccepted() : line);
  }

  /** Checks that the shards in a folder, if there are any, have the documents that were read. */
  private void checkSums(String folder, GroupCounts read) {
    List<WrittenFile> shards =
        files.stream().filter(file -> file.path().startsWith(folder)).toList();
    long documents = shards.stream().mapToLong(WrittenFile::documents).sum();
    long tokens = shards.stream().mapToLong(WrittenFile::tokens).sum();
    if (!shards.isEmpty() && (documents != read.documents() || tokens != read.tokens())) {
      throw new UnusableFileException(
          ("the inputs gave %s documents and %s tokens, the files in %s hold %s and"
                  + " %s; this is a defect of the program, please report it")
              .formatted(read.documents(), read.tokens(), folder, documents, tokens));
    }
  }

  /** The totals; call after {@link #writeInputs} or {@link #readInputs}. */
  public Totals totals() {
    return totals;
  }

  /**
   * The counts of excluded ids; call after {@link #writeInputs} or {@link #readInputs}.
   *
   * @param ids the number of distinct ids that the job leaves out
   */
  public ExcludedIdCounts excludedIdCounts(int ids) {
    return new ExcludedIdCounts(ids, (long) ids - excluded.cardinality());
  }

  /** The sum of the files that were read, without those for validation; call once, like totals. */
  public String sources() {
    return sources.sha256();
  }

  /** The sum of the files for validation; null for none. Call once, like {@link #totals}. */
  public @Nullable String validationSources() {
    return validationSources == null ? null : validationSources.sha256();
  }

  /**
   * Adds outputs that no unit wrote: the tokenizer, embedded/rows.parquet, ...; call after {@link
   * #writeInputs}.
   */
  public void addOutputs(List<WrittenFile> outputs) {
    files.addAll(outputs);
    files.sort(Comparator.comparing(WrittenFile::path, CodePointOrder.INSTANCE));
  }

  /** The files of {@code outputs.jsonl}; call after {@link #addOutputs}. */
  public List<WrittenFile> files() {
    return Collections.unmodifiableList(files);
  }

  /**
   * Writes {@code outputs.jsonl}, sorted by the UTF-8 bytes of the path; call after {@link
   * #addOutputs}.
   *
   * @throws UnusableFileException if two files have one path
   */
  public Manifest.ListFile writeOutputs(OutputStream out) throws IOException {
    LineOutput lines = new LineOutput(Manifest.OUTPUTS, out);
    String last = "";
    for (WrittenFile file : files) {
      if (file.path().equals(last)) {
        throw new UnusableFileException("two outputs have the path " + last);
      }
      last = file.path();
      lines.write(file);
    }
    return lines.finish();
  }

  /**
   * The name of the data of a finished run: the sum of the lines of its data files and of the line
   * of its tokenizer. Figures and dead letters are excluded, since a release may write them
   * differently.
   *
   * @param outputs the files in the order of {@code outputs.jsonl}
   * @param tokenizerSha256 the {@link Manifest#tokenizerSha256}
   */
  public static String data(List<WrittenFile> outputs, String tokenizerSha256) {
    LineSum sum = new LineSum().add("merganser data 1");
    for (WrittenFile file : outputs) {
      OutputFile row = OutputFile.of(file.path());
      if (row == null || row.isData()) {
        sum.add(file.path(), String.valueOf(file.size()), file.sha256());
      }
    }
    return sum.add("tokenizer", tokenizerSha256).sha256();
  }

  /** The name of the data of the files so far; call after {@link #addOutputs}. */
  public String data(String tokenizerSha256) {
    return data(files, tokenizerSha256);
  }

  /** A list of JSON lines, whose checksum is computed while it is written. */
  private static final class LineOutput {
    private final String path;
    private final Sha256.Output out;
    private long lines;

    LineOutput(String path, OutputStream out) {
      this.path = path;
      this.out = new Sha256.Output(out);
    }

    void write(Object line) throws IOException {
      out.write(Json.line(line).getBytes(StandardCharsets.UTF_8));
      out.write('\n');
      lines++;
    }

    Manifest.ListFile finish() throws IOException {
      out.flush();
      return new Manifest.ListFile(path, lines, out.size(), out.sha256());
    }
  }
}
