package org.merganser.embedding.exchange;

import com.fasterxml.jackson.core.io.NumberOutput;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.merganser.embedding.EmbeddingException;
import org.merganser.embedding.EmbeddingTable;
import org.merganser.embedding.FloatType;
import org.merganser.embedding.TableReader;
import org.merganser.json.Json;
import org.merganser.tokenizer.Tokenizer;

/** Writes a table in other tools' formats, streaming: a row and a buffer in memory. */
public final class EmbeddingExport {
  private EmbeddingExport() {}

  /**
   * A safetensors file with one tensor.
   *
   * @throws EmbeddingException for a value that {@code type} cannot hold
   */
  public static void safetensors(Path table, String tensor, FloatType type, Path file)
      throws IOException {
    safetensors(table, tensor, type, EmbeddingTable.check(table, 0).rows(), file);
  }

  private static void safetensors(Path table, String tensor, FloatType type, int rows, Path file)
      throws IOException {
    try (TableReader in = new TableReader(table);
        OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16)) {
      require(in.next(), table);
      ObjectNode header = Json.MAPPER.createObjectNode();
      header.putObject("__metadata__").put("format", "pt"); // transformers refuses files without
      ObjectNode entry = header.putObject(tensor);
      entry.put("dtype", type.name());
      entry.putArray("shape").add(rows).add(in.dim());
      entry.putArray("data_offsets").add(0).add((long) type.bytes() * rows * in.dim());
      byte[] json = header.toString().getBytes(StandardCharsets.UTF_8);
      int padded = (json.length + 7) / 8 * 8; // data is aligned to 8 bytes, by spaces
      out.write(littleEndian(8).putLong(padded).array());
      out.write(json);
      out.write(" ".repeat(padded - json.length).getBytes(StandardCharsets.US_ASCII));
      writeRows(in, rows, type, out);
    }
  }

  /**
   * A matrix in a {@code .npy} file of version 1.0.
   *
   * @param type F32 or F16: npy knows no BF16
   */
  public static void npy(Path table, FloatType type, Path file) throws IOException {
    if (type == FloatType.BF16) {
      throw new EmbeddingException("npy knows no BF16; write F32 or F16, or safetensors");
    }
    try (TableReader in = new TableReader(table);
        OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16)) {
      require(in.next(), table);
      String text =
          "{'descr': '<f%s', 'fortran_order': False, 'shape': (%s, %s), }"
              .formatted(type.bytes(), in.rows(), in.dim());
      text += " ".repeat(128 - 10 - text.length() - 1) + "\n";
      out.write(0x93);
      out.write("NUMPY\1\0".getBytes(StandardCharsets.US_ASCII));
      out.write(littleEndian(2).putShort((short) text.length()).array());
      out.write(text.getBytes(StandardCharsets.US_ASCII));
      writeRows(in, in.rows(), type, out);
    }
  }

  /**
   * word2vec text: {@code rows dim}, then the token as tokenizer.json spells it and its vector. Ids
   * beyond the tokenizer and gaps have no token and are left out. A number is the shortest decimal
   * that reads back as the same float, the same on every JDK.
   *
   * @return rows written
   * @throws EmbeddingException for a token that holds a space or a line feed, which the format
   *     cannot say (byte-level tokens never do)
   */
  public static int word2vec(Path table, Tokenizer tokenizer, Path file) throws IOException {
    int words = 0;
    for (int id = 0; id < tokenizer.idBound(); id++) {
      String token = tokenizer.token(id);
      if (token != null && (token.isEmpty() || token.matches("(?s).*[ \\n\\r].*"))) {
        throw new EmbeddingException(
            ("token \"%s\" of id %s holds white space, which word2vec text cannot say;"
                    + " export safetensors or npy")
                .formatted(token, id));
      }
      words += token == null ? 0 : 1;
    }
    EmbeddingTable.check(table, tokenizer.idBound());
    try (TableReader in = new TableReader(table);
        OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16)) {
      for (int id = 0; in.next() && id < tokenizer.idBound(); id++) {
        StringBuilder line = new StringBuilder();
        if (id == 0) {
          line.append(words).append(' ').append(in.dim()).append('\n');
        }
        String token = tokenizer.token(id);
        if (token != null) {
          line.append(token);
          for (int i = 0; i < in.dim(); i++) {
            line.append(' ').append(NumberOutput.toString(in.row()[i], true)); // Schubfach
          }
          line.append('\n');
        }
        out.write(line.toString().getBytes(StandardCharsets.UTF_8));
      }
    }
    return words;
  }

  /**
   * A folder that model2vec and sentence-transformers (StaticEmbedding) load: model.safetensors
   * with the tensor {@code embeddings}, tokenizer.json, modules.json, and config.json last of all,
   * without which the folder is none. Padding rows are left out: model2vec wants as many rows as
   * tokens (model2vec/persistence/persistence.py, StaticModel in model2vec/model.py).
   *
   * @param normalize whether vectors of texts are scaled to length 1
   * @throws EmbeddingException for a tokenizer with gaps in its ids, which model2vec refuses
   */
  public static void model2vec(
      Path table, Path tokenizerJson, FloatType type, boolean normalize, Path folder)
      throws IOException {
    if (type == FloatType.BF16) {
      throw new EmbeddingException("model2vec reads through numpy, which knows no BF16; write F16");
    }
    Tokenizer tokenizer = Tokenizer.read(tokenizerJson);
    int bound = tokenizer.idBound();
    for (int id = 0; id < bound; id++) {
      if (tokenizer.token(id) == null) {
        throw new EmbeddingException(
            ("%s has no token for id %s, and model2vec wants one for each row; export"
                    + " safetensors")
                .formatted(tokenizerJson, id));
      }
    }
    EmbeddingTable.Shape shape = EmbeddingTable.check(table, bound);
    Files.createDirectories(folder);
    safetensors(table, "embeddings", type, bound, folder.resolve("model.safetensors"));
    Files.write(folder.resolve("tokenizer.json"), Files.readAllBytes(tokenizerJson));
    ArrayNode modules = Json.MAPPER.createArrayNode();
    module(modules, ".", "StaticEmbedding");
    if (normalize) {
      module(modules, "1_Normalize", "Normalize");
      Files.createDirectories(folder.resolve("1_Normalize"));
    }
    write(folder.resolve("modules.json"), modules.toString());
    ObjectNode config = Json.MAPPER.createObjectNode();
    config.put("model_type", "model2vec");
    config.putArray("architectures").add("StaticModel");
    config.put("hidden_dim", shape.dim());
    config.put("seq_length", 1_000_000);
    config.put("normalize", normalize);
    config.put("embedding_dtype", type == FloatType.F32 ? "float32" : "float16");
    write(folder.resolve("config.json"), config.toString());
  }

  private static void module(ArrayNode modules, String path, String type) {
    int index = modules.size();
    modules
        .addObject()
        .put("idx", index)
        .put("name", Integer.toString(index))
        .put("path", path)
        .put("type", "sentence_transformers.models." + type);
  }

  private static void write(Path file, String json) throws IOException {
    Files.write(file, (json + "\n").getBytes(StandardCharsets.UTF_8));
  }

  /** Writes the row that was read and those after it, {@code rows} in all. */
  private static void writeRows(TableReader in, long rows, FloatType type, OutputStream out)
      throws IOException {
    byte[] bytes = new byte[type.bytes() * in.dim()];
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (long row = 0; row < rows; row++) {
      if (row > 0 && !in.next()) {
        throw new EmbeddingException("the table ends before row " + row + " of " + rows);
      }
      buffer.clear();
      type.put(in.row(), in.dim(), buffer, "row " + row);
      out.write(bytes);
    }
  }

  private static ByteBuffer littleEndian(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static void require(boolean rows, Path table) {
    if (!rows) {
      throw new EmbeddingException(table + " has no rows");
    }
  }
}
