package org.merganser.cli.init;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.cli.job.ExitCode;
import org.merganser.cli.job.FileArgument;
import org.merganser.cli.job.MerganserCommand;
import org.merganser.cli.job.WrittenPath;
import org.merganser.corpus.CorpusException;
import org.merganser.corpus.plan.CorpusPlanner;
import org.merganser.job.Locations;
import org.merganser.message.ProgramCommand;
import org.merganser.pipeline.output.RunException;
import org.merganser.pipeline.output.finished.TokenizerLocation;
import org.merganser.store.FileStore;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The command {@code init}: writes the job file that {@link CorpusExamination} proposes. */
@Command(
    name = "init",
    description =
        "Look at a corpus and write a job file for it. Comments in the file explain "
            + "each choice: formats, fields, the size of the vocabulary. The command asks "
            + "no questions and starts no run.",
    footer =
        """
        Example: ${ROOT-COMMAND-NAME} init sample-data/corpus --output target/first.yaml
        """)
public final class InitCommand extends MerganserCommand {
  @Parameters(
      arity = "1..*",
      paramLabel = "CORPUS",
      description = "Files, folders and globs with the text.")
  private List<String> inputs = new ArrayList<>();

  @Option(
      names = "--tokenizer",
      converter = FileArgument.Tokenizer.class,
      paramLabel = "TOKENIZER",
      description =
          "Encode with this tokenizer.json, or that of the output folder of a run, and learn none.")
  private @Nullable String tokenizer;

  @Option(
      names = "--output",
      paramLabel = "JOB.yaml",
      description = "Write the job file here, where no file may be yet (standard output).")
  private @Nullable Path output;

  @Override
  public Integer call() throws IOException {
    Path file = output;
    List<String> located = inputs.stream().map(Locations::expanded).toList();
    if (file != null) {
      new WrittenPath("--output", file.toString()).requireOutsideOfOutputs();
      requireNew(file);
    }
    JobProposal proposal = CorpusExamination.propose(located);
    String name = jobName(located.get(0));
    if (file == null) {
      print(yaml(proposal, name, null), name);
    } else {
      requireApart(proposal, file);
      requireApart(proposal, file.resolveSibling(jobOutput(name)));
      write(yaml(proposal, name, file.toAbsolutePath().getParent()), file, proposal);
    }
    return ExitCode.DONE.code();
  }

  /**
   * The text of the job file. Prints a warning for the files that a run would not read.
   *
   * @param name of the job
   * @param jobFolder of the job file, which names other files relative to it; null for the working
   *     directory
   */
  private String yaml(JobProposal proposal, String name, @Nullable Path jobFolder)
      throws IOException {
    String yaml =
        new ProposedJobFile(proposal, input -> seenFrom(jobFolder, input), readTokenizer(jobFolder))
            .yaml(name, jobOutput(name));
    for (String warning : proposal.survey().unread().sentences()) {
      spec.commandLine().getErr().println("merganser: warning: " + warning);
    }
    return yaml;
  }

  /** The output folder of a job, beside the job file. */
  private static String jobOutput(String name) {
    return name + "-tokenized";
  }

  /**
   * The tokenizer of {@code --tokenizer}; null for none.
   *
   * @param jobFolder see {@link #yaml}
   */
  private @Nullable ProposedTokenizer readTokenizer(@Nullable Path jobFolder) throws IOException {
    if (tokenizer == null) {
      return null;
    }
    String location = TokenizerLocation.of(tokenizer, "--tokenizer");
    return ProposedTokenizer.read(location, seenFrom(jobFolder, location));
  }

  /** Prints the job file, and on standard error the command that writes it to a file. */
  private void print(String yaml, String name) {
    out().print(yaml);
    out().flush();
    String next = ProgramCommand.line("init", inputs.get(0), "--output", name + ".yaml");
    spec.commandLine().getErr().println("next             " + next);
  }

  /** Writes the job file, and prints what was found and the command that runs the job. */
  private void write(String yaml, Path file, JobProposal proposal) throws IOException {
    proposal.table().forEach(out()::println);
    requireNew(file); // again, since the examination may take long
    FileStore.publish(file.toString(), yaml.getBytes(StandardCharsets.UTF_8));
    out().printf("%nWrote %s%n", file);
    out().println("next             " + ProgramCommand.line("run", file.toString()));
  }

  /** Refuses a path where something is already, even a link that leads nowhere. */
  private static void requireNew(Path file) {
    if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      throw RunException.wrong(
          "--output %s: this file exists already; name another, or delete it", file);
    }
  }

  /**
   * Refuses the job file if a path is one that the next run would read as a part of the corpus, or
   * holds the corpus.
   *
   * @param path the job file, or the output of its job beside it
   */
  private void requireApart(JobProposal proposal, Path path) throws IOException {
    try {
      CorpusPlanner.requireApart(
          proposal.settings(), proposal.survey().files(), path.toAbsolutePath().toString());
    } catch (CorpusException e) {
      throw wrongUsage("--output %s: %s", output, e.getMessage());
    }
  }

  /**
   * A name for the job: that of the folder or file without its endings, for a glob that of the
   * folder before the first name with a special character. Characters other than letters, digits,
   * and {@code ._-} become hyphens, and none begins the name.
   */
  private static String jobName(String located) throws IOException {
    FileStore store = FileStore.of(located);
    String beforeGlob = located.replaceFirst("(^|/)[^/]*[*?\\[{].*", "");
    String named = store.exists(located) ? located : beforeGlob;
    String absolute = store.absolute(named.isEmpty() ? "." : named);
    String plain = absolute.replaceAll("[^\\p{L}\\p{M}\\p{N}/._-]+", "-");
    String path = URI.create(plain).normalize().getPath().replaceFirst("/+$", "");
    String lastName = path.replaceFirst(".*/-*", "");
    String withoutEndings = lastName.replaceFirst("(?<=.)\\..*", ""); // a first dot may stay
    return withoutEndings.isEmpty() ? "corpus" : withoutEndings;
  }

  /**
   * A relative local path as it is seen from a folder; any other location as it is.
   *
   * @param folder null for the working directory
   */
  private static String seenFrom(@Nullable Path folder, String location) {
    if (folder == null || !FileStore.isLocal(location)) {
      return location;
    }
    Path path;
    try {
      path = FileStore.localPath(location);
    } catch (IOException e) {
      throw new UncheckedIOException(location, e);
    }
    return path.isAbsolute()
        ? location
        : folder.relativize(path.toAbsolutePath().normalize()).toString();
  }
}
