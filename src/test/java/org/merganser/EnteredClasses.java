package org.merganser;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.merganser.cli.Main;
import org.merganser.pipeline.progress.RunProgress;
import org.merganser.pipeline.progress.StageFigures;
import org.merganser.pipeline.progress.StageMeter;

/**
 * Records which classes of src/main one document enters, in a JVM of its own whose system class
 * loader is {@link RecordingLoader}. Each step runs over few documents and over {@link #MORE} more.
 * A class is on the way of a document if at least nine in ten of the added documents enter it once
 * more. What a process or a work unit enters once, such as the plan, a receipt and the manifest, is
 * not.
 */
public final class EnteredClasses {
  /** The documents of the first run of a step; the second has {@link #MORE} more. */
  private static final int FEW = 10;

  private static final int MORE = 2000;

  /** Also called by the clock of the progress, so their entries say nothing about documents. */
  private static final Set<String> CLOCKED =
      Set.of(StageMeter.class.getName(), StageFigures.class.getName(), RunProgress.class.getName());

  private static final Map<String, LongAdder> ENTRIES = new ConcurrentHashMap<>();

  private EnteredClasses() {}

  /** Called at the beginning of each method of a class of src/main. */
  public static void enter(String topLevel) {
    ENTRIES.computeIfAbsent(topLevel, name -> new LongAdder()).increment();
  }

  /**
   * Writes a line for each step and class to the file {@code args[1]}; works in {@code args[0]}.
   */
  public static void main(String[] args) throws IOException {
    Path folder = Path.of(args[0]);
    Map<String, Map<String, Long>> few = steps(folder.resolve("few"), FEW);
    Map<String, Map<String, Long>> many = steps(folder.resolve("many"), FEW + MORE);
    TreeSet<String> lines = new TreeSet<>();
    many.forEach(
        (step, classes) ->
            classes.forEach(
                (name, entries) -> {
                  long added = entries - few.get(step).getOrDefault(name, 0L);
                  if (added >= MORE * 9 / 10 && !CLOCKED.contains(name)) {
                    lines.add(step + " " + name);
                  }
                }));
    Files.write(Path.of(args[1]), lines);
    System.exit(0); // threads of Beam's runner are left
  }

  /** How often each step entered each class. */
  private static Map<String, Map<String, Long>> steps(Path folder, int documents)
      throws IOException {
    Path corpus = Files.createDirectories(folder).resolve("corpus.jsonl");
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < documents; i++) {
      // Each document has a pretoken and a letter beyond ASCII of its own.
      lines.append("{\"id\": \"d").append(i).append("\", \"text\": \"The caf\u00e9 of ");
      lines.append(word(i)).append(' ').append((char) (0x4e00 + i)).append(".\"}\n");
    }
    Files.writeString(corpus, lines);
    String tokenizer = folder.resolve("tokenizer").toString();
    String shards = folder.resolve("shards").toString();
    String table = folder.resolve("table.parquet").toString();
    String input = corpus.toString();
    Map<String, Map<String, Long>> entries = new TreeMap<>();
    entries.put(
        "train",
        entered(
            "train --input %s --vocab-size 300 --family qwen2 --special-token <|endoftext|>"
                .concat(" --output %s")
                .formatted(input, tokenizer)));
    entries.put(
        "encode",
        entered(
            "encode --input %s --tokenizer %s --end-of-document <|endoftext|> --output %s"
                .formatted(input, tokenizer, shards)));
    entered("embeddings init --tokenizer %s --dim 4 --output %s".formatted(tokenizer, table));
    entries.put(
        "embed",
        entered(
            "embed %s --table %s --outputs rows,pooled,sequence --output %s"
                .formatted(shards, table, folder.resolve("embedded"))));
    return entries;
  }

  private static String word(int number) {
    StringBuilder word = new StringBuilder("word");
    for (int rest = number; rest > 0; rest /= 26) {
      word.append((char) ('a' + rest % 26));
    }
    return word.toString();
  }

  /** Runs a command; returns how often it entered each class. */
  private static Map<String, Long> entered(String command) {
    ENTRIES.clear();
    PrintWriter out = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    int exitCode = Main.run(out, out, command.split(" "));
    if (exitCode != 0) {
      throw new IllegalStateException(command + " ended with exit code " + exitCode);
    }
    Map<String, Long> entries = new TreeMap<>();
    ENTRIES.forEach((name, number) -> entries.put(name, number.sum()));
    return entries;
  }
}
