package org.merganser.cli.embeddings;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.merganser.cli.job.ExitCode;
import org.merganser.cli.job.FiguresCommand;
import org.merganser.cli.job.FileArgument;
import org.merganser.cli.job.WrittenPath;
import org.merganser.embedding.exchange.EmbeddingExtension;
import org.merganser.embedding.exchange.EmbeddingExtension.Init;
import org.merganser.embedding.exchange.ExtensionReport;
import org.merganser.json.Json;
import org.merganser.pipeline.worker.LocalFiles;
import org.merganser.store.FileStore;
import org.merganser.store.Scratch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code embeddings extend}: builds the table of a vocabulary from that of another one. */
@Command(
    name = "extend",
    description =
        "Build the table of a vocabulary that was extended, trimmed or reordered from the table of"
            + " the old one. Tokens that both have keep their rows bit for bit, whatever their ids."
            + " The command prints which rows are new and what they are made of.",
    footer =
        """
        Examples: ${ROOT-COMMAND-NAME} train --continue target/tutorial --input sample-data/corpus \\
                    --vocab-size 4200 --special-token '<|endoftext|>' --special-token '<|user|>' --output target/longer
                  ${ROOT-COMMAND-NAME} embeddings extend --table target/tutorial --from target/tutorial \\
                    --to target/longer --output target/longer.parquet
        pipelines/tutorial.yaml is the job of target/tutorial.
        """)
final class ExtendCommand extends FiguresCommand {
  /** The kind of file that a table in safetensors may replace. */
  private static final WrittenPath.Kind SAFETENSORS =
      new WrittenPath.Kind(
          "a safetensors file of one or two matrices", EmbeddingExtension::isSafetensors);

  /** The most new rows that are printed without {@code --json}. */
  private static final int MOST_ROWS = 20;

  /** The most parts that are printed of each of these rows. */
  private static final int MOST_PARTS = 8;

  @Option(
      names = "--table",
      required = true,
      converter = FileArgument.Table.class,
      paramLabel = "SRC",
      description =
          "Read the old table: Parquet, safetensors, npy, a model's folder, or a run that has one.")
  private String table = "";

  @Option(
      names = "--from",
      required = true,
      converter = FileArgument.TokenizerPath.class,
      paramLabel = "TOKENIZER",
      description = "Take the old ids from this tokenizer.json or run.")
  private Path oldTokenizer = Path.of("");

  @Option(
      names = "--to",
      required = true,
      converter = FileArgument.TokenizerPath.class,
      paramLabel = "TOKENIZER",
      description = "Take the new ids from this tokenizer.json or run.")
  private Path newTokenizer = Path.of("");

  @Option(
      names = "--init",
      paramLabel = "INIT",
      description =
          "Make the rows of new tokens in this way: mean of the rows of the old ids of "
              + "its bytes, random or zero (mean).")
  private Init init = Init.MEAN;

  @Option(
      names = "--std",
      paramLabel = "N",
      description = "Draw random rows with this standard deviation (${DEFAULT-VALUE}).")
  private double std = 0.02;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Draw random rows with this seed (${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--rows",
      paramLabel = "N",
      description = "Write N rows, with padding (as many as the new ids).")
  private @Nullable Integer rows;

  @Mixin private TensorOption tensor = new TensorOption();

  @Option(
      names = "--head",
      paramLabel = "TENSOR",
      description = "Also extend this tensor, the output head of the model.")
  private @Nullable String head;

  @Mixin private TableOutput output = new TableOutput();

  @Override
  public Integer call() throws IOException {
    boolean toSafetensors = output.location().endsWith(".safetensors");
    checkOptions(toSafetensors);
    WrittenPath.Kind kind = toSafetensors ? SAFETENSORS : EmbeddingsCommand.TABLE;
    String written = output.checkedLocation(kind, table, oldTokenizer, newTokenizer);
    ExtensionReport report = write(written, toSafetensors);
    if (json) {
      ObjectNode figures = Json.MAPPER.createObjectNode().put("output", written);
      figures.put("init", init.name().toLowerCase(Locale.ROOT));
      printJson(figures.setAll((ObjectNode) Json.MAPPER.valueToTree(report)));
    } else {
      print(written, report);
    }
    return ExitCode.DONE.code();
  }

  /** Refuses options without effect, and values that are not allowed. */
  private void checkOptions(boolean toSafetensors) {
    refuseIf(init != Init.RANDOM, "without --init random", "--std", "--seed");
    if (!(std >= 0 && Double.isFinite(std))) {
      throw wrongUsage("--std is %s; it must be a number of at least 0", std);
    }
    if (head != null && !toSafetensors) {
      throw wrongUsage(
          "--head needs an --output that ends in .safetensors; a Parquet table has one matrix");
    }
  }

  /** Writes and publishes the new table; returns what is in it. */
  private ExtensionReport write(String written, boolean toSafetensors) throws IOException {
    EmbeddingExtension.Source source =
        new EmbeddingExtension.Source(LocalFiles.of(table), tensor.name(), head, oldTokenizer);
    EmbeddingExtension.NewRows newRows = new EmbeddingExtension.NewRows(init, std, seed);
    EmbeddingExtension extension =
        new EmbeddingExtension(new EmbeddingExtension.Request(source, newTokenizer, newRows, rows));
    try (FileStore.Draft draft = FileStore.of(written).draft(written)) {
      ExtensionReport report =
          toSafetensors
              ? extension.writeSafetensors(draft.file(), Scratch.folder())
              : extension.writeParquet(draft.file(), Scratch.folder());
      draft.publish();
      return report;
    }
  }

  /** Prints the report for a person. */
  private void print(String written, ExtensionReport report) {
    out().println("Wrote " + written + ":");
    for (ExtensionReport.Tensor matrix : report.tensors()) {
      printLine(
          "  %s: %,d rows of %,d values (%s)",
          matrix.name(), report.rows(), matrix.dim(), matrix.dtype());
    }
    printLine("  kept rows: %,d, of which %,d have another id", report.kept(), report.moved());
    printLine("  old rows without a new id: %,d", report.dropped());
    printLine("  padding rows: %,d", report.padding());
    printNewRows(report);
  }

  /** Prints how many rows are new and how they are made, and the first of them. */
  private void printNewRows(ExtensionReport report) {
    String made =
        switch (init) {
          case MEAN -> ", each the mean of the rows of its parts";
          case RANDOM -> ", random with a standard deviation of " + std;
          case ZERO -> ", all zero";
        };
    printLine("  new rows: %,d%s", report.added(), made);
    report.newRows().stream()
        .limit(MOST_ROWS)
        .forEach(row -> printLine("    #%d %s%s", row.id(), row.token(), parts(row)));
    if (report.newRows().size() > MOST_ROWS) {
      printLine("    … and %,d more; --json lists all", report.newRows().size() - MOST_ROWS);
    }
  }

  /** What a new row is the mean of; "" for none. */
  private static String parts(ExtensionReport.NewRow row) {
    if (row.madeOf().isEmpty()) {
      return "";
    }
    String shown =
        row.madeOf().stream()
            .limit(MOST_PARTS)
            .map(part -> "#" + part.id() + " " + part.token())
            .collect(Collectors.joining(", "));
    int more = row.madeOf().size() - MOST_PARTS;
    return " = " + shown + (more > 0 ? " and " + more + " more" : "");
  }

  private void printLine(String format, Object... values) {
    out().println(String.format(Locale.ROOT, format, values));
  }
}
