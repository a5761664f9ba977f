package org.merganser.cli;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.merganser.dataset.ProgramCommand;

/** Commands of an earlier build, each with advice on what to do instead. */
final class RemovedCommands {
  private static final Map<String, String> INSTEAD =
      Map.ofEntries(
          Map.entry(
              "study",
              "%1$s train --keep-counts once, %1$s train --counts for each size, then"
                  + " %1$s compare A B C … --input TEXTS --html PAGE"),
          Map.entry(
              "rescue",
              "mend the input and run the job again: only the units that changed are read"),
          Map.entry("plan", "%1$s run JOB.yaml --explain"),
          Map.entry(
              "tokenizer",
              "a run writes tokenizer.json and tokenizer.tiktoken into OUT/tokenizer; llama.cpp converts"
                  + " tokenizer.json itself"),
          Map.entry("embeddings near", "sort the rows of the table by cosine in numpy or SQL"),
          Map.entry("embeddings learn", "the key embeddings.learn of a job file"),
          Map.entry("embeddings swap", "%1$s embed OUT --table TABLE"),
          Map.entry(
              "embeddings transplant",
              "copy the rows of the tokens that both vocabularies have, with numpy"));

  private RemovedCommands() {}

  /**
   * Advice on what to do instead of a command.
   *
   * @param command its name after {@code merganser}, such as {@code embeddings near}
   * @return null for a command that never existed
   */
  static @Nullable String instead(String command) {
    String instead = INSTEAD.get(command);
    return instead == null ? null : instead.formatted(ProgramCommand.name());
  }
}
