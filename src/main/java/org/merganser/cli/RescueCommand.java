package org.merganser.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.merganser.cli.job.JobCommand;
import org.merganser.cli.job.RunArgument;
import org.merganser.dataset.InputRange;
import org.merganser.dataset.Manifest;
import org.merganser.dataset.Totals;
import org.merganser.job.JobReader;
import org.merganser.pipeline.LearnedRun;
import org.merganser.pipeline.MerganserRun;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rescue OUT}: reads the records that a run could not take once more. */
@Command(
    name = "rescue",
    description =
        "Reads the dead letters of a finished run once more, from its inputs, under other settings,"
            + " and encodes with its tokenizer those that are documents now.",
    footer = {
      "",
      "Example: merganser rescue target/sample --set corpus.invalidUtf8=replace \\",
      "           --output target/sample-rescued"
    })
final class RescueCommand extends JobCommand {
  @Mixin private RunArgument run = new RunArgument();

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "OUT",
      description = "Output folder of the finished run.")
  private @Nullable String argument;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "What is different now: corpus.invalidUtf8=replace. May be repeated.")
  private List<String> overrides = new ArrayList<>();

  @Option(names = "--output", required = true, description = "The folder to write.")
  private String output = "";

  @Override
  public Integer call() throws Exception {
    String finished = run.or(argument, "the output folder of the finished run", spec);
    Manifest manifest = MerganserRun.manifest(finished);
    List<String> settings = new ArrayList<>();
    MerganserRun.job(finished)
        .properties()
        .forEach(key -> settings.add(key.getKey() + "=" + key.getValue()));
    settings.add("tokenizer.train=null");
    settings.add(JobReader.text("tokenizer.load", finished + "/tokenizer/tokenizer.json"));
    settings.add(JobReader.text("corpus.rescueFrom", finished));
    settings.add("corpus.deduplicate=none");
    settings.add("learn=null");
    if (manifest.job().path("embeddings").path("learn").isObject()) {
      // A few rescued documents teach no vectors: they are joined with those of all the others.
      settings.add("embeddings.learn=null");
      settings.add(JobReader.text("embeddings.table", LearnedRun.open(finished).table()));
    }
    settings.add(JobReader.text("output", output));
    settings.addAll(overrides);
    int exitCode = run(settings);
    report(
        manifest.totals(),
        MerganserRun.manifest(output).totals(),
        MerganserRun.rescuedParts(finished, output));
    return exitCode;
  }

  private void report(Totals before, Totals now, long parts) {
    long dead = sum(before);
    long rescued = now.documents() + now.validation().documents() + parts;
    PrintWriter out = flags.forPeople(spec);
    out.printf(
        Locale.ROOT,
        "%nOf %,d dead letters %,d are documents now%s, %,d are still dead, %,d were not looked at"
            + " (parts of documents that are cut elsewhere now) or are not there any more.%n",
        dead,
        rescued,
        parts == 0 ? "" : String.format(Locale.ROOT, " (%,d of them later parts of one)", parts),
        sum(now),
        dead - rescued - sum(now));
    out.flush();
  }

  private static long sum(Totals totals) {
    return InputRange.sum(totals.deadLetters());
  }
}
