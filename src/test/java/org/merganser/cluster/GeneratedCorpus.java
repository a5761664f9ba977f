package org.merganser.cluster;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/** JSON lines of made-up words in several scripts, the same for the same seed. */
final class GeneratedCorpus {
  private static final String[] SCRIPTS = {
    "abcdefghijklmnopqrstuvwxyz", "абвгдежзиклмнопрст", "αβγδεζηθικλμνξοπρσ", "一二三四五六七八九十百千"
  };

  private GeneratedCorpus() {}

  /** Writes {@code files} files of about {@code bytes} bytes each, and a job over them. */
  static Path job(Path folder, int files, int bytes, long seed) throws IOException {
    Random random = new Random(seed);
    Path corpus = Files.createDirectories(folder.resolve("corpus"));
    for (int file = 0; file < files; file++) {
      try (Writer out = Files.newBufferedWriter(corpus.resolve("part-" + file + ".jsonl"))) {
        for (int written = 0, line = 0; written < bytes; line++) {
          String text = document(random);
          out.write(
              "{\"id\":\"%d-%d\",\"text\":\"%s\",\"lang\":\"x%d\"}\n"
                  .formatted(file, line, text, line % 3));
          written += 2 * text.length();
        }
      }
    }
    return Files.writeString(
        folder.resolve("job.yaml"),
        """
        corpus:
          inputs: [ %s ]
          format: jsonl
        tokenizer:
          train:
            vocabSize: 1200
            pattern: o200k
            specialTokens: [ "<|endoftext|>", "<|pad|>" ]
        shards:
          endOfDocument: "<|endoftext|>"
          groupBy: lang
          formats: [ parquet, megatron ]
        output: %s
        """
            .formatted(corpus, folder.resolve("out")));
  }

  private static String document(Random random) {
    StringBuilder text = new StringBuilder();
    String script = SCRIPTS[random.nextInt(SCRIPTS.length)];
    int words = 20 + random.nextInt(300);
    for (int word = 0; word < words; word++) {
      int length = 1 + random.nextInt(7);
      for (int i = 0; i < length; i++) {
        text.append(
            script.charAt((int) (random.nextDouble() * random.nextDouble() * script.length())));
      }
      text.append(random.nextInt(12) == 0 ? ". " : " ");
    }
    return text.toString();
  }
}
