package org.merganser.corpus.plan;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.SplittableRandom;
import org.merganser.corpus.Compression;
import org.merganser.corpus.InputFile;
import org.merganser.corpus.InputFiles;
import org.merganser.corpus.InputFormat;

/**
 * A corpus that exists as metadata alone, made while it is gone through, the same each time: sizes
 * spread from a quarter to nearly twice the mean, adding up to the bytes that are asked for.
 *
 * @param files how many
 * @param bytes as stored, in all
 */
public record SimulatedCorpus(long files, long bytes, InputFormat format, Compression compression)
    implements Iterable<InputFile> {
  private static final int IN_A_FOLDER = 10_000;

  /** All files at once. */
  public List<InputFile> list() {
    List<InputFile> all = new ArrayList<>();
    forEach(all::add);
    return all;
  }

  @Override
  public Iterator<InputFile> iterator() {
    return new Files();
  }

  private final class Files implements Iterator<InputFile> {
    private final SplittableRandom random = new SplittableRandom(1);
    private long next;
    private long left = bytes;

    @Override
    public boolean hasNext() {
      return next < files;
    }

    @Override
    public InputFile next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      long others = files - next - 1;
      long mean = left / (others + 1);
      long size =
          others == 0
              ? left
              : Math.max(
                  1, Math.min(left - others, (long) (mean * (0.25 + 1.5 * random.nextDouble()))));
      left -= size;
      String path = name(next++);
      return InputFiles.of(path, "s3://corpus/" + path, size, 0, format, compression);
    }

    private String name(long number) {
      String digits = Long.toString(number);
      return "crawl/"
          + number / IN_A_FOLDER
          + "/part-"
          + "0".repeat(Math.max(0, 9 - digits.length()))
          + digits
          + (compression == Compression.NONE ? ".jsonl" : ".jsonl.zst");
    }
  }
}
