package org.merganser.pipeline.train;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Locale;
import org.merganser.bpe.train.TrainingBound;
import org.merganser.job.TrainSection;
import org.merganser.json.Json;
import org.merganser.pipeline.output.OutputLayout;
import org.merganser.pipeline.output.UnitFiles;
import org.merganser.store.FileStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The memory that a training may use on this worker, and the report of what was left out for lack
 * of memory. Such a cut is the one thing in which an output depends on more than input and job. It
 * is never silent: the report is beside tokenizer.json as {@value #CUT} and is listed in the
 * manifest, and its minimum count gives the same vocabulary on every machine.
 */
final class TrainingMemory {
  /** The report of a cut for lack of memory, in the tokenizer's folder. */
  static final String CUT = "training-cut.json";

  private static final Logger LOG = LoggerFactory.getLogger(TrainingMemory.class);

  /** The share of the free heap that training uses; the rest is for building the tokenizer. */
  private static final double SHARE = 0.8;

  /** Up to this estimate in bytes, the words surely fit into one array of cells. */
  private static final long ARRAY_LIMIT = 9_500_000_000L;

  private TrainingMemory() {}

  /** The bound of this JVM: the limits of the job, and four fifths of the heap that is free now. */
  static TrainingBound bound(TrainSection train) {
    return bound(train.merging().minPretokenCount());
  }

  /**
   * The same bound for counts of other things than pretokens.
   *
   * @param minimumCount items that occur less often are left out in any case
   */
  static TrainingBound bound(long minimumCount) {
    Runtime heap = Runtime.getRuntime();
    long free = heap.maxMemory() - (heap.totalMemory() - heap.freeMemory());
    if (free < heap.maxMemory() / 2) {
      System.gc(); // garbage of the stages before counts as used until then
      free = heap.maxMemory() - (heap.totalMemory() - heap.freeMemory());
    }
    return new TrainingBound(
        minimumCount, Long.MAX_VALUE, Math.min(ARRAY_LIMIT, (long) (SHARE * free)));
  }

  /** Whether more was left out than the job asks for. */
  static boolean forced(TrainingBound.Cut cut, TrainSection train) {
    return cut.minimumCount() > train.merging().minPretokenCount() && cut.cutDistinct() > 0;
  }

  /**
   * Writes the report into {@code run/training.json}. If memory forced a cut, also writes the
   * report of the cut beside the tokenizer and logs a warning.
   */
  static void report(
      TrainingBound.Cut cut,
      TrainingBound bound,
      TrainSection train,
      OutputLayout to,
      UnitFiles files)
      throws IOException {
    ObjectNode account = account(cut);
    if (forced(cut, train)) {
      files.write(to.tokenizerFile(CUT), json(account));
      LOG.warn(
          "tokenizer.train: {} distinct pretokens do not fit {} bytes; those that occur less than {}"
              + " times were left out: {} of them, {} % of all occurrences. A larger heap keeps"
              + " them; tokenizer.train.minPretokenCount: {} gives the same vocabulary anywhere",
          cut.keptDistinct() + cut.cutDistinct(),
          bound.maxBytes(),
          cut.minimumCount(),
          cut.cutDistinct(),
          String.format(Locale.ROOT, "%.4f", 100 * share(cut)),
          cut.minimumCount());
    }
    account.put("memoryBytes", bound.maxBytes());
    account.put("forcedByMemory", forced(cut, train));
    publish(to, account);
  }

  static ObjectNode account(TrainingBound.Cut cut) {
    ObjectNode account = Json.MAPPER.createObjectNode();
    account.put("minimumCount", cut.minimumCount());
    account.put("distinctPretokens", cut.keptDistinct());
    account.put("occurrences", cut.keptMass());
    account.put("distinctLeftOut", cut.cutDistinct());
    account.put("occurrencesLeftOut", cut.cutMass());
    account.put("shareLeftOut", share(cut));
    return account;
  }

  private static double share(TrainingBound.Cut cut) {
    double all = (double) cut.keptMass() + cut.cutMass();
    return all == 0 ? 0 : cut.cutMass() / all;
  }

  static byte[] json(ObjectNode account) throws IOException {
    return Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(account);
  }

  static void publish(OutputLayout to, ObjectNode account) throws IOException {
    String location = to.at(to.training());
    byte[] json = json(account);
    FileStore.of(location).publish(location, out -> out.write(json));
  }
}
