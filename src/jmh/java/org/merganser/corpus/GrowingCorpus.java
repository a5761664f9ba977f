package org.merganser.corpus;

import com.github.luben.zstd.ZstdOutputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Writes a corpus of any size whose distinct words grow as those of real text do: 3.45 ·
 * bytes^0.62, the law that docs/scaling.md uses. A corpus that is made larger by repeating its
 * files does not have that growth. A word that is not new is drawn from those before it, early ones
 * more often (Zipf's law). The same arguments give the same bytes of text.
 *
 * <p>{@code ./merganser bench growth --growing} measures on it.
 */
public final class GrowingCorpus {
  private static final long SEED = 20261124;
  private static final String CONSONANTS = "bcdfghklmnprstvwz";
  private static final String VOWELS = "aeiou";

  private final SplittableRandom random = new SplittableRandom(SEED);

  /** The text of the current document. */
  private byte[] text = new byte[1 << 14];

  private long bytes;
  private long words;

  private GrowingCorpus() {}

  /**
   * Writes the corpus as {@code part-000.jsonl.zst} and so on; 12 GB take about three minutes.
   *
   * @param bytes of all text; the last document may exceed them
   * @param eachFile the bytes of text in a file, likewise
   */
  public static void write(long bytes, long eachFile, Path folder) throws IOException {
    new GrowingCorpus().writeFiles(bytes, eachFile, folder);
  }

  private void writeFiles(long total, long eachFile, Path folder) throws IOException {
    for (int file = 0; bytes < total; file++) {
      Path path = folder.resolve(String.format(Locale.ROOT, "part-%03d.jsonl.zst", file));
      try (OutputStream out =
          new BufferedOutputStream(new ZstdOutputStream(Files.newOutputStream(path), 1), 1 << 16)) {
        long end = Math.min(total, bytes + eachFile);
        while (bytes < end) {
          int length = document();
          out.write("{\"text\":\"".getBytes(StandardCharsets.US_ASCII));
          out.write(text, 0, length);
          out.write("\"}\n".getBytes(StandardCharsets.US_ASCII));
          bytes += length;
        }
      }
    }
  }

  /** Makes the text of a document; returns its length. */
  private int document() {
    int wanted = 400 + random.nextInt(8000);
    int length = 0;
    while (length < wanted) {
      byte[] word = word(nextWord(bytes + length));
      if (length + word.length >= text.length) {
        text = Arrays.copyOf(text, 2 * text.length);
      }
      System.arraycopy(word, 0, text, length, word.length);
      length += word.length;
      text[length++] = (byte) (random.nextInt(12) == 0 ? ',' : ' ');
    }
    return length;
  }

  /** The number of the next word after {@code before} bytes of text. */
  private long nextWord(long before) {
    if (words < 3.45 * Math.pow(before + 1, 0.62)) {
      return words++;
    }
    return (long) (Math.exp(random.nextDouble() * Math.log(words + 1)) - 1);
  }

  /** The word with a number: consonants and vowels in turn. */
  private static byte[] word(long number) {
    byte[] word = new byte[24];
    int length = 0;
    for (long rest = number; length < 4 || rest > 0; ) {
      word[length++] = (byte) CONSONANTS.charAt((int) (rest % CONSONANTS.length()));
      rest /= CONSONANTS.length();
      word[length++] = (byte) VOWELS.charAt((int) (rest % VOWELS.length()));
      rest /= VOWELS.length();
    }
    return Arrays.copyOf(word, length);
  }
}
