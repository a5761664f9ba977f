package org.merganser.pipeline.layouts;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.merganser.dataset.UnitReceipt;
import org.merganser.job.JobWriter;
import org.merganser.job.ShardsSection;
import org.merganser.json.Json;
import org.merganser.parquet.ShardException;
import org.merganser.pipeline.output.Fingerprint;
import org.merganser.pipeline.output.OutputLayout;
import org.merganser.pipeline.output.Receipts;
import org.merganser.pipeline.step.LayoutPlan;
import org.merganser.pipeline.step.RunSpec;
import org.merganser.pipeline.step.SplitSide;
import org.merganser.shard.PackFigures;
import org.merganser.store.FileStore;

/**
 * What packing made of the ids: the figures of each unit lie beside its receipt, and are published
 * before it; their sum is a file in the folder of sequences.
 */
final class PackedUnits {
  private final RunSpec spec;
  private final SplitSide side;

  PackedUnits(RunSpec spec, SplitSide side) {
    this.spec = spec;
    this.side = side;
  }

  /** The receipt of a unit that was packed, with its figures; null where either is missing. */
  static @Nullable UnitReceipt find(OutputLayout layout, String fingerprint, int unit)
      throws IOException {
    String location = layout.at(layout.packFigures(fingerprint, unit));
    return FileStore.of(location).exists(location)
        ? Receipts.find(layout, fingerprint, unit)
        : null;
  }

  static void publish(OutputLayout layout, String fingerprint, int unit, PackFigures figures)
      throws IOException {
    Receipts.publish(layout, layout.packFigures(fingerprint, unit), Json.file(figures), 0);
  }

  /**
   * Publishes the sum of all units.
   *
   * @param receipts locations of the receipts of what packed the units
   * @return the location of its own receipt; empty where nothing was packed
   */
  List<String> sum(List<String> receipts) throws IOException {
    if (receipts.isEmpty()) {
      return List.of();
    }
    PackFigures sum = PackFigures.ZERO;
    for (String receipt : receipts) {
      String fingerprint = UnitReceipt.fingerprintOf(receipt);
      String location =
          spec.layout().at(spec.layout().packFigures(fingerprint, UnitReceipt.unitOf(receipt)));
      byte[] json = FileStore.of(location).readAll(location);
      sum = sum.plus(Json.read(json, PackFigures.class, location, ShardException::new));
    }
    return List.of(publish(sum));
  }

  private String publish(PackFigures sum) throws IOException {
    ShardsSection.Pack pack = spec.job().shards().pack();
    String path = OutputLayout.packing(LayoutPlan.packedFolder(side));
    ObjectNode json = Json.MAPPER.createObjectNode();
    json.set("pack", JobWriter.sectionTree(pack));
    json.set("figures", Json.MAPPER.valueToTree(sum));
    return Receipts.publishAfterAllUnits(
        spec.layout(),
        "packing",
        Fingerprint.of("packing", path, json),
        () -> new TreeMap<>(Map.of(path, Json.file(json))));
  }
}
