package org.merganser.dataset;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import org.merganser.corpus.DeadLetter;

/**
 * Writes dead letters as {@code .jsonl.zst} (DESIGN: file, record, offset, length, sha256, ...). A
 * part of a document also has {@code document} and {@code part}, the offset and the part number
 * that its row would have. A letter for several rows of a Parquet file has their number in {@code
 * records}. Equal letters have equal bytes.
 */
public final class DeadLetterWriter implements Closeable {
  private static final JsonFactory JSON =
      JsonFactory.builder().disable(StreamWriteFeature.AUTO_CLOSE_TARGET).build();

  private final ZstdOutputStreamNoFinalizer zstd;
  private final JsonGenerator json;

  public DeadLetterWriter(OutputStream out) throws IOException {
    zstd = new ZstdOutputStreamNoFinalizer(out);
    zstd.setChecksum(true);
    zstd.setCloseFrameOnFlush(false);
    json = JSON.createGenerator(zstd);
    json.setRootValueSeparator(null);
  }

  /** Appends a line; bytes of {@code raw} beyond 64 KiB are left out. */
  public void write(DeadLetter letter) throws IOException {
    json.writeStartObject();
    json.writeStringField("file", letter.file());
    json.writeNumberField("record", letter.record());
    json.writeNumberField("offset", letter.offset());
    DeadLetter.Part part = letter.part();
    if (part != null) {
      json.writeNumberField("document", part.document());
      json.writeNumberField("part", part.number());
    }
    if (letter.records() > 1) {
      json.writeNumberField("records", letter.records());
    }
    json.writeNumberField("length", letter.length());
    json.writeStringField("sha256", letter.sha256());
    json.writeStringField("reason", letter.reason().label());
    json.writeStringField("detail", letter.detail());
    json.writeFieldName("raw");
    int kept = Math.min(letter.raw().length, DeadLetter.RAW_LIMIT);
    json.writeBinary(letter.raw(), 0, kept);
    json.writeEndObject();
    json.writeRaw('\n');
  }

  @Override
  public void close() throws IOException {
    json.close();
    zstd.close();
  }
}
