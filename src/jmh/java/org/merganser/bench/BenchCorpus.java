package org.merganser.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.io.SerializedString;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.luben.zstd.ZstdOutputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.merganser.corpus.CorpusInput;
import org.merganser.corpus.CorpusSettings;
import org.merganser.corpus.DeadLetter;
import org.merganser.corpus.Document;
import org.merganser.corpus.DocumentHandler;
import org.merganser.corpus.InputFile;
import org.merganser.corpus.InvalidUtf8;
import org.merganser.corpus.RangeReceipt;
import org.merganser.corpus.WorkUnit;
import org.merganser.corpus.plan.CorpusPlanner;
import org.merganser.corpus.read.UnitReader;

/**
 * A corpus in memory in two halves of the same kind of text. A document goes to the half that has
 * less text so far; a single document is cut at its middle line.
 *
 * @param before the text that caches and the JIT compiler see first ("warm")
 * @param measured the text that is measured
 */
record BenchCorpus(Texts before, Texts measured) {
  /** The number of copies of the corpus in ../shared/corpus that have a gigabyte. */
  static final int COPIES = 6;

  /**
   * Reads a corpus.
   *
   * @param mostBytes the most bytes of text, from every file alike
   * @throws IllegalArgumentException if there is no text
   */
  static BenchCorpus read(List<String> inputs, long mostBytes) throws IOException {
    List<byte[]> documents = documents(inputs, mostBytes);
    if (documents.size() == 1) {
      documents = halves(documents.get(0));
    }
    List<byte[]> before = new ArrayList<>();
    List<byte[]> measured = new ArrayList<>();
    long balance = 0;
    for (byte[] document : documents) {
      (balance > 0 ? before : measured).add(document);
      balance += balance > 0 ? -document.length : document.length;
    }
    return new BenchCorpus(
        new Texts(before.toArray(byte[][]::new)), new Texts(measured.toArray(byte[][]::new)));
  }

  /** The documents of a corpus in order, at most about {@code mostBytes} of text. */
  static List<byte[]> documents(List<String> inputs, long mostBytes) throws IOException {
    CorpusSettings settings = settings(inputs);
    List<WorkUnit> units = CorpusPlanner.plan(CorpusPlanner.list(settings));
    List<byte[]> documents = new ArrayList<>();
    for (WorkUnit unit : units) {
      Share share = new Share(documents, mostBytes / units.size());
      try {
        new UnitReader(settings, null).read(unit, share);
      } catch (Share.Full e) {
        // the unit has its share of the text
      }
    }
    if (documents.isEmpty()) {
      throw new IllegalArgumentException("no text in " + inputs);
    }
    return documents;
  }

  /** Writes documents as a text file, a newline after each. */
  static void write(List<byte[]> documents, Path file) throws IOException {
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
      for (byte[] document : documents) {
        out.write(document);
        out.write('\n');
      }
    }
  }

  /**
   * Writes copies of the files of a corpus as compressed JSONL, each with its letters permuted by
   * the number of the copy, from 1 on.
   */
  static Path copies(List<String> inputs, int times, Path folder) throws IOException {
    Files.createDirectories(folder);
    CorpusSettings settings = settings(inputs);
    List<PermutedLetters> letters = new ArrayList<>();
    for (int copy = 1; copy <= times; copy++) {
      letters.add(new PermutedLetters(copy));
    }
    for (InputFile file : CorpusPlanner.list(settings)) {
      List<byte[]> documents = documents(List.of(file.location()), Long.MAX_VALUE);
      String name = file.path().replace('/', '-').replaceFirst("\\.jsonl(\\.[a-z0-9]+)?$", "");
      for (int copy = 1; copy <= times; copy++) {
        Path written = folder.resolve(copy + "-" + name + ".jsonl.zst");
        try (OutputStream out = new ZstdOutputStream(Files.newOutputStream(written))) {
          writeLines(documents, letters.get(copy - 1)::apply, out);
        }
      }
    }
    return folder;
  }

  /** Writes documents as lines of JSON, with other letters. */
  static void writeLines(List<byte[]> documents, UnaryOperator<byte[]> letters, OutputStream out)
      throws IOException {
    try (JsonGenerator json =
        new ObjectMapper()
            .createGenerator(out, JsonEncoding.UTF8)
            .setRootValueSeparator(new SerializedString("\n"))) {
      for (int i = 0; i < documents.size(); i++) {
        json.writeStartObject();
        json.writeNumberField("id", i);
        json.writeStringField("text", new String(letters.apply(documents.get(i)), UTF_8));
        json.writeEndObject();
      }
    }
  }

  /** The usual settings for reading a corpus. */
  static CorpusSettings settings(List<String> inputs) {
    return CorpusSettings.builder(CorpusInput.of(inputs))
        .maxDocumentBytes(1L << 29)
        .maxWholeDocumentBytes(1L << 29)
        .invalidUtf8(InvalidUtf8.REPLACE)
        .build();
  }

  /** The halves of a document, cut after a line end. */
  private static List<byte[]> halves(byte[] document) {
    int cut = document.length / 2;
    while (cut < document.length && document[cut - 1] != '\n') {
      cut++;
    }
    return List.of(
        Arrays.copyOf(document, cut), Arrays.copyOfRange(document, cut, document.length));
  }

  /** Takes a unit's documents until it has its share. */
  private static final class Share implements DocumentHandler {
    private final List<byte[]> documents;
    private long left;

    Share(List<byte[]> documents, long bytes) {
      this.documents = documents;
      this.left = bytes;
    }

    @Override
    public void document(Document document) throws Full {
      if (document.length() > 0) {
        documents.add(Arrays.copyOfRange(document.text, document.from, document.to));
      }
      left -= document.length();
      if (left <= 0) {
        throw new Full();
      }
    }

    @Override
    public void deadLetter(DeadLetter letter) {
      System.err.println("left out: " + letter);
    }

    @Override
    public void rangeRead(RangeReceipt receipt) {}

    /** The unit has its share: reading stops. */
    private static final class Full extends IOException {
      private static final long serialVersionUID = 1;
    }
  }
}
