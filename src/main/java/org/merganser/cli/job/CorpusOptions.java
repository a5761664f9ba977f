package org.merganser.cli.job;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Stack;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.InputFormat;
import org.merganser.job.JobReader;
import picocli.CommandLine.IParameterConsumer;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The flags of every command that reads a corpus, and their conversion into settings of a job. */
public final class CorpusOptions {
  @Option(
      names = "--input",
      arity = "1..*",
      parameterConsumer = Inputs.class,
      paramLabel = "GLOB",
      description = "Files, folders and globs. May be repeated.")
  private List<String> inputs = new ArrayList<>();

  @Option(
      names = "--format",
      completionCandidates = Formats.class,
      description = "One of ${COMPLETION-CANDIDATES} (${DEFAULT-VALUE}).")
  private String format = "auto";

  @Option(
      names = "--text-field",
      description = "Field path or template of the text (${DEFAULT-VALUE}).")
  private String textField = "text";

  @Option(
      names = "--id-field",
      description = "Field path or template of the document id (${DEFAULT-VALUE}).")
  private String idField = "id";

  @Option(
      names = "--exclude-ids",
      paramLabel = "FILE",
      description = "A file of document ids, one a line, to leave out. May be repeated.")
  private List<String> excludeIds = new ArrayList<>();

  /** The allowed values of {@code --format}. */
  public static final class Formats implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return InputFormat.named().stream().map(InputFormat::spelled).iterator();
    }
  }

  /** Takes the arguments after the option up to the next option, which may be Beam's. */
  static final class Inputs implements IParameterConsumer {
    @Override
    public void consumeParameters(Stack<String> arguments, ArgSpec option, CommandSpec command) {
      List<String> inputs = new ArrayList<>(option.<List<String>>getValue());
      int before = inputs.size();
      while (!arguments.isEmpty() && !arguments.peek().startsWith("-")) {
        inputs.add(arguments.pop());
      }
      if (inputs.size() == before) {
        throw new ParameterException(command.commandLine(), "--input names no file");
      }
      option.setValue(inputs);
    }
  }

  /** Whether texts are given, which picocli does not know of an option with its own consumer. */
  public boolean isGiven() {
    return !inputs.isEmpty();
  }

  /** The settings of these flags; the caller may add to the list. */
  public List<String> settings() {
    List<String> settings = new ArrayList<>();
    if (!excludeIds.isEmpty()) {
      settings.add(JobReader.texts("corpus.excludeIds", excludeIds));
    }
    if (inputs.isEmpty()) {
      return settings; // the job's rules say where text is needed
    }
    settings.add(JobReader.texts("corpus.inputs", inputs));
    settings.add(JobReader.text("corpus.format", format));
    settings.add(JobReader.text("corpus.textField", textField));
    settings.add(JobReader.text("corpus.idField", idField));
    return settings;
  }

  /** Adds the setting of a flag that is given: a number, or a text. */
  public static void add(List<String> settings, String key, @Nullable Object value) {
    if (value != null) {
      settings.add(value instanceof String s ? JobReader.text(key, s) : key + "=" + value);
    }
  }
}
