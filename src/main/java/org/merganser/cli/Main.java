package org.merganser.cli;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.merganser.cli.embeddings.EmbeddingsCommand;
import org.merganser.cli.init.InitCommand;
import org.merganser.cli.job.ExitCode;
import org.merganser.cli.job.FailureCode;
import org.merganser.cli.job.Failures;
import org.merganser.cli.job.FileArgument;
import org.merganser.cli.job.JobCommand;
import org.merganser.cli.terminal.StandardOutput;
import org.merganser.cli.terminal.TerminalWriter;
import org.merganser.cli.tokenizer.AuditCommand;
import org.merganser.cli.tokenizer.CompareCommand;
import org.merganser.cli.tokenizer.DecodeCommand;
import org.merganser.cli.tokenizer.InspectCommand;
import org.merganser.cli.tokenizer.TokenizeCommand;
import org.merganser.cli.tokenizer.TrimCommand;
import org.merganser.cli.usage.CheckedExecution;
import org.merganser.cli.usage.HelpPage;
import org.merganser.cli.usage.HelpPage.Group;
import org.merganser.cli.usage.OptionModel;
import org.merganser.cli.usage.UsageErrors;
import org.merganser.job.WholeNumber;
import org.merganser.message.ProgramCommand;
import org.merganser.message.ProgramVersion;
import org.merganser.pipeline.worker.NativeCodecs;
import org.merganser.store.OpenDrafts;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** The program {@code merganser}: its commands, and how each is parsed, run and reported. */
@Command(
    name = "merganser",
    mixinStandardHelpOptions = true,
    commandListHeading = "",
    description = "Make tokenizers, shards of token ids, and embeddings of a text corpus.",
    footer =
        """
        Example: ${ROOT-COMMAND-NAME} run pipelines/sample.yaml
        """)
public final class Main implements Runnable {
  /** The commands by purpose; those of the last group are rarely typed. */
  private static final List<Group> GROUPS =
      List.of(
          Group.of("First steps", InitCommand.class, RunCommand.class),
          Group.of("Corpus", CountCommand.class),
          Group.of(
              "Tokenizer",
              TrainCommand.class,
              TokenizeCommand.class,
              DecodeCommand.class,
              CompareCommand.class,
              AuditCommand.class,
              TrimCommand.class),
          Group.of(
              "Shards",
              EncodeCommand.class,
              ConvertCommand.class,
              MergeCommand.class,
              CatCommand.class),
          Group.of("Embeddings", EmbedCommand.class, EmbeddingsCommand.class),
          Group.of(
              "Look",
              InspectCommand.class,
              VerifyCommand.class,
              LogCommand.class,
              ReportCommand.class,
              PredictCommand.class),
          Group.of("Other", SchemaCommand.class, AutoComplete.GenerateCompletion.class));

  private static final List<Class<?>> COMMANDS =
      GROUPS.stream().<Class<?>>flatMap(group -> group.commands().stream()).toList();

  /** The property of Java with the folder for temporary files. */
  private static final String TEMPORARY_FOLDER = "java.io.tmpdir";

  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli sets the spec
  private Main() {}

  /** Runs a command and ends the JVM with its exit code. */
  public static void main(String[] args) {
    useTmpdir();
    Runtime.getRuntime().addShutdownHook(new Thread(OpenDrafts::abandonAll)); // after a signal
    StandardOutput standard = new StandardOutput();
    System.setOut(new PrintStream(new BufferedOutputStream(standard), false));
    PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    int exitCode = run(out, err, args);
    out.flush();
    IOException lost = standard.failure();
    if (lost != null) {
      err.println(
          "merganser: standard output: " + lost.getMessage() + "; the printed text is incomplete");
      if (exitCode == ExitCode.DONE.code()) {
        exitCode = FailureCode.of(lost).code();
      }
    }
    err.flush();
    end(exitCode);
  }

  /**
   * Makes Java use the folder of the variable {@code TMPDIR}, which the JVM ignores, unless a flag
   * of the JVM has set another folder.
   */
  private static void useTmpdir() {
    String folder = System.getenv("TMPDIR");
    boolean isDefault = "/tmp".equals(System.getProperty(TEMPORARY_FOLDER));
    if (folder != null && !folder.isEmpty() && isDefault) {
      System.setProperty(TEMPORARY_FOLDER, folder);
    }
  }

  /**
   * Ends the JVM, unless an engine runs this class in its own JVM, which must continue: {@code
   * flink run} and {@code spark-submit} load this class by their own class loader. They see an
   * exception if the exit code is not that of {@link ExitCode#DONE}.
   */
  private static void end(int exitCode) {
    if (Main.class.getClassLoader() == ClassLoader.getSystemClassLoader()) {
      System.exit(exitCode);
    }
    if (exitCode != ExitCode.DONE.code()) {
      throw new IllegalStateException("merganser ended with exit code " + exitCode);
    }
  }

  /**
   * Runs a command; returns its exit code.
   *
   * @param out receives results, escaped for a terminal
   * @param err receives messages and progress, escaped likewise
   * @param arguments as typed; {@code --all} is removed if it is beside {@code --help}
   */
  public static int run(PrintWriter out, PrintWriter err, String... arguments) {
    List<String> typed = withoutHelpCommand(List.of(arguments));
    boolean showsAll =
        typed.contains("--all") && !Collections.disjoint(typed, List.of("-h", "--help"));
    String[] args =
        typed.stream()
            .filter(argument -> !showsAll || !argument.equals("--all"))
            .toArray(String[]::new);
    PrintWriter errors = new TerminalWriter(err);
    CommandLine line = commandLineFor(args.length == 0 ? "" : args[0]);
    try {
      line.setCommandName(ProgramCommand.name());
      HelpPage.install(line, GROUPS, showsAll);
      return configured(line, new TerminalWriter(out), errors).execute(args);
    } catch (Error e) { // picocli handles exceptions only
      return Failures.report(e, errors);
    }
  }

  /** All commands with their options, for pages that describe them. */
  public static CommandLine commandLine() {
    return commandLine(COMMANDS);
  }

  /** The command line with the writers, handlers and converters of this program. */
  private static CommandLine configured(CommandLine line, PrintWriter out, PrintWriter errors) {
    return line.setOut(out)
        .setErr(errors)
        .setColorScheme(Help.defaultColorScheme(Help.Ansi.OFF))
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setUnmatchedOptionsAllowedAsOptionParameters(false)
        .setUsageHelpWidth(80)
        .setUsageHelpLongOptionsMaxWidth(28)
        .setExecutionExceptionHandler((e, command, parsed) -> report(e, command, errors))
        .setExecutionStrategy(Main::execute)
        .setParameterExceptionHandler(new UsageErrors())
        .registerConverter(Path.class, FileArgument::localPath)
        .registerConverter(int.class, text -> (int) parseNumber(text, Integer.MAX_VALUE))
        .registerConverter(Integer.class, text -> (int) parseNumber(text, Integer.MAX_VALUE))
        .registerConverter(long.class, text -> parseNumber(text, Long.MAX_VALUE))
        .registerConverter(Long.class, text -> parseNumber(text, Long.MAX_VALUE));
  }

  /** Reports the failure of a command; returns the exit code. */
  private static int report(Exception failure, CommandLine command, PrintWriter errors) {
    boolean onlyReadsArguments = !(command.getCommand() instanceof JobCommand);
    return onlyReadsArguments
        ? Failures.reportOfArguments(failure, errors)
        : Failures.report(failure, errors);
  }

  /** Runs a command whose arguments are parsed; returns its exit code. */
  private static int execute(ParseResult parsed) {
    boolean isHelp =
        parsed.asCommandLineList().stream().anyMatch(CommandLine::isUsageHelpRequested);
    if (!isHelp) {
      try {
        NativeCodecs.unpackInScratch();
      } catch (IOException e) {
        // The commands that need the scratch folder report it; others do without.
      }
    }
    return CheckedExecution.execute(parsed);
  }

  /**
   * The number of a flag; {@code 32k} is 32,000.
   *
   * @throws TypeConversionException for a text that is no whole number, or one above {@code most}
   */
  private static long parseNumber(String text, long most) {
    long number;
    try {
      number = WholeNumber.parse(text);
    } catch (NumberFormatException e) {
      throw new TypeConversionException(e.getMessage());
    }
    if (number > most) {
      throw new TypeConversionException(text + " is more than " + most);
    }
    return number;
  }

  /** {@code COMMAND --help} for {@code help COMMAND}; other arguments as they are. */
  private static List<String> withoutHelpCommand(List<String> arguments) {
    if (arguments.isEmpty() || !arguments.get(0).equals("help")) {
      return arguments;
    }
    List<String> typed = new ArrayList<>(arguments.subList(1, arguments.size()));
    typed.add("--help");
    return typed;
  }

  /**
   * The command line with only the command of a name, or with all commands if there is none:
   * reading the options of all commands takes a third of a second.
   */
  private static CommandLine commandLineFor(String name) {
    List<Class<?>> requested =
        COMMANDS.stream()
            .filter(command -> command.getAnnotation(Command.class).name().equals(name))
            .filter(command -> command != AutoComplete.GenerateCompletion.class) // it needs all
            .toList();
    return commandLine(requested.isEmpty() ? COMMANDS : requested);
  }

  /** The command line with these commands. */
  private static CommandLine commandLine(List<Class<?>> commands) {
    CommandLine line = new CommandLine(new Main());
    line.getCommandSpec().version(ProgramVersion.current().toString());
    commands.forEach(line::addSubcommand);
    OptionModel.complete(line);
    return line;
  }

  /** Refuses arguments that name no command. */
  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "a command is missing; to begin: "
            + ProgramCommand.line("init", "FOLDER", "--output", "JOB.yaml"));
  }
}
