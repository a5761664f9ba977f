package org.merganser.pipeline.join;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.merganser.output.OutputListing;
import org.merganser.output.WrittenFile;
import org.merganser.output.receipt.UnitReceipt;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.receipt.Receipts;
import org.merganser.pipeline.output.receipt.ShardSet;
import org.merganser.pipeline.spec.RunKind;
import org.merganser.pipeline.spec.RunSpec;

/**
 * Finds the rows of shards whose last id is that of endOfDocument and is text: the last part of
 * such a document follows in another row, which the shards do not show. The receipts of encoding
 * list these rows ({@link UnitReceipt#textEnds}).
 */
final class TextEnds {
  private final RunSpec spec;

  /**
   * The receipts of an earlier run that list rows, by the sums of their shards; null before the
   * first look-up.
   */
  private @Nullable Map<List<String>, UnitReceipt> earlier;

  TextEnds(RunSpec spec) {
    this.spec = spec;
  }

  /**
   * The rows of these shards, as {@link UnitReceipt#textEnd} names them; empty if the receipts are
   * gone, since somebody deleted the folder {@code run} of an earlier run.
   */
  Set<String> of(ShardSet shards) throws IOException {
    UnitReceipt encoded =
        shards.receipt().isEmpty() ? earlier().get(shards.sums()) : Receipts.read(shards.receipt());
    return encoded == null ? Set.of() : Set.copyOf(encoded.textEnds());
  }

  private Map<List<String>, UnitReceipt> earlier() throws IOException {
    Map<List<String>, UnitReceipt> known = earlier;
    if (known == null) {
      known = readReceipts(runWithReceipts());
      earlier = known;
    }
    return known;
  }

  /** Reads the receipts of encoding that list rows. */
  private static Map<List<String>, UnitReceipt> readReceipts(OutputPaths run) throws IOException {
    Map<List<String>, UnitReceipt> receipts = new HashMap<>();
    for (String path : OutputListing.list(run.root(), OutputPaths.UNITS)) {
      UnitReceipt receipt = path.endsWith(".json") ? Receipts.findReadable(run.at(path)) : null;
      if (receipt != null && !receipt.textEnds().isEmpty()) {
        List<WrittenFile> shards =
            receipt.files().stream().filter(file -> file.path().endsWith(".parquet")).toList();
        receipts.put(ShardSet.of(receipt.unit(), shards, run::at).sums(), receipt);
      }
    }
    return receipts;
  }

  /** The run that encoded the shards; a job with embeddings reads the shards of one run. */
  private OutputPaths runWithReceipts() {
    return spec.kind() instanceof RunKind.FromShards run
        ? run.earlier().get(0)
        : spec.paths().output();
  }
}
