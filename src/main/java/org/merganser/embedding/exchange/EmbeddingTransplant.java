package org.merganser.embedding.exchange;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.merganser.bpe.IdBuffer;
import org.merganser.embedding.EmbeddingException;
import org.merganser.embedding.EmbeddingReport;
import org.merganser.embedding.EmbeddingTable;
import org.merganser.embedding.EmbeddingTableWriter;
import org.merganser.embedding.Pooling;
import org.merganser.embedding.RowChecks;
import org.merganser.tokenizer.Encoder;
import org.merganser.tokenizer.SpecialText;
import org.merganser.tokenizer.Tokenizer;

/**
 * Makes a table for tokenizer B from tokenizer A's: the row of A's token with the same bytes where
 * there is one, else the mean of the rows of A's encoding of B's token. Tokens that are not whole
 * characters are cut into their bytes, each of which A has. Gaps of B's ids become zeros.
 */
public final class EmbeddingTransplant {
  private EmbeddingTransplant() {}

  /**
   * @param scratch a folder for A's flat file
   * @throws EmbeddingException when A's table does not fit A's tokenizer
   */
  public static EmbeddingReport write(
      Path tableOfA, Path tokenizerA, Path tokenizerB, Path tableOfB, Path scratch)
      throws IOException {
    Tokenizer a = Tokenizer.read(tokenizerA);
    Tokenizer b = Tokenizer.read(tokenizerB);
    Map<String, Integer> idsOfA = new HashMap<>();
    for (int id = 0; id < a.idBound(); id++) {
      if (a.token(id) != null) {
        idsOfA.putIfAbsent(key(a.bytes(id)), id);
      }
    }
    RowChecks checks = new RowChecks(tableOfB.toString(), false);
    int copied = 0;
    try (EmbeddingTable table = EmbeddingTable.openFor(a.idBound(), tableOfA, scratch);
        EmbeddingTableWriter out =
            new EmbeddingTableWriter(
                tableOfB,
                table.dim(),
                "F32",
                "transplanted from " + EmbeddingImport.name(tableOfA),
                EmbeddingImport.sha(tokenizerB))) {
      Encoder encoder = a.newEncoder(SpecialText.TEXT);
      Pooling pooling = new Pooling(table, -1, false);
      float[] row = new float[table.dim()];
      for (int id = 0; id < b.idBound(); id++) {
        byte[] bytes = b.bytes(id);
        Integer same = bytes.length == 0 ? null : idsOfA.get(key(bytes));
        if (same != null) {
          table.row(same, row, 0);
          copied++;
        } else {
          int[] pieces = pieces(bytes, encoder, idsOfA);
          pooling.pool(pieces, pieces.length, row);
        }
        checks.add(row, row.length);
        out.write(b.token(id), row, 0);
      }
      return checks.report(row.length, "F32", 0, copied, b.idBound() - copied, 0);
    } catch (EmbeddingException e) {
      Files.deleteIfExists(tableOfB);
      throw e;
    }
  }

  private static int[] pieces(byte[] bytes, Encoder encoder, Map<String, Integer> idsOfA) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
    } catch (CharacterCodingException e) {
      int[] single = new int[bytes.length];
      int count = 0;
      for (byte b : bytes) {
        Integer id = idsOfA.get(key(new byte[] {b}));
        if (id != null) {
          single[count++] = id;
        }
      }
      return Arrays.copyOf(single, count);
    }
    IdBuffer ids = new IdBuffer(16);
    encoder.encode(bytes, 0, bytes.length, ids);
    return ids.toArray();
  }

  /** A char a byte: a key that compares by content. */
  private static String key(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
