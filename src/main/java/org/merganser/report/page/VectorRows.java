package org.merganser.report.page;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.merganser.json.Json;

/**
 * The embedding table for the page, as far as it fits into some megabytes: of each row the first
 * values, in single precision. {@code bytes} are rows × shown values, little-endian.
 */
public record VectorRows(int rows, int dim, int shown, byte[] bytes) {
  private static final int MOST_BYTES = 2_000_000;

  /** Reads a row of a table. */
  @FunctionalInterface
  public interface Table {
    /** Copies the row of {@code id} to {@code to}, dim values. */
    void row(int id, float[] to);
  }

  /** As many values a row as fit; none of a table of more rows than fit with one. */
  public static VectorRows of(int rows, int dim, Table table) {
    int shown = (int) Math.min(dim, MOST_BYTES / (4L * Math.max(1, rows)));
    ByteBuffer out = ByteBuffer.allocate(4 * rows * shown).order(ByteOrder.LITTLE_ENDIAN);
    float[] row = new float[dim];
    for (int id = 0; id < rows && shown > 0; id++) {
      table.row(id, row);
      for (int i = 0; i < shown; i++) {
        out.putFloat(row[i]);
      }
    }
    return new VectorRows(rows, dim, shown, out.array());
  }

  ObjectNode description() {
    return Json.MAPPER.createObjectNode().put("rows", rows).put("dim", dim).put("shown", shown);
  }
}
