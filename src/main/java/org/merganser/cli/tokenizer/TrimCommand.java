package org.merganser.cli.tokenizer;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;
import org.merganser.checksum.Sha256;
import org.merganser.checksum.WholeFile;
import org.merganser.cli.job.ExitCode;
import org.merganser.cli.job.FiguresCommand;
import org.merganser.cli.job.FileArgument;
import org.merganser.json.Json;
import org.merganser.message.Plural;
import org.merganser.pipeline.output.finished.ReadVersion;
import org.merganser.tokenizer.Tokenizer;
import org.merganser.tokenizer.audit.TrimmedVocabulary;
import org.merganser.tokenizer.audit.VocabularyTrim;
import org.merganser.tokenizer.parts.FileVersion;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/**
 * The command {@code trim}: removes the {@link UnwantedTokens} from a vocabulary as far as {@link
 * VocabularyTrim} can, and writes what is left as a {@link TrimmedFolder}.
 */
@Command(
    name = "trim",
    description =
        "Write a tokenizer without some of its tokens. Merges that produce or use "
            + "these tokens are removed, too. Text without these tokens keeps its ids, "
            + "renumbered. Parts of kept tokens, bytes and added tokens are kept.",
    footer =
        """
        Examples: ${ROOT-COMMAND-NAME} trim target/tutorial --remove rare \\
                    --input sample-data/corpus --output target/trimmed
                  ${ROOT-COMMAND-NAME} trim target/tutorial --keep-vocab 1000 --run target/tutorial \\
                    --output target/tutorial-1000
        pipelines/tutorial.yaml is the job of target/tutorial.
        """)
public final class TrimCommand extends FiguresCommand {
  @Parameters(
      converter = FileArgument.TokenizerPath.class,
      paramLabel = "TOKENIZER",
      description = "A tokenizer.json, or a run's output folder.")
  private Path file = Path.of("");

  @Mixin private UnwantedTokens unwanted = new UnwantedTokens();

  @Option(
      names = "--table",
      converter = FileArgument.Table.class,
      paramLabel = "FILE",
      description = "Write the rows of this table for the new ids, as embeddings.parquet.")
  private @Nullable String table;

  @Option(
      names = "--tensor",
      paramLabel = "TENSOR",
      description = "Read this tensor or column of --table (one of the usual names).")
  private @Nullable String tensor;

  @Option(
      names = "--run",
      converter = FileArgument.Location.class,
      paramLabel = "OUT",
      description = "Write the shards of this run, which has this tokenizer, with the new ids.")
  private @Nullable String run;

  @Option(
      names = "--file-version",
      paramLabel = "VERSION",
      description = "Write this version of tokenizer.json (${DEFAULT-VALUE}).")
  private int fileVersion = 1;

  @Mixin private TrimOutput output = new TrimOutput();

  /** The members of {@code --json}, to which each step adds its own; the last one prints them. */
  private final ObjectNode figures = Json.MAPPER.createObjectNode();

  @Override
  public Integer call() throws IOException {
    checkOptions();
    output.requireWritable(
        Arrays.asList(file, unwanted.list(), table, run), unwanted.corpusSettings());
    String ofShards = run;
    if (ofShards == null) {
      trim(null);
    } else {
      ReadVersion.of(ofShards).during(() -> trim(ofShards));
    }
    return ExitCode.DONE.code();
  }

  /** Refuses options that contradict each other, or have no effect. */
  private void checkOptions() {
    unwanted.check();
    if (fileVersion != 1 && fileVersion != 2) {
      throw wrongUsage("--file-version is " + fileVersion + "; it must be 1 or 2");
    }
    refuseIf(table == null, "without --table", "--tensor");
  }

  /**
   * Writes the folder, and prints what was removed.
   *
   * @param ofShards the run whose shards are written with the new ids; null for none
   */
  private void trim(@Nullable String ofShards) throws IOException {
    byte[] tokenizerJson = WholeFile.read(file);
    String sha256 = Sha256.of(tokenizerJson);
    Tokenizer tokenizer = Tokenizer.read(tokenizerJson, file.toString());
    TrimmedVocabulary trimmed = trimVocabulary(tokenizer);
    FileVersion version = FileVersion.of(fileVersion);
    TrimmedFolder folder = TrimmedFolder.begin(output.folder(), trimmed, version, sha256);
    if (ofShards != null) {
      reportShards(folder.rewriteShards(tokenizer, sha256, ofShards));
    }
    if (table != null) {
      folder.selectRows(file, table, tensor);
    }
    folder.writeTokenizer();
    report(trimmed);
  }

  /** The vocabulary without the tokens that the options remove. */
  private TrimmedVocabulary trimVocabulary(Tokenizer tokenizer) throws IOException {
    CountedTexts texts = unwanted.count(tokenizer);
    VocabularyTrim trim = new VocabularyTrim(tokenizer);
    Integer keepVocab = unwanted.keepVocab();
    if (keepVocab != null) {
      return trim.leaving(keepVocab, texts == null ? id -> 0 : texts::uses);
    }
    BitSet ids = unwanted.ids(tokenizer, texts);
    TrimmedVocabulary trimmed = trim.without(ids);
    BitSet mustStay = (BitSet) ids.clone();
    mustStay.andNot(trimmed.removed());
    if (!mustStay.isEmpty()) {
      reportMustStay(mustStay, trim);
    }
    return trimmed;
  }

  /**
   * Reports how many unwanted tokens others need.
   *
   * @throws ParameterException if {@code --ids} lists these tokens
   */
  private void reportMustStay(BitSet mustStay, VocabularyTrim trim) {
    int first = mustStay.nextSetBit(0);
    if (unwanted.list() != null) {
      throw wrongUsage(
          "%s: id %d cannot be removed: %s; leave it out, or list what needs it, too",
          unwanted.list(), first, trim.reason(first));
    }
    figures.put("mustStay", mustStay.cardinality());
    printUnlessJson(
        "%s of these kinds must stay, such as #%d: %s%n",
        Plural.of(mustStay.cardinality(), "token"), first, trim.reason(first));
  }

  /** Reports how many rows have the new ids, and how many of them were encoded again. */
  private void reportShards(TrimmedShards shards) {
    figures
        .putObject("shards")
        .put("rows", shards.rows())
        .put("encodedAgain", shards.rowsEncodedAgain())
        .put("tokensBefore", shards.tokensBefore())
        .put("tokens", shards.tokens());
    printUnlessJson(
        "%s in shards: %,d had tokens that are gone and were encoded again; %,d ids before,"
            + " %,d now%n",
        Plural.of(shards.rows(), "row"),
        shards.rowsEncodedAgain(),
        shards.tokensBefore(),
        shards.tokens());
  }

  /** Reports how many tokens were removed, and prints all figures with {@code --json}. */
  private void report(TrimmedVocabulary trimmed) {
    int removed = trimmed.removed().cardinality();
    int left = trimmed.tokenizer().tokenCount();
    printUnlessJson(
        "Wrote %s: %s removed, %s left%n",
        output.folder(), Plural.of(removed, "token"), Plural.of(left, "token"));
    if (json) {
      figures.put("output", output.folder()).put("removed", removed).put("left", left);
      printJson(figures);
    }
  }

  /** Prints a phrase for a person. */
  private void printUnlessJson(String format, Object... values) {
    if (!json) {
      out().printf(format, values);
    }
  }
}
