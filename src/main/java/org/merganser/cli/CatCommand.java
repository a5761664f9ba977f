package org.merganser.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.bpe.IdBuffer;
import org.merganser.checksum.Sha256;
import org.merganser.cli.job.ExitCode;
import org.merganser.cli.job.FileArgument;
import org.merganser.cli.job.MerganserCommand;
import org.merganser.cli.job.OutputArgument;
import org.merganser.cli.terminal.TerminalText;
import org.merganser.cli.tokenizer.TokenJson;
import org.merganser.json.Json;
import org.merganser.message.Phrase;
import org.merganser.message.Plural;
import org.merganser.message.ProgramCommand;
import org.merganser.pipeline.output.OutputFolder;
import org.merganser.pipeline.output.RunException;
import org.merganser.pipeline.output.finished.ReadVersion;
import org.merganser.shard.Piece;
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

  private static final int SHOWN = 2000;
  private static final String READ = "a Parquet shard, or a folder of them";

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
    PrintWriter out = out();
    if (limit < 0) {
      throw wrongUsage("--limit is %d: it is a number of rows", limit);
    }
    Path target = Path.of(run.or(argument, READ));
    if (deadLetters || target.toString().endsWith(DeadLetterListing.SUFFIX)) {
      if (document != null || tokenizer != null) {
        throw wrongUsage("--doc and --tokenizer are for shards; dead letters have no ids");
      }
      DeadLetterListing listing = new DeadLetterListing(out, jsonl, limit);
      if (waiting) {
        listing.printWaiting(target);
      } else {
        listing.print(target);
      }
      return ExitCode.DONE.code();
    }
    if (waiting) {
      throw wrongUsage("--waiting is for --dead-letters");
    }
    String output = OutputFolder.around(target.resolve("shard").toString());
    if (output == null) {
      printRows(target, out);
    } else {
      ReadVersion.of(output).during(() -> printRows(target, out));
    }
    return ExitCode.DONE.code();
  }

  private void printRows(Path target, PrintWriter out) throws IOException {
    List<Path> shards = ShardLookup.shards(target);
    Path json = tokenizer == null ? ShardLookup.tokenizer(shards.get(0)) : tokenizer;
    Tokenizer loaded = Tokenizer.read(json);
    String sha256 = Sha256.of(json);
    long shown = 0;
    ShardRow row = new ShardRow();
    for (Path shard : shards) {
      try (ShardReader in = new ShardReader(shard)) {
        requireTokenizer(in.tokenizerSha256(), sha256, shard, json);
        while (shown < limit && in.next(row)) {
          if (document == null || holds(row, document)) {
            show(row, loaded, out, shard);
            shown++;
          }
        }
      }
    }
    if (document != null && shown == 0) {
      throw RunException.wrong(
          "%s: no row holds document \"%s\" in %s",
          target, document, Plural.of(shards.size(), "file"));
    }
  }

  private static boolean holds(ShardRow row, String document) {
    return row.pieces.isEmpty()
        ? row.docId.equals(document)
        : row.pieces.stream().anyMatch(piece -> piece.docId().equals(document));
  }

  private static void requireTokenizer(String made, String given, Path shard, Path json) {
    if (!made.isEmpty() && !made.equals(given)) {
      throw RunException.wrong(
          "%s: was made with the tokenizer of sha256 %s, but %s has %s; name the right one with"
              + " --tokenizer",
          shard, made, json, given);
    }
  }

  private void show(ShardRow row, Tokenizer loaded, PrintWriter out, Path shard) {
    IdBuffer ids = new IdBuffer(Math.max(1, row.count));
    for (int i = 0; i < row.count; i++) {
      int id = row.ids[i];
      if (id < 0 || loaded.token(id) == null) {
        throw RunException.wrong(
            "%s: document \"%s\" has id %s at %s, which is none of this tokenizer's; name the"
                + " right one with --tokenizer",
            shard, row.docId, id, i);
      }
      ids.add(id);
    }
    byte[] bytes = loaded.decode(ids, false);
    if (jsonl) {
      out.println(TokenJson.withText(line(row), bytes));
      return;
    }
    out.print(heading(row));
    int[] mask = row.mask;
    if (mask == null || row.count == 0) {
      print(bytes, row, out);
      return;
    }
    for (int from = 0; from < row.count; ) {
      IdBuffer segment = new IdBuffer(16);
      int to = from;
      while (to < row.count && mask[to] == mask[from]) {
        segment.add(row.ids[to++]);
      }
      out.println("-- from " + from + ": " + (mask[from] != 0 ? "loss" : "no loss"));
      print(loaded.decode(segment, false), row, out);
      from = to;
    }
  }

  @SuppressWarnings("SystemConsoleNull") // from JDK 22 on the test is another one
  private static boolean isTerminal() {
    return System.console() != null;
  }

  private void print(byte[] bytes, ShardRow row, PrintWriter out) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    String all = ProgramCommand.line("cat", run.or(argument, READ), "--doc", row.docId) + " | less";
    out.println(isTerminal() ? beginning(text, SHOWN, all) : text);
  }

  /** The beginning of a text for a terminal, and the command that shows all of it. */
  static String beginning(String text, int most, String all) {
    if (text.length() <= most) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most;
    return Phrase.of(
        "%s…%n-- %,d more characters: %s", text.substring(0, end), text.length() - end, all);
  }

  private static String heading(ShardRow row) {
    StringBuilder heading = new StringBuilder();
    heading.append("== " + TerminalText.line(row.docId) + ": " + Plural.of(row.count, "id"));
    if (row.mask != null) {
      heading.append(", ").append(Arrays.stream(row.mask, 0, row.count).sum()).append(" with loss");
    }
    if (row.pieces.isEmpty()) {
      heading.append(Phrase.of(", %s at %,d", TerminalText.line(row.file), row.offset));
      heading.append(row.part > 0 ? ", part " + row.part : "");
    }
    heading.append('\n');
    for (Piece piece : row.pieces) {
      heading.append(
          Phrase.of(
              "-- from %d: %s, %s at %,d, from its id %d%n",
              piece.start(),
              TerminalText.line(piece.docId()),
              TerminalText.line(piece.file()),
              piece.offset(),
              piece.position()));
    }
    return heading.toString();
  }

  private static ObjectNode line(ShardRow row) {
    ObjectNode line = Json.MAPPER.createObjectNode();
    line.put("doc_id", row.docId);
    line.put("file", row.file);
    line.put("offset", row.offset);
    line.put("part", row.part);
    for (Piece piece : row.pieces) {
      line.withArray("/pieces")
          .addObject()
          .put("start", piece.start())
          .put("doc_id", piece.docId())
          .put("file", piece.file())
          .put("offset", piece.offset())
          .put("part", piece.part())
          .put("position", piece.position());
    }
    for (int i = 0; i < row.count; i++) {
      line.withArray("/ids").add(row.ids[i]);
      if (row.mask != null) {
        line.withArray("/loss_mask").add(row.mask[i]);
      }
    }
    return line;
  }
}
