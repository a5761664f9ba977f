package org.merganser.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.merganser.cli.terminal.TerminalText;
import org.merganser.corpus.DeadLetterFile;
import org.merganser.corpus.plan.SkippedInputs;
import org.merganser.message.Plural;
import org.merganser.output.ListedFolders;
import org.merganser.output.OutputFile;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.RunException;
import org.merganser.pipeline.output.StagedFiles;
import org.merganser.text.unicode.Utf8;

/** Prints dead letters: the place of the record, the complete reason, and its bytes as text. */
final class DeadLetterListing {
  /** The end of the names of files with dead letters. */
  static final String SUFFIX = ".jsonl.zst";

  /** The maximum number of bytes of a record that a person sees. */
  private static final int SHOWN_BYTES = 2_000;

  private final PrintWriter out;
  private final boolean jsonl;

  /** The number of dead letters that are still to be printed, at most. */
  private long remaining;

  /**
   * @param out receives the dead letters
   * @param jsonl whether they are printed as JSON lines
   * @param limit the most that are printed by all calls
   */
  DeadLetterListing(PrintWriter out, boolean jsonl, long limit) {
    this.out = out;
    this.jsonl = jsonl;
    this.remaining = limit;
  }

  /**
   * Prints the dead letters of a file, of the files in a folder, or of a run.
   *
   * @throws RunException if a folder has no such files, or a file has other lines
   */
  void print(Path target) throws IOException {
    for (Path file : files(target)) {
      try (var letters = DeadLetterFile.read(file.toAbsolutePath().toString())) {
        while (remaining > 0 && letters.hasNextValue()) {
          printWithinLimit(letters.nextValue(), file);
        }
      }
    }
  }

  /**
   * Prints the dead letters of the new files that wait for a later run, as far as their list has
   * them: the first ones of each file.
   *
   * @param output the output folder of the run
   */
  void printWaiting(Path output) throws IOException {
    Path list = output.resolve(OutputPaths.SKIPPED);
    for (SkippedInputs.Line line : SkippedInputs.read(list.toString())) {
      if (line.letters() != null) {
        for (JsonNode letter : line.letters()) {
          printWithinLimit((ObjectNode) letter, list);
        }
      }
    }
  }

  /**
   * The files of dead letters for a path: the file itself, those in a folder, those that a run has
   * published, or those that wait to be published.
   *
   * @throws RunException if there are none
   */
  private static List<Path> files(Path target) throws IOException {
    if (Files.isRegularFile(target)) {
      return List.of(target);
    }
    Path published = target.resolve(ListedFolders.DEAD_LETTERS);
    List<Path> found = filesIn(Files.isDirectory(published) ? published : target);
    if (found.isEmpty()) {
      found = stagedFiles(target);
    }
    if (found.isEmpty()) {
      throw RunException.wrong(
          "%s: holds no dead letters; name a run's output folder that has a folder %s, or a file in"
              + " it",
          target, ListedFolders.DEAD_LETTERS);
    }
    return found;
  }

  /** The files of dead letters in a folder, sorted; none without the folder. */
  private static List<Path> filesIn(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(SUFFIX)).sorted().toList();
    }
  }

  /**
   * The files of dead letters of a run that has published nothing, such as one that kept no
   * document.
   */
  static List<Path> stagedFiles(Path target) throws IOException {
    OutputPaths paths = OutputPaths.of(target.toString());
    return StagedFiles.paths(paths).stream()
        .filter(path -> OutputFile.of(StagedFiles.place(path)) == OutputFile.DEAD_LETTERS)
        .map(target::resolve)
        .toList();
  }

  /**
   * Prints a dead letter in the form that was asked for; does nothing once the limit is reached.
   *
   * @param file with the letter
   * @throws RunException for an object that is no dead letter
   */
  private void printWithinLimit(ObjectNode letter, Path file) throws IOException {
    if (remaining == 0) {
      return;
    }
    remaining--;
    byte[] raw = letter.path("raw").binaryValue();
    if (raw == null) {
      throw RunException.wrong(
          "%s: has a line that is no dead letter, since it has no member \"raw\"; name a file of"
              + " the folder %s of a run",
          file, ListedFolders.DEAD_LETTERS);
    }
    if (jsonl) {
      printJson(letter, raw);
    } else {
      printText(letter, raw);
    }
  }

  /** Prints a dead letter as a JSON line, with its bytes also as text if they are UTF-8. */
  private void printJson(ObjectNode letter, byte[] raw) {
    if (Utf8.firstIllFormed(raw, 0, raw.length) < 0) {
      letter.put("text", new String(raw, StandardCharsets.UTF_8));
    }
    out.println(letter);
  }

  /** Prints a dead letter for a person, with the beginning of its bytes. */
  private void printText(ObjectNode letter, byte[] raw) {
    out.printf(
        Locale.ROOT,
        "== %s, record %,d at byte %,d, %s: %s%n",
        TerminalText.line(letter.path("file").asText()),
        letter.path("record").asLong(),
        letter.path("offset").asLong(),
        Plural.of(letter.path("length").asLong(), "byte"),
        letter.path("reason").asText());
    JsonNode part = letter.get("part");
    if (part != null) {
      out.printf(
          Locale.ROOT,
          "   part %d of the document at byte %,d%n",
          part.asInt(),
          letter.path("document").asLong());
    }
    if (letter.has("records")) {
      out.printf("   counts for %s%n", Plural.of(letter.path("records").asLong(), "record"));
    }
    out.println("   " + TerminalText.line(letter.path("detail").asText()));
    int shown = Math.min(raw.length, SHOWN_BYTES);
    out.println(TerminalText.lossless(raw, shown));
    long more = letter.path("length").asLong() - shown;
    if (more > 0) {
      out.printf("   … %s%n", Plural.of(more, "more byte"));
    }
  }
}
