package org.merganser.embedding.exchange;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.merganser.embedding.EmbeddingException;

/**
 * Opens a matrix of a GGUF file (version 2 and 3; ggml's docs/gguf.md): key-value pairs, which are
 * skipped but for the alignment, tensor descriptions, data. Dimensions stand innermost first.
 */
final class Gguf {
  private static final String USUAL = "token_embd.weight";
  private static final int STRING = 8;
  private static final int ARRAY = 9;

  /** Bytes of the value types 0 to 12; 0 for string and array. */
  private static final int[] SIZES = {1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8};

  private final Path file;
  private final DataInputStream in;
  private long at;

  private Gguf(Path file, DataInputStream in) {
    this.file = file;
    this.in = in;
  }

  static RawTensor open(Path file, @Nullable String tensor) throws IOException {
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16))) {
      return new Gguf(file, in).find(tensor == null ? USUAL : tensor);
    } catch (EOFException e) {
      throw new EmbeddingException(file + " is cut short: its header does not end", e);
    }
  }

  private RawTensor find(String wanted) throws IOException {
    skip(4);
    int version = u32();
    if (version != 2 && version != 3) {
      throw new EmbeddingException(file + " is GGUF version " + version + "; 2 and 3 are read");
    }
    long tensors = count();
    long pairs = count();
    long alignment = 32;
    for (long i = 0; i < pairs; i++) {
      String key = string();
      int type = u32();
      if (key.equals("general.alignment") && type == 4) {
        alignment = u32();
      } else {
        skipValue(type, 0);
      }
    }
    long[] shape = new long[0];
    int type = -1;
    long offset = -1;
    for (long i = 0; i < tensors; i++) {
      String name = string();
      int dimensions = u32();
      if (dimensions < 0 || dimensions > 8) {
        throw new EmbeddingException(
            file + ": tensor " + name + " has " + dimensions + " dimensions");
      }
      long[] size = new long[dimensions];
      for (int d = 0; d < dimensions; d++) {
        size[d] = u64();
      }
      int tensorType = u32();
      long tensorOffset = u64();
      if (name.equals(wanted)) {
        shape = size;
        type = tensorType;
        offset = tensorOffset;
      }
    }
    if (offset < 0 || shape.length != 2 || alignment < 1) {
      throw new EmbeddingException(
          file + " has no tensor " + wanted + " of two dimensions among its " + tensors);
    }
    long data = (at + alignment - 1) / alignment * alignment;
    return new RawTensor(file, type(wanted, type), data + offset, shape[1], shape[0]);
  }

  private RawTensor.Type type(String name, int type) {
    return switch (type) {
      case 0 -> RawTensor.Type.F32;
      case 1 -> RawTensor.Type.F16;
      case 8 -> RawTensor.Type.Q8_0;
      case 30 -> RawTensor.Type.BF16;
      default ->
          throw new EmbeddingException(
              ("%s: tensor %s is of ggml type %s; F32 (0), F16 (1), Q8_0 (8) and BF16 (30)"
                      + " are read")
                  .formatted(file, name, type));
    };
  }

  private void skipValue(int type, int depth) throws IOException {
    if (type == STRING) {
      skip(count());
    } else if (type == ARRAY && depth < 4) {
      int element = u32();
      long length = count();
      for (long i = 0; i < length; i++) {
        skipValue(element, depth + 1);
      }
    } else if (type >= 0 && type < SIZES.length && SIZES[type] > 0) {
      skip(SIZES[type]);
    } else {
      throw new EmbeddingException(
          file + ": a key at byte " + at + " has the unknown type " + type);
    }
  }

  private String string() throws IOException {
    long length = count();
    if (length > 1 << 16) {
      throw new EmbeddingException(file + ": a name at byte " + at + " has " + length + " bytes");
    }
    byte[] bytes = new byte[(int) length];
    in.readFully(bytes);
    at += length;
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** A length or count: never more than the file has bytes. */
  private long count() throws IOException {
    long count = u64();
    if (count < 0 || count > Files.size(file)) {
      throw new EmbeddingException(file + ": a length before byte " + at + " is " + count);
    }
    return count;
  }

  private int u32() throws IOException {
    at += 4;
    return Integer.reverseBytes(in.readInt());
  }

  private long u64() throws IOException {
    at += 8;
    return Long.reverseBytes(in.readLong());
  }

  private void skip(long bytes) throws IOException {
    in.skipNBytes(bytes);
    at += bytes;
  }
}
