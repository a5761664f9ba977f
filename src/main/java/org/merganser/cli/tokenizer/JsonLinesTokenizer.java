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
import org.merganser.text.unicode.Utf8;
import org.merganser.tokenizer.Encoder;
import org.merganser.tokenizer.SpecialTextException;
import org.merganser.tokenizer.UnencodableException;

/**
 * Encodes {@code {"text": …}} lines to {@code {"ids": […]}} lines, in order, streaming. Blank lines
 * are skipped.
 */
final class JsonLinesTokenizer {
  private final Encoder encoder;
  private final JsonRecord record = new JsonRecord(List.of(FieldPath.parse("text")), 0);
  private final ByteBuilder text = new ByteBuilder(1 << 16);
  private final StringBuilder line = new StringBuilder();
  private final IdBuffer ids = new IdBuffer(1 << 14);
  private byte[] buffer = new byte[1 << 18];

  /** Of the last line that was encoded, from 1. */
  private long number;

  JsonLinesTokenizer(Encoder encoder) {
    this.encoder = encoder;
  }

  /**
   * @throws RunException naming the first line that cannot be encoded; the lines before it are
   *     written
   */
  void run(InputStream in, OutputStream out) throws IOException {
    int from = 0; // of the line in the buffer
    int to = 0; // the end of what was read
    int searched = 0; // there is no line feed before
    while (true) {
      int newline = indexOfNewline(searched, to);
      if (newline >= 0) {
        encode(from, newline, out);
        from = newline + 1;
        searched = from;
        continue;
      }
      if (from > 0) {
        System.arraycopy(buffer, from, buffer, 0, to - from);
        to -= from;
        from = 0;
      }
      searched = to;
      if (to == buffer.length) {
        buffer = Arrays.copyOf(buffer, Math.multiplyExact(buffer.length, 2));
      }
      out.flush(); // a caller may wait for the ids of each line
      int read = in.read(buffer, to, buffer.length - to);
      if (read < 0) {
        encode(from, to, out);
        out.flush();
        return;
      }
      to += read;
    }
  }

  /** The index of the first line feed in the buffer from {@code from} to {@code to}, or -1. */
  private int indexOfNewline(int from, int to) {
    for (int i = from; i < to; i++) {
      if (buffer[i] == '\n') {
        return i;
      }
    }
    return -1;
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
      throw new RunException(
          RunException.Kind.WRONG_JOB, "standard input, line " + number + ": " + problem);
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
    if (record.kind(0) != FieldValues.Kind.STRING) {
      return "has no text in \"text\"; expected {\"text\": \"…\"}";
    }
    record.append(0, text);
    int bad = Utf8.firstIllFormed(text.bytes(), 0, text.length());
    if (bad >= 0) {
      return "holds text that is not UTF-8 at byte " + bad + " of \"text\"";
    }
    try {
      encoder.encode(text.bytes(), 0, text.length(), ids);
      return null;
    } catch (SpecialTextException | UnencodableException e) {
      return e.getMessage();
    }
  }

  private boolean isBlank(int from, int to) {
    for (int i = from; i < to; i++) {
      if (buffer[i] != ' ' && buffer[i] != '\t' && buffer[i] != '\r') {
        return false;
      }
    }
    return true;
  }
}
