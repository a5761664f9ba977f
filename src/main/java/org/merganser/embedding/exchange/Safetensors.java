package org.merganser.embedding.exchange;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.checksum.WholeFile;
import org.merganser.embedding.EmbeddingException;

/**
 * Opens a matrix of a safetensors file, which {@link SafetensorsHeader} describes. A model in
 * several such files has an index in JSON, which can be opened in their place.
 */
final class Safetensors {
  /** The names of input embeddings in models, in the order in which they are tried. */
  private static final List<String> USUAL_NAMES =
      WholeFile.resource(Safetensors.class, "usual-tensors.txt").lines().toList();

  /** The most names of tensors in an error. */
  private static final int MOST_LISTED = 5;

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
    SafetensorsHeader header = SafetensorsHeader.read(file);
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
    long rowCount = shape.get(0).asLong();
    long dim = shape.get(1).asLong();
    // Opening checks the shape, without which the size could overflow.
    RawTensor rows = new RawTensor(file, type, header.end() + begin, rowCount, dim);
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
    JsonNode byName = isIndex(file) ? readIndex(file) : SafetensorsHeader.read(file).json();
    return choose(names(byName), tensor, file);
  }

  /** The names of all tensors of a file. */
  static List<String> names(Path file) throws IOException {
    return names(SafetensorsHeader.read(file).json());
  }

  /**
   * Whether a file is the index of a model in several files, and not a file of tensors: its name
   * ends in .json, and its first bytes, which are text, would be too large a length of a header.
   */
  private static boolean isIndex(Path file) throws IOException {
    if (!file.getFileName().toString().endsWith(".json")) {
      return false;
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] head = in.readNBytes(SafetensorsHeader.LENGTH_BYTES);
      return head.length < SafetensorsHeader.LENGTH_BYTES || SafetensorsHeader.isTooLong(head);
    }
  }

  /**
   * The type of values with a name.
   *
   * @param name of the tensor, for the error
   */
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

  /** Opens a model in several files: {@code weight_map} has the file of each tensor. */
  private static RawTensor openSharded(Path index, @Nullable String tensor) throws IOException {
    JsonNode map = readIndex(index);
    String name = choose(names(map), tensor, index);
    Path part = fileName(map.path(name).asText());
    if (part == null) {
      throw new EmbeddingException(index + ": tensor " + name + " is in no file");
    }
    Path file = index.resolveSibling(part);
    if (part.equals(index.getFileName())) {
      throw new EmbeddingException(index + ": says that it holds tensor " + name + " itself");
    }
    if (isIndex(file)) {
      throw new EmbeddingException(
          "%s: says that %s holds tensor %s, which is an index and not a file of tensors"
              .formatted(index, part, name));
    }
    return open(file, name);
  }

  /** The name of a file without its folder; null if it is no name of a file. */
  private static @Nullable Path fileName(String path) {
    try {
      Path name = Path.of(path).getFileName();
      return name == null || name.toString().isEmpty() ? null : name;
    } catch (InvalidPathException e) {
      return null;
    }
  }

  /** The file of each tensor by name. */
  private static JsonNode readIndex(Path index) throws IOException {
    return SafetensorsHeader.parse(WholeFile.read(index), index).path("weight_map");
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
}
