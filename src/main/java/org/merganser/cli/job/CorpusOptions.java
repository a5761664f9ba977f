package org.merganser.cli.job;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Stack;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.CorpusInput;
import org.merganser.corpus.CorpusSettings;
import org.merganser.corpus.DocumentHandler;
import org.merganser.corpus.DocumentSeparator;
import org.merganser.corpus.InputFormat;
import org.merganser.job.JobKeys;
import org.merganser.job.Setting;
import org.merganser.store.FileStore;
import picocli.CommandLine.IParameterConsumer;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that name a corpus, for commands that run a job and for those that read texts. */
public final class CorpusOptions {
  /** The formats that a job may name, for the completion of shells. */
  static final class Formats extends ArrayList<String> {
    Formats() {
      super(JobKeys.at("corpus.format").values());
    }
  }

  /** Takes the arguments after the option up to the next option, which may be Beam's. */
  static final class InputArguments implements IParameterConsumer {
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

  /** Takes the next argument even if it looks like an option, as {@code ---} does. */
  static final class SeparatorArgument implements IParameterConsumer {
    @Override
    public void consumeParameters(Stack<String> arguments, ArgSpec option, CommandSpec command) {
      if (arguments.isEmpty()) {
        throw new ParameterException(command.commandLine(), "--separator names no line");
      }
      option.setValue(arguments.pop());
    }
  }

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command = CommandSpec.create(); // picocli injects the command here

  @Option(
      names = "--input",
      arity = "1..*",
      parameterConsumer = InputArguments.class,
      paramLabel = "GLOB",
      description = "Read these files, folders and globs. May be repeated.")
  private List<String> inputs = new ArrayList<>();

  @Option(
      names = "--format",
      completionCandidates = Formats.class,
      paramLabel = "FORMAT",
      description = "${bundle:key.corpus.format}")
  private InputFormat format = InputFormat.AUTO;

  @OnlyInFullHelp
  @Option(
      names = "--separator",
      parameterConsumer = SeparatorArgument.class,
      paramLabel = "LINE",
      description = "${bundle:key.corpus.separator}")
  private @Nullable String separator;

  @Option(
      names = "--text-field",
      paramLabel = "FIELD",
      description = "${bundle:key.corpus.textField}")
  private String textField = JobKeys.at("corpus.textField").defaultArgument();

  @Option(names = "--id-field", paramLabel = "FIELD", description = "${bundle:key.corpus.idField}")
  private String idField = JobKeys.at("corpus.idField").defaultArgument();

  @OnlyInFullHelp
  @Option(names = "--exclude", paramLabel = "GLOB", description = "${bundle:key.corpus.exclude}")
  private List<String> exclude = new ArrayList<>();

  @OnlyInFullHelp
  @Option(names = "--include-all", description = "${bundle:key.corpus.includeAll}")
  private boolean includeAll;

  /**
   * Whether {@code --input} is given. {@link MerganserCommand#isGiven} does not know it: picocli
   * does not record an option with a consumer of its own as matched.
   */
  public boolean hasInput() {
    return !inputs.isEmpty();
  }

  /**
   * Refuses all options of the corpus except {@code --input}.
   *
   * @param why as in {@link MerganserCommand#refuse}
   */
  public void refuseOthers(String why) {
    MerganserCommand.refuse(
        command,
        why,
        "--format",
        "--separator",
        "--text-field",
        "--id-field",
        "--exclude",
        "--include-all");
  }

  /**
   * The settings of a job for the given options, each {@code key=value}; none without {@code
   * --input}. The caller may add to the list.
   */
  public List<String> jobSettings() {
    List<String> settings = new ArrayList<>();
    if (inputs.isEmpty()) {
      return settings; // the job's rules say where text is needed
    }
    settings.add(Setting.of("corpus.inputs", inputs));
    settings.add(Setting.of("corpus.exclude", exclude));
    settings.add(Setting.of("corpus.includeAll", includeAll));
    settings.add(Setting.of("corpus.format", format.spelled()));
    if (separator != null) {
      settings.add(Setting.of("corpus.separator", separator));
    }
    settings.add(Setting.of("corpus.textField", textField));
    settings.add(Setting.of("corpus.idField", idField));
    return settings;
  }

  /**
   * How a command without a job reads the texts.
   *
   * @param groupBy field path of a document's group; null without groups
   * @throws ParameterException for a separator that the format cannot have
   */
  public CorpusSettings corpusSettings(@Nullable String groupBy) {
    String problem = separator == null ? null : new DocumentSeparator(separator).problem(format);
    if (problem != null) {
      throw new ParameterException(command.commandLine(), "--separator: " + problem);
    }
    Map<String, String> excluded = new TreeMap<>();
    exclude.forEach(glob -> excluded.put(glob, FileStore.withAbsolutePath(glob)));
    return CorpusSettings.builder(CorpusInput.of(inputs))
        .exclude(excluded)
        .includeAll(includeAll)
        .format(format)
        .separator(separator)
        .textField(textField)
        .idField(idField)
        .groupField(groupBy)
        .build();
  }

  /**
   * Passes each document of the texts on, and prints notes and the progress on standard error.
   *
   * @param handler takes the documents, and dead letters
   * @param groupBy as in {@link #corpusSettings}
   */
  public void readDocuments(DocumentHandler handler, @Nullable String groupBy) throws IOException {
    CorpusReading.read(corpusSettings(groupBy), handler, command.commandLine().getErr());
  }
}
