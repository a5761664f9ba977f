package org.merganser.cli.tokenizer;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.merganser.checksum.Sha256;
import org.merganser.checksum.WholeFile;
import org.merganser.cli.job.ExitCode;
import org.merganser.cli.job.FiguresCommand;
import org.merganser.cli.job.FileArgument;
import org.merganser.cli.job.WrittenPath;
import org.merganser.json.Json;
import org.merganser.message.Plural;
import org.merganser.pipeline.output.finished.ReadVersion;
import org.merganser.pipeline.worker.LocalFiles;
import org.merganser.store.FileStore;
import org.merganser.tokenizer.Tokenizer;
import org.merganser.tokenizer.audit.TokenKind;
import org.merganser.tokenizer.audit.TrimmedVocabulary;
import org.merganser.tokenizer.audit.VocabularyAudit;
import org.merganser.tokenizer.audit.VocabularyTrim;
import org.merganser.tokenizer.parts.FileVersion;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/**
 * The command {@code trim}: chooses tokens to remove, of which {@link VocabularyTrim} makes a
 * smaller vocabulary; {@link TrimmedFolder} writes it.
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

  @Option(
      names = "--remove",
      split = ",",
      paramLabel = "KIND",
      description =
          "Remove the tokens of these kinds, unless others need them; audit lists the kinds.")
  private List<TokenKind> kinds = new ArrayList<>();

  @Option(
      names = "--keep-vocab",
      paramLabel = "N",
      description =
          "Keep N tokens, added ones included: those that occur most in --input, else "
              + "those that were learned first.")
  private @Nullable Integer keepVocab;

  @Option(
      names = "--ids",
      paramLabel = "FILE",
      description =
          "Remove the tokens with these ids, one a line. A token that must stay is an error.")
  private @Nullable Path ids;

  @Mixin private AuditOptions options = new AuditOptions();

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

  @Option(
      names = "--output",
      required = true,
      converter = FileArgument.Location.class,
      paramLabel = "FOLDER",
      description = "Write this folder.")
  private String output = "";

  /** The members of {@code --json}, to which each step adds its own; the last one prints them. */
  private final ObjectNode figures = Json.MAPPER.createObjectNode();

  @Override
  public Integer call() throws IOException {
    checkOptions();
    requireWritableOutput();
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
    int ways = (kinds.isEmpty() ? 0 : 1) + (keepVocab == null ? 0 : 1) + (ids == null ? 0 : 1);
    if (ways != 1) {
      throw wrongUsage("one of --remove, --keep-vocab and --ids says what is removed");
    }
    options.check();
    if (ids != null && options.hasInput()) {
      throw wrongUsage("--input has no effect with --ids");
    }
    if (fileVersion != 1 && fileVersion != 2) {
      throw wrongUsage("--file-version is " + fileVersion + "; it must be 1 or 2");
    }
    refuseIf(kinds.isEmpty(), "without --remove", "--rare");
    refuseIf(table == null, "without --table", "--tensor");
  }

  /** Requires a new folder, or one that an earlier {@code trim} wrote, apart from all inputs. */
  private void requireWritableOutput() throws IOException {
    WrittenPath folder = new WrittenPath("--output", output);
    folder
        .requireOutsideOfOutputs()
        .requireNoOutput()
        .requireApartFrom(Arrays.asList(file, ids, table, run))
        .requireApartFrom(options.corpusSettings());
    FileStore store = FileStore.of(output);
    if (store.exists(output) && !store.isFolder(output)) {
      throw wrongUsage("--output %s is a file; name a folder", output);
    }
    requireReplaceable(store);
  }

  /** Refuses a folder with files that {@code trim} did not write. */
  private void requireReplaceable(FileStore store) throws IOException {
    String map = output + "/" + TrimmedFolder.ID_MAP; // marks a folder that trim wrote
    if (store.exists(map) && Files.size(LocalFiles.of(map)) > 0) {
      new WrittenPath("--output", map)
          .requireReplaceable(new WrittenPath.Kind("ids of trim", TrimmedFolder::isIdMap));
    } else if (store.exists(output)
        && !store.listFolder(output, path -> !FileStore.isTemporary(path)).isEmpty()) {
      throw wrongUsage(
          "--output %s is not empty and was not written by trim (its %s is missing or empty);"
              + " name another folder",
          output, TrimmedFolder.ID_MAP);
    }
  }

  /**
   * Writes the folder, and prints what was removed.
   *
   * @param ofShards the run whose shards are written with the new ids; null for none
   */
  private void trim(@Nullable String ofShards) throws IOException {
    byte[] read = WholeFile.read(file);
    String sha256 = Sha256.of(read);
    Tokenizer tokenizer = Tokenizer.read(read, file.toString());
    TrimmedVocabulary trimmed = trimVocabulary(tokenizer);
    FileVersion version = FileVersion.of(fileVersion);
    TrimmedFolder folder = TrimmedFolder.begin(output, trimmed, version, sha256);
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
    CountedTexts texts = options.count(tokenizer);
    VocabularyTrim trim = new VocabularyTrim(tokenizer);
    if (keepVocab != null) {
      return trim.leaving(keepVocab, texts == null ? id -> 0 : texts::uses);
    }
    if (ids != null) {
      return withoutIds(tokenizer, trim, ids);
    }
    return withoutKinds(trim, options.audit(tokenizer, texts));
  }

  /** The vocabulary without {@code --remove}; reports how many of these tokens others need. */
  private TrimmedVocabulary withoutKinds(VocabularyTrim trim, VocabularyAudit audit) {
    BitSet unwanted = new BitSet();
    for (TokenKind kind : kinds) {
      if (!audit.isKnown(kind)) {
        throw wrongUsage("--remove %s needs --input", kind);
      }
      unwanted.or(audit.ids(kind));
    }
    TrimmedVocabulary trimmed = trim.without(unwanted);
    int stay = unwanted.cardinality() - trimmed.removed().cardinality();
    if (stay > 0) {
      unwanted.andNot(trimmed.removed());
      int first = unwanted.nextSetBit(0);
      figures.put("mustStay", stay);
      printUnlessJson(
          "%s of these kinds must stay, such as #%d: %s%n",
          Plural.of(stay, "token"), first, trim.reason(first));
    }
    return trimmed;
  }

  /**
   * The vocabulary without the ids of a file.
   *
   * @throws ParameterException for a line that is no id, and for a token that others need
   */
  private TrimmedVocabulary withoutIds(Tokenizer tokenizer, VocabularyTrim trim, Path list)
      throws IOException {
    BitSet unwanted = readIds(tokenizer, list);
    TrimmedVocabulary trimmed = trim.without(unwanted);
    unwanted.andNot(trimmed.removed());
    if (!unwanted.isEmpty()) {
      int first = unwanted.nextSetBit(0);
      throw wrongUsage(
          "%s: id %d cannot be removed: %s; leave it out, or list what needs it, too",
          list, first, trim.reason(first));
    }
    return trimmed;
  }

  /**
   * The ids of a file with one a line; blank lines are left out.
   *
   * @throws ParameterException for a line that is no id of the tokenizer
   */
  private BitSet readIds(Tokenizer tokenizer, Path list) throws IOException {
    BitSet listed = new BitSet();
    int number = 0;
    for (String line : Files.readAllLines(list, StandardCharsets.UTF_8)) {
      number++;
      if (line.isBlank()) {
        continue;
      }
      int id = line.strip().matches("[0-9]{1,9}") ? Integer.parseInt(line.strip()) : -1;
      if (id < 0 || id >= tokenizer.idBound() || tokenizer.token(id) == null) {
        throw wrongUsage(
            "%s: line %d is \"%s\", which is no id of the tokenizer; each line is one of 0 to %d",
            list, number, line.strip(), tokenizer.idBound() - 1);
      }
      listed.set(id);
    }
    return listed;
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
    Tokenizer kept = trimmed.tokenizer();
    long left = IntStream.range(0, kept.idBound()).filter(kept::hasToken).count();
    printUnlessJson(
        "Wrote %s: %s removed, %s left%n",
        output, Plural.of(removed, "token"), Plural.of(left, "token"));
    if (json) {
      printJson(figures.put("output", output).put("removed", removed).put("left", left));
    }
  }

  /** Prints a phrase for a person. */
  private void printUnlessJson(String format, Object... values) {
    if (!json) {
      out().printf(format, values);
    }
  }
}
