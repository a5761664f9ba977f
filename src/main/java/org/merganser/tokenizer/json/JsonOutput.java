package org.merganser.tokenizer.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Writes JSON with the bytes of Rust's serde_json: raw UTF-8, with only the necessary escapes. */
public enum JsonOutput {
  /** A line for each value, indented by two spaces. */
  PRETTY,
  /** One line without spaces. */
  COMPACT;

  private static final DefaultIndenter LINES = new DefaultIndenter("  ", "\n");
  private static final DefaultPrettyPrinter INDENTED =
      new DefaultPrettyPrinter(
              Separators.createDefaultInstance()
                  .withObjectFieldValueSpacing(Separators.Spacing.AFTER)
                  .withObjectEmptySeparator("")
                  .withArrayEmptySeparator(""))
          .withObjectIndenter(LINES)
          .withArrayIndenter(LINES);

  /** Writes one JSON value. */
  @FunctionalInterface
  public interface Content {
    /** Writes the value by a generator, which the caller closes. */
    void write(JsonGenerator out) throws IOException;
  }

  /** The bytes of what {@code content} writes, without a line end. */
  public byte[] write(Content content) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(1 << 16);
    try (JsonGenerator out = ComponentJson.MAPPER.createGenerator(bytes)) {
      out.configure(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8.mappedFeature(), true);
      out.configure(JsonWriteFeature.WRITE_HEX_UPPER_CASE.mappedFeature(), false);
      if (this == PRETTY) {
        out.setPrettyPrinter(INDENTED.createInstance());
      }
      content.write(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
