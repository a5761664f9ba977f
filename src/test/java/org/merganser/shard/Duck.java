package org.merganser.shard;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Asks DuckDB, the reader that our Parquet files are proved with. */
public final class Duck {
  private Duck() {}

  private static ResultSet run(Statement statement, String sql) throws SQLException {
    statement.execute(sql);
    return statement.getResultSet();
  }

  /** The rows of a query, each joined with {@code |}; values stand for the {@code %s} in it. */
  public static List<String> query(String sql, Object... values) throws SQLException {
    try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duck.createStatement();
        ResultSet result = run(statement, values.length == 0 ? sql : sql.formatted(values))) {
      List<String> rows = new ArrayList<>();
      if (result == null) {
        return rows; // a statement such as COPY
      }
      int columns = result.getMetaData().getColumnCount();
      while (result.next()) {
        StringBuilder row = new StringBuilder();
        for (int i = 1; i <= columns; i++) {
          row.append(i > 1 ? "|" : "").append(result.getString(i));
        }
        rows.add(row.toString());
      }
      return rows;
    }
  }
}
