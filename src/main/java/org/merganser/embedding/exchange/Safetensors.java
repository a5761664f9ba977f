package org.merganser.embedding.exchange;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.checksum.WholeFile;
import org.merganser.embedding.EmbeddingException;
import org.merganser.json.Json;

/**
 * Opens a matrix of a safetensors file: u64 length of the header, a JSON header of names, types,
 * shapes and places, raw data (github.com/huggingface/safetensors, "Format").
 */
final class Safetensors {
  /** The names of input embeddings in models, in the order in which they are tried. */
  private static final List<String> USUAL_NAMES =
      WholeFile.resource(Safetensors.class, "usual-tensors.txt").lines().toList();

  /** The most bytes of a header: the limit of the format. */
  private static final long MAX_HEADER = 100_000_000;

  /** The most names of tensors in an error. */
  private static final int MOST_LISTED = 5;

  /** The bytes of the header's length. */
  private static final int LENGTH_BYTES = 8;

  /**
   * The header of a file.
   *
   * @param json an object with an entry for each tensor, by name
   * @param end where the data begins
   */
  private record Header(JsonNode json, long end) {}

  private Safetensors() {}

  /**
   * Opens a tensor before its first row.
   *
   * @param file a file of tensors, or the index of a model in several files
   * @param tensor its name; null for the usual names
   * @throws EmbeddingException naming what a table does not have, or that the file is damaged
   */
  static RawTensor open(Path file, @Nullable String tensor) throws IOException {
    if (isIndex(file)) {
      return openSharded(file, tensor);
    }
    Header header = header(file);
    String name = choose(names(header.json()), tensor, file);
    JsonNode entry = header.json().path(name);
    JsonNode shape = entry.path("shape");
    if (shape.size() != 2) {
      throw new EmbeddingException(
          file + ": tensor " + name + " has the shape " + shape + ", a table has two dimensions");
    }
    RawTensor.Type type = type(entry.path("dtype").asText(), name, file);
    JsonNode offsets = entry.path("data_offsets");
    requireWholeNumbers(shape, offsets, name, file);
    long begin = offsets.path(0).longValue();
    long end = offsets.path(1).longValue();
    RawTensor rows =
        new RawTensor(
            file, type, header.end() + begin, shape.get(0).asLong(), shape.get(1).asLong());
    if (begin < 0 || end - begin != rows.rows() * type.rowBytes(rows.dim())) {
      rows.close();
      throw new EmbeddingException(
          "%s: tensor %s has data_offsets %s, which is not the size of %s %s"
              .formatted(file, name, offsets, shape, type));
    }
    return rows;
  }

  /** The name of the tensor that {@link #open} opens. */
  static String name(Path file, @Nullable String tensor) throws IOException {
    return isIndex(file)
        ? choose(names(index(file)), tensor, file)
        : choose(names(header(file).json()), tensor, file);
  }

  /** The names of all tensors of a file. */
  static List<String> names(Path file) throws IOException {
    return names(header(file).json());
  }

  /** Whether a file is the index of a model in several files, by its name. */
  private static boolean isIndex(Path file) {
    return file.getFileName().toString().endsWith(".json");
  }

  /** The type of values with a name; {@code name} is that of the tensor. */
  private static RawTensor.Type type(String dtype, String name, Path file) {
    return switch (dtype) {
      case "F64" -> RawTensor.Type.F64;
      case "F32" -> RawTensor.Type.F32;
      case "F16" -> RawTensor.Type.F16;
      case "BF16" -> RawTensor.Type.BF16;
      default ->
          throw new EmbeddingException(
              "%s: tensor %s is of %s; F64, F32, F16 and BF16 are read"
                  .formatted(file, name, dtype));
    };
  }

  /** Refuses a shape of other than two whole numbers, and other places. */
  private static void requireWholeNumbers(
      JsonNode shape, JsonNode offsets, String name, Path file) {
    boolean isValid = offsets.size() == 2;
    for (JsonNode number : List.of(shape.get(0), shape.get(1), offsets.path(0), offsets.path(1))) {
      isValid &= number.isIntegralNumber() && number.canConvertToLong();
    }
    if (!isValid) {
      throw new EmbeddingException(
          "%s: tensor %s has the shape %s and data_offsets %s; these are whole numbers, two each"
              .formatted(file, name, shape, offsets));
    }
  }

  /** Reads the header of a file. */
  private static Header header(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] head = in.readNBytes(LENGTH_BYTES);
      if (head.length < LENGTH_BYTES) {
        throw new EmbeddingException(
            "%s is not safetensors: it has %s bytes, and the length of the header takes 8"
                .formatted(file, head.length));
      }
      long length = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN).getLong(); // unsigned
      if (length < 2 || length > MAX_HEADER || length > Files.size(file) - LENGTH_BYTES) {
        throw new EmbeddingException(
            "%s is not safetensors: its header would have %s bytes"
                .formatted(file, Long.toUnsignedString(length)));
      }
      return new Header(json(in.readNBytes((int) length), file), LENGTH_BYTES + length);
    }
  }

  /** Opens a model in several files: {@code weight_map} has the file of each tensor. */
  private static RawTensor openSharded(Path index, @Nullable String tensor) throws IOException {
    JsonNode map = index(index);
    String name = choose(names(map), tensor, index);
    Path part = Path.of(map.path(name).asText()).getFileName();
    if (part == null) {
      throw new EmbeddingException(index + ": tensor " + name + " is in no file");
    }
    if (part.equals(index.getFileName())) {
      throw new EmbeddingException(index + ": says that it holds tensor " + name + " itself");
    }
    if (isIndex(part)) {
      throw new EmbeddingException(
          "%s: says that %s holds tensor %s, which is an index and not a file of tensors"
              .formatted(index, part, name));
    }
    return open(index.resolveSibling(part), name);
  }

  /** The file of each tensor by name. */
  private static JsonNode index(Path index) throws IOException {
    return json(WholeFile.read(index), index).path("weight_map");
  }

  /** The names of tensors in a header or an index. */
  private static List<String> names(JsonNode object) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    names.remove("__metadata__");
    return names;
  }

  /** The name of the wanted tensor: {@code tensor}, the first usual name, or the only name. */
  private static String choose(List<String> names, @Nullable String tensor, Path file) {
    for (String usual : tensor == null ? USUAL_NAMES : List.of(tensor)) {
      if (names.contains(usual)) {
        return usual;
      }
    }
    if (tensor == null && names.size() == 1) {
      return names.get(0);
    }
    throw new EmbeddingException(
        "%s has no tensor %s; name one of its %s tensors, such as %s"
            .formatted(
                file,
                tensor == null ? "with a usual name" : tensor,
                names.size(),
                names.subList(0, Math.min(MOST_LISTED, names.size()))));
  }

  /** The JSON of a header or an index, in which no name occurs twice. */
  private static JsonNode json(byte[] bytes, Path file) {
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
