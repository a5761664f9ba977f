package org.merganser.corpus.select;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.DeadLetter;
import org.merganser.corpus.Document;
import org.merganser.corpus.DocumentHandler;
import org.merganser.corpus.WorkUnit;
import org.merganser.corpus.read.UnitReader;
import org.merganser.text.unicode.CodePoints;

/**
 * Finds the texts that the most documents have, at most {@link FrequentHash#MOST}, and the first
 * document of each. First {@link #add} all units in their order; then {@link #named} reads the
 * units of the first documents again.
 */
public final class FrequentTexts {
  /** The most bytes of {@link Named#text}. */
  private static final int SHOWN_BYTES = 1024;

  /** The texts, those of the most documents first. */
  private final List<First> texts;

  /**
   * A text of several documents.
   *
   * @param documents the number of documents with the text
   * @param id of the first one
   * @param file of the first one
   * @param offset of the first one in its file
   * @param text its beginning, at most {@value #SHOWN_BYTES} bytes of UTF-8
   */
  public record Named(long documents, String id, String file, long offset, String text) {}

  /** A text and its first document. */
  private static final class First {
    final FrequentHash hash;

    /** The unit with its first document; null until it is added. */
    @Nullable WorkUnit unit;

    /** The ordinal of the first document in {@link #unit}. */
    int ordinal;

    /** The result; null until {@link #unit} is read again. */
    @Nullable Named named;

    First(FrequentHash hash) {
      this.hash = hash;
    }
  }

  private FrequentTexts(List<First> texts) {
    this.texts = texts;
  }

  /**
   * Reads which texts the most documents have.
   *
   * @param searches locations of the files of {@link DuplicateSearch}
   */
  public static FrequentTexts read(List<String> searches) throws IOException {
    return new FrequentTexts(FrequentHash.read(searches).stream().map(First::new).toList());
  }

  /**
   * Looks for the first documents in the next unit.
   *
   * @param hashes location of its file of {@link TextHashes}
   */
  public void add(WorkUnit unit, String hashes) throws IOException {
    if (TextHashes.continuesDocument(unit)) {
      return;
    }
    for (First text : texts) {
      if (text.unit == null) {
        int bucket = text.hash.bucket();
        TextHashReader.read(
            hashes,
            bucket,
            bucket + 1,
            (high, low, ordinal) -> {
              if (text.unit == null && text.hash.isOf(high, low)) {
                text.unit = unit;
                text.ordinal = ordinal;
              }
            });
      }
    }
  }

  /** The texts, those of the most documents first. */
  public List<Named> named(UnitReader reader) throws IOException {
    List<Named> named = new ArrayList<>();
    for (First text : texts) {
      WorkUnit unit = Objects.requireNonNull(text.unit, "a unit has the text");
      reader.readAgain(unit, new Finder(text));
      named.add(Objects.requireNonNull(text.named, "the unit has the document"));
    }
    return named;
  }

  /** Finds a document by its ordinal. */
  private static final class Finder implements DocumentHandler {
    private final First text;
    private final DocumentOrdinals ordinals = new DocumentOrdinals();

    Finder(First text) {
      this.text = text;
    }

    @Override
    public void document(Document document) {
      ordinals.goTo(document);
      if (ordinals.ordinal() == text.ordinal && document.part == 0) {
        String shown = beginningOf(document);
        text.named =
            new Named(text.hash.documents(), document.id, document.file, document.offset, shown);
      }
    }

    /** The first bytes of a text, up to the end of a character. */
    private static String beginningOf(Document document) {
      int end = document.from + Math.min(document.length(), SHOWN_BYTES);
      while (end > document.from
          && end < document.to
          && CodePoints.isContinuation(document.text[end])) {
        end--;
      }
      return new String(document.text, document.from, end - document.from, StandardCharsets.UTF_8);
    }

    @Override
    public void deadLetter(DeadLetter letter) {}
  }
}
