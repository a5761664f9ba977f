package org.merganser.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.checksum.Sha256;
import org.merganser.cli.job.ExitCode;
import org.merganser.cli.job.FileArgument;
import org.merganser.cli.job.MerganserCommand;
import org.merganser.cli.job.OutputArgument;
import org.merganser.message.Plural;
import org.merganser.pipeline.output.OutputFolder;
import org.merganser.pipeline.output.RunException;
import org.merganser.pipeline.output.finished.ReadVersion;
import org.merganser.shard.ShardReader;
import org.merganser.shard.ShardRow;
import org.merganser.tokenizer.Tokenizer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The command {@code cat}: rows of shards, or dead letters, as text or JSON lines. */
@Command(
    name = "cat",
    description =
        "Show the documents of shards, decoded. With a loss mask, the output shows on "
            + "which ids a model is trained. --dead-letters shows the records of a run that "
            + "are not documents: the place, the reason and the bytes of each. A terminal "
            + "shows the beginning of a long text; a pipe receives the complete text.",
    footer =
        """
        Example: ${ROOT-COMMAND-NAME} cat target/sample --limit 3
                 ${ROOT-COMMAND-NAME} cat target/sample/shards/parquet/part-0000000-000.parquet --doc sample-07
        """)
final class CatCommand extends MerganserCommand {
  /** The name of the argument in the error if it is missing. */
  private static final String ARGUMENT = "a Parquet shard, or a folder of them";

  @Mixin private OutputArgument run = new OutputArgument();

  @Parameters(
      arity = "0..1",
      paramLabel = "SHARD|OUT",
      description = "A Parquet shard, a folder of them, or a run's output folder.")
  private @Nullable String argument;

  @Option(
      names = "--tokenizer",
      converter = FileArgument.TokenizerPath.class,
      paramLabel = "TOKENIZER",
      description =
          "Decode with this tokenizer.json, or that of a run (the run that the shard "
              + "belongs to).")
  private @Nullable Path tokenizer;

  @Option(names = "--limit", paramLabel = "N", description = "Show at most this many rows (all).")
  private long limit = Long.MAX_VALUE;

  @Option(
      names = "--doc",
      paramLabel = "ID",
      description = "Show only rows with ids of this document.")
  private @Nullable String document;

  @Option(
      names = "--jsonl",
      description = "Print a JSON object for each row, with the ids, or for each dead letter.")
  private boolean jsonl;

  @Option(names = "--dead-letters", description = "Show dead letters instead.")
  private boolean deadLetters;

  @Option(
      names = "--waiting",
      description = "With --dead-letters, show those of new files that wait for the next run.")
  private boolean waiting;

  @Override
  public Integer call() throws IOException {
    if (limit < 0) {
      throw wrongUsage("--limit is %d: it is a number of rows", limit);
    }
    String location = run.resolve(argument, ARGUMENT);
    Path target = Path.of(location);
    if (deadLetters || target.toString().endsWith(DeadLetterListing.SUFFIX)) {
      printDeadLetters(target);
      return ExitCode.DONE.code();
    }
    if (waiting) {
      throw wrongUsage("--waiting is for --dead-letters");
    }
    Path pathInTarget = target.resolve("shard"); // so that a target that is an output is found, too
    String output = OutputFolder.outputAround(pathInTarget.toString());
    if (output == null) {
      printRows(location);
    } else {
      ReadVersion.of(output).during(() -> printRows(location));
    }
    return ExitCode.DONE.code();
  }

  /** Prints the dead letters of a path, or with {@code --waiting} those of new files. */
  private void printDeadLetters(Path target) throws IOException {
    if (document != null || tokenizer != null) {
      throw wrongUsage("--doc and --tokenizer are for shards; dead letters have no ids");
    }
    DeadLetterListing listing = new DeadLetterListing(out(), jsonl, limit);
    if (waiting) {
      if (!Files.isDirectory(target)) {
        throw wrongUsage("--waiting reads the output folder of a run, and %s is no folder", target);
      }
      listing.printWaiting(target);
    } else {
      listing.print(target);
    }
  }

  /**
   * Prints the rows of all shards for a path, as far as the options want them. All shards are
   * opened, so that one of another tokenizer is an error even after the last row.
   *
   * @throws RunException if a shard was made with another tokenizer, or no row has the document
   */
  private void printRows(String location) throws IOException {
    Path target = Path.of(location);
    List<Path> shards = ShardLookup.shards(target);
    Path tokenizerFile = tokenizer == null ? ShardLookup.tokenizer(shards.get(0)) : tokenizer;
    ShardRowListing listing =
        new ShardRowListing(out(), jsonl, location, Tokenizer.read(tokenizerFile));
    String sha256 = Sha256.of(tokenizerFile);
    long shown = 0;
    ShardRow row = new ShardRow();
    for (Path shard : shards) {
      try (ShardReader in = new ShardReader(shard)) {
        requireTokenizer(in, shard, tokenizerFile, sha256);
        while (shown < limit && in.next(row)) {
          if (document == null || hasIdsOf(document, row)) {
            listing.print(row, shard);
            shown++;
          }
        }
      }
    }
    if (document != null && shown == 0 && limit > 0) {
      throw RunException.wrong(
          "%s: no row holds document \"%s\" in %s",
          target, document, Plural.of(shards.size(), "file"));
    }
  }

  /** Whether a row has ids of a document. */
  private static boolean hasIdsOf(String document, ShardRow row) {
    return row.pieces.isEmpty()
        ? row.docId.equals(document)
        : row.pieces.stream().anyMatch(piece -> piece.docId().equals(document));
  }

  /**
   * Requires that a shard was made with a tokenizer, or does not say with which.
   *
   * @param in the content of the file {@code shard}
   * @param tokenizerFile the tokenizer.json, which has {@code sha256}
   */
  private static void requireTokenizer(
      ShardReader in, Path shard, Path tokenizerFile, String sha256) {
    String ofShard = in.tokenizerSha256();
    if (!ofShard.isEmpty() && !ofShard.equals(sha256)) {
      throw RunException.wrong(
          "%s: was made with the tokenizer of sha256 %s, but %s has %s; name the right one with"
              + " --tokenizer",
          shard, ofShard, tokenizerFile, sha256);
    }
  }
}
