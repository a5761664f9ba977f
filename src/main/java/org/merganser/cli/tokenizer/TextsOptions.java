package org.merganser.cli.tokenizer;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.cli.job.CorpusOptions;
import org.merganser.corpus.CorpusInput;
import org.merganser.corpus.CorpusSettings;
import org.merganser.corpus.DocumentHandler;
import org.merganser.corpus.InputFormat;
import org.merganser.corpus.WorkUnit;
import org.merganser.corpus.plan.CorpusPlanner;
import org.merganser.corpus.read.UnitReader;
import picocli.CommandLine.Option;

/** The flags of a command that reads texts itself, without a run. */
final class TextsOptions {
  private static final long MOST_DOCUMENT_BYTES = 64L << 20;

  @Option(
      names = "--input",
      arity = "1..*",
      paramLabel = "GLOB",
      description = "Files, folders and globs with the texts. May be repeated.")
  private List<String> inputs = new ArrayList<>();

  @Option(
      names = "--format",
      completionCandidates = CorpusOptions.Formats.class,
      description = "One of ${COMPLETION-CANDIDATES} (auto).")
  private InputFormat format = InputFormat.AUTO;

  @Option(names = "--text-field", description = "Field path of the text (${DEFAULT-VALUE}).")
  private String textField = "text";

  @Option(names = "--id-field", description = "Field path of the id (${DEFAULT-VALUE}).")
  private String idField = "id";

  /** Whether texts are given. */
  public boolean isGiven() {
    return !inputs.isEmpty();
  }

  /**
   * Passes all documents and dead letters to the handler, in the order of the files.
   *
   * @param groupBy field path of a document's group; null without groups
   */
  public void read(DocumentHandler handler, @Nullable String groupBy) throws IOException {
    CorpusSettings settings =
        new CorpusSettings(
            CorpusInput.of(inputs),
            format,
            textField,
            idField,
            groupBy,
            MOST_DOCUMENT_BYTES,
            MOST_DOCUMENT_BYTES,
            CorpusSettings.InvalidUtf8.DEAD_LETTER);
    UnitReader reader = new UnitReader(settings, null);
    for (WorkUnit unit : CorpusPlanner.plan(CorpusPlanner.list(settings))) {
      reader.read(unit, handler);
    }
  }
}
