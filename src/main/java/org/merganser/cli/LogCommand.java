package org.merganser.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.merganser.cli.job.BeamArguments;
import org.merganser.cli.job.ExitCode;
import org.merganser.cli.job.FiguresCommand;
import org.merganser.cli.job.OutputArgument;
import org.merganser.cli.terminal.TerminalText;
import org.merganser.json.Json;
import org.merganser.message.Plural;
import org.merganser.message.ProgramCommand;
import org.merganser.output.manifest.Totals;
import org.merganser.pipeline.engine.RunnerFlags;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.RunException;
import org.merganser.pipeline.output.version.OutputVersions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Unmatched;

/** The command {@code log}: the versions of an output that {@code corpus.append} made. */
@Command(
    name = "log",
    description =
        "List the versions of a growing output (corpus.append). The newest is first. "
            + "Each line has the name of a version (the SHA-256 of its manifest), files, "
            + "documents and tokens. The folder may be in any file system; Beam's flags "
            + "follow (--awsRegion=...).",
    footer =
        """
        Example: ${ROOT-COMMAND-NAME} log target/sample
        """)
final class LogCommand extends FiguresCommand {
  @Mixin private OutputArgument.Only run = new OutputArgument.Only();

  /** Every unknown flag is Beam's. */
  @Unmatched private List<String> beamFlags = new ArrayList<>();

  @Override
  public Integer call() throws IOException {
    String output = run.get("the output folder of a run");
    RunnerFlags.useFor(output, BeamArguments.of(beamFlags, spec));
    OutputVersions versions = new OutputVersions(OutputPaths.of(output));
    List<OutputVersions.Version> history = versions.history();
    if (history.isEmpty()) {
      throw RunException.wrong("%s: has no version: no run has finished here", output);
    }
    if (json) {
      printVersionsJson(history);
    } else {
      printTable(output, versions, history);
    }
    return ExitCode.DONE.code();
  }

  /** Prints the versions as a JSON object. */
  private void printVersionsJson(List<OutputVersions.Version> history) {
    ArrayNode listed = Json.MAPPER.createArrayNode();
    for (OutputVersions.Version version : history) {
      Totals totals = version.manifest().totals();
      listed
          .addObject()
          .put("sha256", version.sha256())
          .put("parent", version.manifest().parent())
          .put("data", version.manifest().data())
          .put("files", totals.files())
          .put("documents", totals.sums().documents())
          .put("tokens", totals.sums().tokens());
    }
    printJson(Map.of("versions", listed));
  }

  /**
   * Prints a line for each version, and one for each file whose dead letters a person accepted.
   *
   * @throws RunException after the lines, if an older version is missing
   */
  private void printTable(
      String output, OutputVersions versions, List<OutputVersions.Version> history)
      throws IOException {
    PrintWriter out = out();
    out.printf("%-64s %-12s %12s %16s %20s%n", "version", "data", "files", "documents", "tokens");
    for (OutputVersions.Version version : history) {
      Totals totals = version.manifest().totals();
      out.printf(
          Locale.ROOT,
          "%s %.12s %,12d %,16d %,20d%n",
          version.sha256(),
          version.manifest().data(),
          totals.files(),
          totals.sums().documents(),
          totals.sums().tokens());
      acceptedLines(versions, version, history).forEach(out::println);
    }
    String parentOfOldest = history.get(history.size() - 1).manifest().parent();
    if (parentOfOldest != null) {
      throw RunException.changed(
          "%s: the version %s before these is missing or changed; %s lists what is",
          output, parentOfOldest, ProgramCommand.line("verify", output));
    }
  }

  /**
   * A line for each file that a version added and whose dead letters a person accepted.
   *
   * @param history all versions, the newest first
   */
  private static List<String> acceptedLines(
      OutputVersions versions, OutputVersions.Version version, List<OutputVersions.Version> history)
      throws IOException {
    Set<String> pathsOfParent = new HashSet<>();
    int parent = history.indexOf(version) + 1;
    if (parent < history.size()) { // else the version is the oldest
      versions.forEachInput(history.get(parent), line -> pathsOfParent.add(line.path()));
    }
    List<String> lines = new ArrayList<>();
    versions.forEachInput(
        version,
        line -> {
          if (line.isAccepted() && !pathsOfParent.contains(line.path())) {
            lines.add(
                "  accepted: %s, with %s"
                    .formatted(
                        TerminalText.line(line.path()),
                        Plural.of(line.sums().dead(), "dead letter")));
          }
        });
    return lines;
  }
}
