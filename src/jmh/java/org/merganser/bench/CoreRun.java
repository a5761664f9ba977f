package org.merganser.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.merganser.bpe.IdBuffer;
import org.merganser.bpe.count.PackedCounts;
import org.merganser.bpe.count.PretokenCounts;
import org.merganser.bpe.train.TrainedBpe;
import org.merganser.bpe.train.TrainingBound;
import org.merganser.embedding.EmbeddingTable;
import org.merganser.embedding.Pooling;
import org.merganser.tokenizer.Encoder;
import org.merganser.tokenizer.SpecialText;
import org.merganser.tokenizer.Tokenizer;
import org.merganser.tokenizer.TrainingPretokenizer;

/**
 * What a whole job does, by the core alone: counts, learns, encodes and pools documents that lie in
 * memory, on some threads, in a JVM of its own that has compiled nothing before. What a job costs
 * more is Beam, reading and writing.
 */
final class CoreRun {
  private final int threads;
  private final List<byte[]> documents;
  private final int copies;

  /**
   * @param wallSeconds from the text in memory to the last vector
   * @param cpuSeconds of all threads of the process in that time, compilers and collectors too
   */
  record Cost(double wallSeconds, double cpuSeconds, long bytes, long documents, long tokens) {}

  private CoreRun(int threads, List<byte[]> documents, int copies) {
    this.threads = threads;
    this.documents = documents;
    this.copies = copies;
  }

  /** Result file, threads, copies, pattern, vocabulary, table, folder for its flat file, inputs. */
  public static void main(String[] args) throws IOException, InterruptedException {
    List<byte[]> documents =
        BenchCorpus.documents(List.of(args).subList(7, args.length), Long.MAX_VALUE);
    CoreRun core = new CoreRun(Integer.parseInt(args[1]), documents, Integer.parseInt(args[2]));
    BenchJob job = new BenchJob(args[3], Integer.parseInt(args[4]));
    long wall = System.nanoTime();
    long cpu = Meter.processNanos();
    long tokens = core.run(job, Path.of(args[5]), Path.of(args[6]));
    Cost cost =
        new Cost(
            (System.nanoTime() - wall) / 1e9,
            (Meter.processNanos() - cpu) / 1e9,
            core.copies * documents.stream().mapToLong(document -> document.length).sum(),
            (long) core.copies * documents.size(),
            tokens);
    new ObjectMapper().writeValue(Path.of(args[0]).toFile(), cost);
  }

  private long run(BenchJob job, Path table, Path scratch) throws InterruptedException {
    List<byte[]> blocks = new ArrayList<>();
    each(
        () -> {
          PretokenCounts counts = new PretokenCounts();
          TrainingPretokenizer pretokenizer = job.newPretokenizer();
          return new Part() {
            @Override
            public void document(byte[] text) {
              pretokenizer.split(text, 0, text.length, counts::addAll);
            }

            @Override
            public void end() {
              byte[][] packed = counts.pack(1);
              synchronized (blocks) {
                blocks.addAll(Arrays.asList(packed));
              }
            }
          };
        });
    TrainedBpe trained =
        job.newTrainer()
            .train(
                visitor -> PackedCounts.merge(blocks, visitor), TrainingBound.NONE, learned -> {})
            .trained();
    Tokenizer tokenizer = job.tokenizer(trained);
    EmbeddingTable vectors = EmbeddingTable.open(0, table, scratch);
    AtomicLong tokens = new AtomicLong();
    each(
        () -> {
          Encoder encoder = tokenizer.newEncoder(SpecialText.TEXT);
          Pooling pooling = new Pooling(vectors);
          IdBuffer ids = new IdBuffer(1 << 16);
          float[] vector = new float[vectors.dim()];
          return new Part() {
            private long seen;

            @Override
            public void document(byte[] text) {
              ids.clear();
              encoder.encode(text, 0, text.length, ids);
              pooling.pool(ids.ids(), ids.size(), vector);
              seen += ids.size();
            }

            @Override
            public void end() {
              tokens.addAndGet(seen);
            }
          };
        });
    return tokens.get();
  }

  /** What a thread does with the documents that it gets. */
  private interface Part {
    void document(byte[] text);

    void end();
  }

  /** Makes one on its thread. */
  @FunctionalInterface
  private interface Parts {
    Part begin();
  }

  /** Passes all documents, sixteen at a time, to the threads. */
  private void each(Parts parts) throws InterruptedException {
    AtomicInteger next = new AtomicInteger();
    int all = Math.multiplyExact(copies, documents.size());
    List<Thread> running = new ArrayList<>();
    List<Throwable> failures = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      Thread thread =
          new Thread(
              () -> {
                Part part = parts.begin();
                for (int at = next.getAndAdd(16); at < all; at = next.getAndAdd(16)) {
                  for (int k = at; k < Math.min(at + 16, all); k++) {
                    part.document(documents.get(k % documents.size()));
                  }
                }
                part.end();
              });
      thread.setUncaughtExceptionHandler(
          (failed, e) -> {
            synchronized (failures) {
              failures.add(e);
            }
          });
      thread.start();
      running.add(thread);
    }
    for (Thread thread : running) {
      thread.join();
    }
    if (!failures.isEmpty()) {
      throw new IllegalStateException(failures.get(0));
    }
  }
}
