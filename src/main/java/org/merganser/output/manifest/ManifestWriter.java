package org.merganser.output.manifest;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.function.Predicate;
import org.merganser.checksum.LineSum;
import org.merganser.checksum.Sha256;
import org.merganser.json.Json;
import org.merganser.output.OutputFile;
import org.merganser.output.WrittenFile;
import org.merganser.output.receipt.UnitReceipt;
import org.merganser.store.CodePointOrder;
import org.merganser.store.UnusableFileException;

/**
 * Writes the two lists of a {@link Manifest}, and makes the name of the data. {@link InputSums}
 * adds up the figures of the manifest.
 */
public final class ManifestWriter {
  private ManifestWriter() {}

  /**
   * What was written of the inputs.
   *
   * @param list the list of inputs
   * @param sums the sums over the receipts that it was written from
   */
  public record Inputs(Manifest.ListFile list, InputSums sums) {}

  /**
   * Writes {@code inputs.jsonl}, in the order of the plan.
   *
   * @param receipts the receipts in the order of their units; iterated once, during this call
   * @param inputOfRange finds the input of each range
   * @param accepted selects the lines of files whose dead letters are accepted
   * @throws UnusableFileException naming the input file whose sums do not add up
   */
  public static Inputs writeInputs(
      OutputStream out,
      Iterator<UnitReceipt> receipts,
      InputSums.InputOfRange inputOfRange,
      Predicate<InputLine> accepted)
      throws IOException {
    LineOutput lines = new LineOutput(Manifest.INPUTS, out);
    InputSums sums =
        InputSums.read(
            receipts,
            inputOfRange,
            line -> lines.write(accepted.test(line) ? line.withDeadLettersAccepted() : line));
    return new Inputs(lines.finish(), sums);
  }

  /** The files in the order of {@code outputs.jsonl}: by the UTF-8 bytes of their paths. */
  public static List<WrittenFile> sorted(Collection<WrittenFile> files) {
    return files.stream()
        .sorted(Comparator.comparing(WrittenFile::path, CodePointOrder.INSTANCE))
        .toList();
  }

  /**
   * Writes {@code outputs.jsonl}.
   *
   * @param outputs the files, {@link #sorted}
   * @throws UnusableFileException if two files have one path
   */
  public static Manifest.ListFile writeOutputs(OutputStream out, List<WrittenFile> outputs)
      throws IOException {
    LineOutput lines = new LineOutput(Manifest.OUTPUTS, out);
    String last = "";
    for (WrittenFile file : outputs) {
      int order = CodePointOrder.INSTANCE.compare(last, file.path());
      if (order == 0) {
        throw new UnusableFileException("two outputs have the path " + last);
      }
      if (order > 0) {
        throw new IllegalArgumentException(file.path() + " is after " + last);
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
