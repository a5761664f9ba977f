package org.merganser.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Another tokenizer as a program of its own: {@code COMMAND TOKENIZER.json BEFORE MEASURED IDS}.
 * BEFORE and MEASURED are files of documents: of each its length in bytes as a little-endian 32-bit
 * integer, and its UTF-8. The program writes the ids of the measured documents to IDS, one after
 * the other as little-endian 32-bit integers, and prints, at the end, its {@link Speeds} in JSON.
 */
record PeerProgram(String name, List<String> command) {
  private static final Path NODE_MODULES = Path.of("target/node/node_modules");

  /**
   * MB/s (10^6 bytes) of CPU time on one thread, as {@link OurRuns.Encoding} defines them: of a
   * pass over the measured documents when caches have seen these, when they have seen those before,
   * and when they have seen nothing.
   */
  record Speeds(double again, double warm, double cold) {}

  /** The program of a command whose words are separated by spaces. */
  static PeerProgram of(String name, String command) {
    return new PeerProgram(name, List.of(command.strip().split("\\s+")));
  }

  /** Writes documents in the form that programs read. */
  static void write(Texts texts, Path file) throws IOException {
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
      ByteBuffer length = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
      for (byte[] document : texts.documents()) {
        out.write(length.putInt(0, document.length).array());
        out.write(document);
      }
    }
  }

  /**
   * Runs the program.
   *
   * @param ids the file that the program writes
   * @throws IllegalStateException if the program fails
   */
  Speeds run(Path tokenizer, Path before, Path measured, Path ids)
      throws IOException, InterruptedException {
    List<String> line = new ArrayList<>(command);
    for (Path argument : List.of(tokenizer, before, measured, ids)) {
      line.add(argument.toString());
    }
    Files.deleteIfExists(ids);
    ProcessBuilder builder =
        new ProcessBuilder(line).redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().putIfAbsent("NODE_PATH", NODE_MODULES.toAbsolutePath().toString());
    builder.environment().put("RAYON_NUM_THREADS", "1");
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int exitCode = process.waitFor();
    int json = output.lastIndexOf('{');
    if (exitCode != 0 || json < 0 || !Files.exists(ids)) {
      throw new IllegalStateException(
          "%s: exit code %d, %s ids, and this output of %s:%n%s"
              .formatted(name, exitCode, Files.exists(ids) ? "with" : "no", line, output));
    }
    return new ObjectMapper().readValue(output.substring(json), Speeds.class);
  }

  /** Where the ids of the program differ from ours first; null if they are equal. */
  static String difference(Path theirs, int[] ours) throws IOException {
    byte[] bytes = Files.readAllBytes(theirs);
    int[] ids = new int[bytes.length / 4];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().get(ids);
    int place = Arrays.mismatch(ids, ours);
    return place < 0
        ? null
        : "id %,d of %,d, ours has %,d: %s, ours %s"
            .formatted(
                place,
                ids.length,
                ours.length,
                PairedRuns.at(ids, place),
                PairedRuns.at(ours, place));
  }
}
