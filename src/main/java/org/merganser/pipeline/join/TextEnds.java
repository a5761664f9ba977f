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
 * Finds the rows of shards whose last id is text although it is that of endOfDocument. Such a row
 * is a part of a document that continues in another row. A shard does not show where a document
 * continues, so the receipts of encoding list these rows ({@link UnitReceipt#textEnds}).
 */
final class TextEnds {
  private final RunSpec spec;

  /**
   * The receipts with {@link UnitReceipt#textEnds} of an earlier run, by {@link ShardSet#sums};
   * null before the first look-up.
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
        shards.hasReceipt() ? Receipts.read(shards.receipt()) : earlier().get(shards.sums());
    return encoded == null ? Set.of() : Set.copyOf(encoded.textEnds());
  }

  /** The receipts of the earlier run, which the first call reads. */
  private Map<List<String>, UnitReceipt> earlier() throws IOException {
    Map<List<String>, UnitReceipt> known = earlier;
    if (known == null) {
      known = readReceipts(runWithReceipts());
      earlier = known;
    }
    return known;
  }

  /** Reads the receipts of a run that have {@link UnitReceipt#textEnds}. */
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

  /**
   * The run that encoded the shards. JobRules refuses to join the shards of several earlier runs.
   */
  private OutputPaths runWithReceipts() {
    return spec.kind() instanceof RunKind.FromShards run
        ? run.earlier().get(0)
        : spec.paths().output();
  }
}
