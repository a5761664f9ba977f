package org.merganser.cli.tokenizer;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.checksum.WholeFile;
import org.merganser.cli.job.CorpusOptions;
import org.merganser.cli.job.ExitCode;
import org.merganser.cli.job.FiguresCommand;
import org.merganser.cli.job.FileArgument;
import org.merganser.cli.job.WrittenPath;
import org.merganser.json.Json;
import org.merganser.report.page.ComparisonPage;
import org.merganser.report.statistics.NamedTokenizer;
import org.merganser.report.statistics.VocabularyComparison;
import org.merganser.store.FileStore;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The command {@code compare}: figures of several tokenizers on the same texts. */
@Command(
    name = "compare",
    description =
        "Compare tokenizers on the same texts. The figures are rows, bytes per token and token "
            + "cost by group. --json and --html also show how each other tokenizer differs "
            + "from the first: tokens that only one has, and kinds of text.",
    footer =
        """
        Example: ${ROOT-COMMAND-NAME} compare sample=target/sample tutorial=target/tutorial \\
                   --input sample-data/corpus --group-by lang --html target/compared.html
        """)
public final class CompareCommand extends FiguresCommand {
  @Parameters(
      arity = "1..*",
      converter = FileArgument.NamedTokenizer.class,
      paramLabel = "[NAME=]TOKENIZER",
      description =
          "A tokenizer.json, a folder with one, or a run's output folder; the result "
              + "has NAME, or the path without one.")
  private List<FileArgument.Named> files = new ArrayList<>();

  @Mixin private CorpusOptions input = new CorpusOptions();

  @Option(names = "--group-by", paramLabel = "FIELD", description = "${bundle:key.shards.groupBy}")
  private @Nullable String groupBy;

  @Option(
      names = "--dim",
      paramLabel = "N",
      description =
          "Also show the number of parameters of an embedding table with N floats in a row.")
  private @Nullable Integer dim;

  @Option(
      names = "--html",
      converter = FileArgument.Location.class,
      paramLabel = "FILE",
      description = "Write a page.")
  private @Nullable String html;

  @Override
  public Integer call() throws IOException {
    checkOptions();
    List<NamedTokenizer> tokenizers = new ArrayList<>();
    for (FileArgument.Named named : files) {
      tokenizers.add(NamedTokenizer.read(WholeFile.read(named.file()), named.name()));
    }
    boolean grouped = groupBy != null;
    MeasuredTexts texts = new MeasuredTexts(tokenizers, grouped);
    input.readDocuments(texts, groupBy);
    VocabularyComparison compared = texts.compare(dim);
    if (json) {
      printJson(Json.MAPPER.valueToTree(compared));
    } else {
      new ComparisonTable(compared, out()).print();
    }
    if (html != null) {
      FileStore.publish(html, ComparisonPage.of(compared, tokenizers));
    }
    return ExitCode.DONE.code();
  }

  /** Refuses missing arguments, wrong values, and a page in the place of something else. */
  private void checkOptions() throws IOException {
    if (!input.hasInput()) {
      throw wrongUsage("--input is missing: the texts on which tokenizers are compared");
    }
    if (files.size() < 2) {
      throw wrongUsage("a tokenizer is missing: compare takes two or more");
    }
    if (dim != null && dim < 1) {
      throw wrongUsage("--dim " + dim + ": must be at least 1");
    }
    if (html != null) {
      new WrittenPath("--html", html)
          .requireOutsideOfOutputs()
          .requireApartFrom(files.stream().map(FileArgument.Named::file).toList())
          .requireApartFrom(input.corpusSettings(groupBy))
          .requireReplaceable(
              new WrittenPath.Kind("a page that compare wrote", ComparisonPage::isPage));
    }
  }
}
