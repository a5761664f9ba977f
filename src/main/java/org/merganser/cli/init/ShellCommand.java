package org.merganser.cli.init;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.Compression;
import org.merganser.corpus.InputFile;
import org.merganser.corpus.InputFormat;
import org.merganser.corpus.field.FieldPath;
import org.merganser.json.Json;
import org.merganser.store.FileStore;

/**
 * Writes commands for a person to type, with the names of files as a shell reads them. {@link
 * FileAdvice} fills commands that other classes wrote.
 */
final class ShellCommand {
  /** A word that a shell reads as it is, without quotes. */
  private static final Pattern PLAIN = Pattern.compile("[\\p{L}\\p{M}\\p{N}_./@%+=:,-]+");

  private ShellCommand() {}

  /** A field path as jq reads it, such as {@code .meta["a b"][0]}. */
  static String stepsOfJq(String path) {
    StringBuilder steps = new StringBuilder();
    for (FieldPath.Step step : FieldPath.parse(path).steps()) {
      String name = step.name();
      if (name == null) {
        steps.append('[').append(step.index()).append(']');
      } else if (name.matches("[A-Za-z_]\\w*")) {
        steps.append('.').append(name);
      } else {
        steps
            .append(steps.isEmpty() ? "." : "")
            .append('[')
            .append(Json.line(name).replace("'", "'\\''"))
            .append(']');
      }
    }
    return steps.toString();
  }

  /**
   * Commands of which the last passes the records of a file to a program as JSON lines.
   *
   * @param program reads standard input
   */
  static String ofRecords(InputFile file, String program) {
    String path = fromHere(file.location());
    if (file.format() == InputFormat.PARQUET) {
      return ofParquetRows(path, program);
    }
    String decoder = decoder(file.compression());
    boolean isArray = file.format() == InputFormat.JSON;
    if (decoder == null) {
      return isArray
          ? "jq -c '.[]' " + quoted(path) + " | " + program
          : program + " < " + quoted(path);
    }
    String decoded = decoder + " < " + quoted(path);
    return (isArray ? decoded + " | jq -c '.[]'" : decoded) + " | " + program;
  }

  /** Commands that write the rows of a Parquet file as JSON lines, and pass these to a program. */
  private static String ofParquetRows(String path, String program) {
    String sql =
        "COPY (FROM read_parquet('%s')) TO 'records.jsonl' (FORMAT json)"
            .formatted(path.replace("'", "''"));
    String word = PLAIN.matcher(path).matches() ? '"' + sql + '"' : quoted(sql);
    return "duckdb -c " + word + "\n" + program + " < records.jsonl";
  }

  /**
   * Commands that edit files with a script of sed and keep the old files as {@code FILE.bak}. A
   * compressed file is decompressed first.
   *
   * @param script without single quotes, so that it needs no escape in them
   */
  static String ofSed(String script, List<InputFile> files) {
    if (script.indexOf('\'') >= 0) {
      throw new IllegalArgumentException("a single quote in " + script);
    }
    StringBuilder commands = new StringBuilder();
    StringBuilder edit = new StringBuilder("sed -i.bak '").append(script).append('\'');
    for (InputFile file : files) {
      String path = fromHere(file.location());
      String plain = plain(path, file.compression());
      String decoder = decoder(file.compression());
      if (decoder != null) {
        commands.append(
            "%s < %s > %s && mv %s %s\n"
                .formatted(
                    decoder, quoted(path), quoted(plain), quoted(path), quoted(path + ".bak")));
      }
      edit.append(' ').append(quoted(plain));
    }
    return commands.append(edit).toString();
  }

  /** The name of a file after its decompression; {@code .plain} is added if no suffix goes. */
  static String plain(String path, Compression compression) {
    if (compression == Compression.NONE) {
      return path;
    }
    String plain = Compression.withoutSuffix(path);
    return plain.equals(path) ? path + ".plain" : plain;
  }

  /** The program that decodes standard input to standard output; null for none. */
  static @Nullable String decoder(Compression compression) {
    return switch (compression) {
      case NONE -> null;
      case GZIP -> "gzip -dc";
      case ZSTD -> "zstd -dc";
      case BZIP2 -> "bzip2 -dc";
      case XZ -> "xz -dc";
    };
  }

  /** A local path, relative if it is below the working directory; any other location as it is. */
  static String fromHere(String location) {
    if (!FileStore.isLocal(location)) {
      return location;
    }
    try {
      Path path = FileStore.localPath(location).toAbsolutePath().normalize();
      Path here = Path.of("").toAbsolutePath();
      return path.startsWith(here) ? here.relativize(path).toString() : path.toString();
    } catch (IOException e) {
      throw new UncheckedIOException(location, e);
    }
  }

  /** A text as one word of a shell, in single quotes if needed; not one that is an option. */
  static String quoted(String word) {
    String safe = word.startsWith("-") ? "./" + word : word;
    return PLAIN.matcher(safe).matches() ? safe : "'" + safe.replace("'", "'\\''") + "'";
  }
}
