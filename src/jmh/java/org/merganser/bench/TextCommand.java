package org.merganser.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bench text}: writes a larger corpus of diverse text, made of a small one. */
@Command(
    name = "merganser bench text",
    mixinStandardHelpOptions = true,
    description =
        "Writes copies of a corpus, in each of which the letters are permuted in another way: words"
            + " differ from copy to copy; lengths, marks and frequencies are those of the corpus.",
    footer = {
      "",
      "Links to the same files are no measure of larger corpora: caches then hold the words of all",
      "text but the first copy's. The letters of a copy depend on its number alone.",
      "",
      "Example: merganser bench text --input '../shared/corpus/*.jsonl.zst' --copies 6 --output"
          + " target/diverse"
    })
final class TextCommand implements Callable<Integer> {
  @Mixin private BenchInputs inputs = new BenchInputs();

  @Option(names = "--copies", description = "How many (${DEFAULT-VALUE}).")
  private int copies = BenchCorpus.COPIES;

  @Option(names = "--output", required = true, description = "A folder that does not exist.")
  private Path output = Path.of("");

  @Override
  public Integer call() throws IOException {
    if (copies < 1 || Files.exists(output)) {
      throw new IllegalArgumentException(
          "--copies is " + copies + ", at least 1 is needed; " + output + " must not exist");
    }
    BenchCorpus.copies(inputs.globs(), copies, output);
    return 0;
  }
}
