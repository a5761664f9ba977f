package org.merganser.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.merganser.bpe.IdBuffer;
import org.merganser.cli.terminal.TerminalText;
import org.merganser.cli.tokenizer.TokenJson;
import org.merganser.json.Json;
import org.merganser.message.Phrase;
import org.merganser.message.Plural;
import org.merganser.message.ProgramCommand;
import org.merganser.pipeline.output.RunException;
import org.merganser.shard.Piece;
import org.merganser.shard.ShardRow;
import org.merganser.tokenizer.Tokenizer;

/** Prints rows of shards, decoded: as text with a heading, or as JSON lines. */
final class ShardRowListing {
  /** The maximum number of UTF-16 characters of a text that a terminal shows. */
  private static final int SHOWN_CHARS = 2000;

  /** Special tokens are shown, too. */
  private static final boolean SKIP_SPECIAL_TOKENS = false;

  private final PrintWriter out;
  private final boolean jsonl;
  private final String target;
  private final Tokenizer tokenizer;

  /**
   * @param out receives the rows
   * @param jsonl whether they are printed as JSON lines
   * @param target as the user named the shards, for the command that shows a complete text
   * @param tokenizer decodes the ids
   */
  ShardRowListing(PrintWriter out, boolean jsonl, String target, Tokenizer tokenizer) {
    this.out = out;
    this.jsonl = jsonl;
    this.target = target;
    this.tokenizer = tokenizer;
  }

  /**
   * Prints a row.
   *
   * @param shard of the row, for messages
   * @throws RunException for an id without a token
   */
  void print(ShardRow row, Path shard) {
    byte[] text = tokenizer.decode(checkedIds(row, shard), SKIP_SPECIAL_TOKENS);
    if (jsonl) {
      out.println(TokenJson.addText(members(row), text));
      return;
    }
    out.print(heading(row));
    if (row.mask == null || row.count == 0) {
      printText(text, row.docId);
    } else {
      printSegments(row, row.mask);
    }
  }

  /** The ids of a row, each of which has a token. */
  private IdBuffer checkedIds(ShardRow row, Path shard) {
    IdBuffer ids = new IdBuffer(Math.max(1, row.count));
    for (int i = 0; i < row.count; i++) {
      int id = row.ids[i];
      if (id < 0 || tokenizer.token(id) == null) {
        throw RunException.wrong(
            "%s: document \"%s\" has id %s at %s, which is none of this tokenizer's; name the"
                + " right one with --tokenizer",
            shard, row.docId, id, i);
      }
      ids.add(id);
    }
    return ids;
  }

  /** Prints the text of each run of ids with one value in the loss mask. */
  private void printSegments(ShardRow row, int[] mask) {
    int from = 0;
    while (from < row.count) {
      IdBuffer segment = new IdBuffer(16);
      int to = from;
      while (to < row.count && mask[to] == mask[from]) {
        segment.add(row.ids[to]);
        to++;
      }
      out.println("-- from " + from + ": " + (mask[from] != 0 ? "loss" : "no loss"));
      printText(tokenizer.decode(segment, SKIP_SPECIAL_TOKENS), row.docId);
      from = to;
    }
  }

  /** Prints a text, on a terminal its beginning and the command that shows all of it. */
  private void printText(byte[] bytes, String docId) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    if (isTerminal()) {
      String command = ProgramCommand.line("cat", target, "--doc", docId) + " | less";
      out.println(beginning(text, SHOWN_CHARS, command));
    } else {
      out.println(text);
    }
  }

  @SuppressWarnings("SystemConsoleNull") // from JDK 22 on, a console exists without a terminal
  private static boolean isTerminal() {
    return System.console() != null;
  }

  /**
   * The beginning of a text, and the command that shows all of it; a short text alone.
   *
   * @param most the maximum number of UTF-16 characters of the beginning
   */
  static String beginning(String text, int most, String command) {
    if (text.length() <= most) {
      return text;
    }
    boolean cutsPair = Character.isHighSurrogate(text.charAt(most - 1));
    int end = cutsPair ? most - 1 : most;
    return Phrase.of(
        "%s…%n-- %s: %s",
        text.substring(0, end), Plural.of(text.length() - end, "more character"), command);
  }

  /** A line about the row, and one for each piece of a packed one; with their line ends. */
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

  /** The members of a JSON line before the text; a row without ids has neither ids nor a mask. */
  private static ObjectNode members(ShardRow row) {
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
    if (row.count > 0) {
      addAll(line.putArray("ids"), row.ids, row.count);
      if (row.mask != null) {
        addAll(line.putArray("loss_mask"), row.mask, row.count);
      }
    }
    return line;
  }

  private static void addAll(ArrayNode array, int[] values, int count) {
    for (int i = 0; i < count; i++) {
      array.add(values[i]);
    }
  }
}
