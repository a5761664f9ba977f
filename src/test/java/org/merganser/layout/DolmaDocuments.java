package org.merganser.layout;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;

/** Reads the list of documents of dolma's files as RFC 4180 says, character by character. */
public final class DolmaDocuments {
  private DolmaDocuments() {}

  /** The five fields of each record. */
  public static List<List<String>> read(Path csv) throws IOException {
    try (InputStream in = new GZIPInputStream(Files.newInputStream(csv))) {
      return parse(new String(in.readAllBytes(), UTF_8));
    }
  }

  private static List<List<String>> parse(String csv) {
    List<List<String>> records = new ArrayList<>();
    List<String> record = new ArrayList<>();
    StringBuilder field = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < csv.length(); i++) {
      char c = csv.charAt(i);
      if (quoted && c == '"' && i + 1 < csv.length() && csv.charAt(i + 1) == '"') {
        field.append('"');
        i++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (!quoted && (c == ',' || c == '\r')) {
        record.add(field.toString());
        field.setLength(0);
        if (c == '\r') {
          i++; // the line feed
          records.add(record);
          record = new ArrayList<>();
        }
      } else {
        field.append(c);
      }
    }
    return records;
  }
}
