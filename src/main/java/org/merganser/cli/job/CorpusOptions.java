package org.merganser.cli.job;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.job.JobReader;
import picocli.CommandLine.Option;

/** The flags of every command that reads a corpus, and how flags become settings of a job. */
public final class CorpusOptions {
  @Option(
      names = "--input",
      arity = "1..*",
      paramLabel = "GLOB",
      description = "Files, folders and globs. May be repeated.")
  private List<String> inputs = new ArrayList<>();

  @Option(
      names = "--format",
      description = "auto, text, lines, paragraphs, jsonl, parquet or warc (${DEFAULT-VALUE}).")
  private String format = "auto";

  @Option(
      names = "--text-field",
      description = "Field path of the text in JSONL and Parquet (${DEFAULT-VALUE}).")
  private String textField = "text";

  @Option(
      names = "--id-field",
      description = "Field path of the document id in JSONL and Parquet (${DEFAULT-VALUE}).")
  private String idField = "id";

  /** The settings of these flags, to be added to. */
  public List<String> settings() {
    List<String> settings = new ArrayList<>();
    if (inputs.isEmpty()) {
      return settings; // the job's rules say where text is needed
    }
    settings.add(JobReader.texts("corpus.inputs", inputs));
    settings.add(JobReader.text("corpus.format", format));
    settings.add(JobReader.text("corpus.textField", textField));
    settings.add(JobReader.text("corpus.idField", idField));
    return settings;
  }

  public static void addText(List<String> settings, String key, @Nullable String value) {
    if (value != null) {
      settings.add(JobReader.text(key, value));
    }
  }

  public static void addNumber(List<String> settings, String key, @Nullable Number value) {
    if (value != null) {
      settings.add(key + "=" + value);
    }
  }
}
