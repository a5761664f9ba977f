package org.merganser.output.manifest;

import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.checksum.LineSum;
import org.merganser.output.ListedFolders;
import org.merganser.output.WrittenFile;
import org.merganser.output.figures.GroupCounts;
import org.merganser.output.manifest.Manifest.ExcludedIdCounts;
import org.merganser.output.receipt.IdPlaces;
import org.merganser.output.receipt.InputRange;
import org.merganser.output.receipt.UnitReceipt;
import org.merganser.store.UnusableFileException;

/**
 * The sums over what a run has read, and the files that it wrote meanwhile, from the receipts of
 * its units.
 *
 * @param totals the sums over all inputs
 * @param sources the sum of the files that were read, without those for validation
 * @param validationSources the sum of the files for validation; null for none
 * @param foundExcludedIds the number of distinct ids that the job leaves out and a document has
 * @param files the files that the receipts list
 */
public record InputSums(
    Totals totals,
    String sources,
    @Nullable String validationSources,
    int foundExcludedIds,
    List<WrittenFile> files) {
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

  /**
   * Reads each receipt once, and passes on the lines of {@code inputs.jsonl} in the order of the
   * plan. The lines are not kept, so ten million input files need no large heap; the files that the
   * receipts list take some 300 bytes each.
   *
   * @param receipts the receipts in the order of their units
   * @param inputOfRange finds the input of each range
   * @throws UnusableFileException naming the input file, the unit or the folder of shards whose
   *     numbers do not fit
   */
  public static InputSums read(
      Iterator<UnitReceipt> receipts, InputOfRange inputOfRange, InputLines lines)
      throws IOException {
    Reader reader = new Reader(inputOfRange, lines);
    while (receipts.hasNext()) {
      reader.add(receipts.next());
    }
    return reader.end();
  }

  /**
   * The counts of excluded ids.
   *
   * @param ids the number of distinct ids that the job leaves out
   */
  public ExcludedIdCounts excludedIdCounts(int ids) {
    return new ExcludedIdCounts(ids, (long) ids - foundExcludedIds);
  }

  /** Adds up the receipts, and joins the ranges of each file to its line. */
  private static final class Reader {
    private final InputOfRange inputOfRange;
    private final InputLines lines;
    private final List<WrittenFile> files = new ArrayList<>();
    private Totals totals = Totals.ZERO;

    /** The sum of the files that were read, without those for validation. */
    private final LineSum sources = new LineSum();

    /** The sum of the files for validation; null before the first of them. */
    private @Nullable LineSum validationSources;

    /** The places, in the list of excluded ids, of those that a document has. */
    private final BitSet excluded = new BitSet();

    private int lastUnit = -1;

    /** The file that may continue in the next unit; null before the first one. */
    private InputLine.@Nullable Builder file;

    Reader(InputOfRange inputOfRange, InputLines lines) {
      this.inputOfRange = inputOfRange;
      this.lines = lines;
    }

    void add(UnitReceipt receipt) throws IOException {
      if (receipt.unit() <= lastUnit) {
        throw new UnusableFileException("unit " + receipt.unit() + " follows unit " + lastUnit);
      }
      lastUnit = receipt.unit();
      if (receipt.excluded() != null) {
        IdPlaces.addTo(excluded, receipt.excluded());
      }
      for (int i = 0; i < receipt.inputs().size(); i++) {
        addRange(receipt, i);
      }
      files.addAll(receipt.files());
    }

    /** Adds a range of a unit to the totals and to its file. */
    private void addRange(UnitReceipt receipt, int number) throws IOException {
      InputRange range = receipt.inputs().get(number);
      if (file != null && file.isContinuedBy(range)) {
        file.add(range);
      } else {
        endFile();
        Integer input = inputOfRange.input(receipt.unit(), number);
        file = new InputLine.Builder(range, receipt.whole(), input);
      }
      totals = totals.plus(range);
    }

    /** Passes on the line of the current file, if there is one, and adds it to its sources. */
    private void endFile() throws IOException {
      if (file != null) {
        InputLine line = file.build();
        sourcesOf(line)
            .add(line.path(), String.valueOf(line.size()), String.valueOf(line.fileSha256()));
        lines.add(line);
      }
    }

    /** The sum of the files on the same side of the split. */
    private LineSum sourcesOf(InputLine line) {
      if (line.validationInput() == null) {
        return sources;
      }
      LineSum sum = validationSources == null ? new LineSum() : validationSources;
      validationSources = sum;
      return sum;
    }

    /** The sums; called once, after the last receipt. */
    InputSums end() throws IOException {
      endFile();
      requireShardsOf(totals.sums().training(), ListedFolders.CANONICAL_SHARDS);
      requireShardsOf(totals.sums().validation(), ListedFolders.CANONICAL_VALIDATION);
      return new InputSums(
          totals,
          sources.sha256(),
          validationSources == null ? null : validationSources.sha256(),
          excluded.cardinality(),
          List.copyOf(files));
    }

    /**
     * Requires that the shards in a folder, if there are any, have the documents that were read.
     */
    private void requireShardsOf(GroupCounts read, String folder) {
      List<WrittenFile> shards =
          files.stream().filter(shard -> shard.path().startsWith(folder)).toList();
      long documents = shards.stream().mapToLong(WrittenFile::documents).sum();
      long tokens = shards.stream().mapToLong(WrittenFile::tokens).sum();
      if (!shards.isEmpty() && (documents != read.documents() || tokens != read.tokens())) {
        throw new UnusableFileException(
            ("the inputs gave %s documents and %s tokens, the files in %s hold %s and"
                    + " %s; this is a defect of the program, please report it")
                .formatted(read.documents(), read.tokens(), folder, documents, tokens));
      }
    }
  }
}
