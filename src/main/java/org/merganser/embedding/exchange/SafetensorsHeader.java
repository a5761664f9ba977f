package org.merganser.embedding.exchange;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.merganser.embedding.EmbeddingException;
import org.merganser.json.Json;

/**
 * The header of a safetensors file. The file is the u64 length of the header, the header in JSON
 * with the names, types, shapes and places of tensors, and raw data
 * (github.com/huggingface/safetensors, "Format").
 *
 * @param json an object with an entry for each tensor, by name
 * @param end where the data begins
 */
record SafetensorsHeader(JsonNode json, long end) {
  /** The most bytes of a header: the limit of the format. */
  private static final long MAX_HEADER = 100_000_000;

  /** The bytes of the header's length, before the header. */
  static final int LENGTH_BYTES = 8;

  /** Reads the header of a file. */
  static SafetensorsHeader read(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] head = in.readNBytes(LENGTH_BYTES);
      if (head.length < LENGTH_BYTES) {
        throw new EmbeddingException(
            "%s is not safetensors: it has %s bytes, and the length of the header takes 8"
                .formatted(file, head.length));
      }
      long length = length(head);
      if (!isLength(length, Files.size(file))) {
        throw new EmbeddingException(
            "%s is not safetensors: its header would have %s bytes"
                .formatted(file, Long.toUnsignedString(length)));
      }
      return new SafetensorsHeader(parse(in.readNBytes((int) length), file), LENGTH_BYTES + length);
    }
  }

  /**
   * Whether a file begins as safetensors: with the length of a header that it can have, and a
   * brace.
   *
   * @param head the first bytes of the file, at least nine if it has so many
   * @param size of the file
   */
  static boolean isAtBeginningOf(byte[] head, long size) {
    return head.length > LENGTH_BYTES && isLength(length(head), size) && head[LENGTH_BYTES] == '{';
  }

  /** Whether the length that the first bytes of a file give is larger than that of any header. */
  static boolean isTooLong(byte[] head) {
    return Long.compareUnsigned(length(head), MAX_HEADER) > 0;
  }

  /** The length of the header that the first bytes of a file give, unsigned. */
  private static long length(byte[] head) {
    return ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN).getLong();
  }

  /** Whether the header of a file of some size can have a length, which is unsigned. */
  private static boolean isLength(long length, long fileSize) {
    return length >= 2 && length <= MAX_HEADER && length <= fileSize - LENGTH_BYTES;
  }

  /** The JSON of a header or an index, in which no name occurs twice. */
  static JsonNode parse(byte[] bytes, Path file) {
    try {
      return Json.MAPPER
          .reader()
          .with(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .readTree(bytes);
    } catch (IOException e) {
      throw new EmbeddingException(
          file + ": its header is not JSON with each name once: " + Json.problem(e), e);
    }
  }
}
