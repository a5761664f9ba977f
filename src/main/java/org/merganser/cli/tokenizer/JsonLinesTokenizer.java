package org.merganser.cli.tokenizer;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.binary.ByteBuilder;
import org.merganser.bpe.IdBuffer;
import org.merganser.corpus.field.FieldPath;
import org.merganser.corpus.field.FieldValues;
import org.merganser.corpus.field.JsonRecord;
import org.merganser.pipeline.output.RunException;
import org.merganser.text.normalize.NormalizerLimitException;
import org.merganser.text.regex.RegexLimitException;
import org.merganser.text.unicode.Utf8;
import org.merganser.tokenizer.Encoder;
import org.merganser.tokenizer.SpecialTextException;
import org.merganser.tokenizer.UnencodableException;

/**
 * Encodes {@code {"text": …}} lines to {@code {"ids": […]}} lines, in order, as they arrive. Blank
 * lines are skipped.
 */
final class JsonLinesTokenizer {
  /** The number of the only field of {@link #record}: the text. */
  private static final int TEXT = 0;

  private final Encoder encoder;
  private final JsonRecord record;
  private final ByteBuilder text = new ByteBuilder(1 << 16);
  private final StringBuilder line = new StringBuilder();
  private final IdBuffer ids = new IdBuffer(1 << 14);

  /** The lines that were read and not encoded yet; grows to the longest line. */
  private byte[] buffer = new byte[1 << 18];

  /** The number of the last line that was encoded, or skipped as blank; the first line is 1. */
  private long number;

  JsonLinesTokenizer(Encoder encoder) {
    this.encoder = encoder;
    int fieldsWithReplacement = 0; // an escaped half of a surrogate pair in the text is an error
    this.record = new JsonRecord(List.of(FieldPath.parse("text")), fieldsWithReplacement);
  }

  /**
   * Encodes all lines. Flushes the output before each wait for more input, since a caller may wait
   * for the ids of each line.
   *
   * @throws RunException naming the first line that cannot be encoded; the lines before it are
   *     written
   */
  void encodeLines(InputStream in, OutputStream out) throws IOException {
    int length = 0; // of what is in the buffer: the beginning of a line
    while (true) {
      if (length == buffer.length) {
        buffer = Arrays.copyOf(buffer, Math.multiplyExact(buffer.length, 2));
      }
      out.flush();
      int read = in.read(buffer, length, buffer.length - length);
      if (read < 0) {
        encode(0, length, out);
        out.flush();
        return;
      }
      int end = length + read;
      int lastLine = encodeCompleteLines(length, end, out);
      length = end - lastLine;
      System.arraycopy(buffer, lastLine, buffer, 0, length);
    }
  }

  /**
   * Encodes the lines of the buffer that have an end; returns where the line without one begins.
   *
   * @param searched the bytes before it have no line end
   * @param end the end of what was read
   */
  private int encodeCompleteLines(int searched, int end, OutputStream out) throws IOException {
    int from = 0;
    for (int i = searched; i < end; i++) {
      if (buffer[i] == '\n') {
        encode(from, i, out);
        from = i + 1;
      }
    }
    return from;
  }

  /** Writes the ids of a line of the buffer, if it is not blank. */
  private void encode(int from, int to, OutputStream out) throws IOException {
    number++;
    if (isBlank(from, to)) {
      return;
    }
    text.clear();
    ids.clear();
    String problem = encodeText(from, to);
    if (problem != null) {
      out.flush();
      throw RunException.wrong("standard input, line %s: %s", number, problem);
    }
    line.setLength(0);
    line.append("{\"ids\":[");
    for (int i = 0; i < ids.size(); i++) {
      line.append(i == 0 ? "" : ",").append(ids.ids()[i]);
    }
    line.append("]}\n");
    out.write(line.toString().getBytes(StandardCharsets.US_ASCII));
  }

  /**
   * Encodes the text of a line into {@link #ids}.
   *
   * @return what is wrong with the line; null if it was encoded
   */
  private @Nullable String encodeText(int from, int to) {
    if (!record.parse(buffer, from, to)) {
      return "is not JSON: " + record.error() + " at byte " + record.errorAt();
    }
    if (record.kind(TEXT) != FieldValues.Kind.STRING) {
      return "has no text in \"text\"; expected {\"text\": \"…\"}";
    }
    record.append(TEXT, text);
    int illFormed = Utf8.firstIllFormed(text.bytes(), 0, text.length());
    if (illFormed >= 0) {
      return "holds text that is not UTF-8 at byte " + illFormed + " of \"text\"";
    }
    try {
      encoder.encode(text.bytes(), 0, text.length(), ids);
      return null;
    } catch (SpecialTextException
        | UnencodableException
        | RegexLimitException
        | NormalizerLimitException e) {
      return e.getMessage();
    }
  }

  /** Whether a line of the buffer has nothing but spaces, tabs and carriage returns. */
  private boolean isBlank(int from, int to) {
    for (int i = from; i < to; i++) {
      if (buffer[i] != ' ' && buffer[i] != '\t' && buffer[i] != '\r') {
        return false;
      }
    }
    return true;
  }
}
