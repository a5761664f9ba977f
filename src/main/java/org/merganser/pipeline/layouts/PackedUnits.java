package org.merganser.pipeline.layouts;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import org.merganser.job.JobWriter;
import org.merganser.job.ShardsSection;
import org.merganser.json.Json;
import org.merganser.pipeline.output.Fingerprint;
import org.merganser.pipeline.output.OutputLayout;
import org.merganser.pipeline.output.Receipts;
import org.merganser.pipeline.step.LayoutPlan;
import org.merganser.pipeline.step.RunSpec;
import org.merganser.pipeline.step.SplitSide;
import org.merganser.pipeline.step.Stage;
import org.merganser.pipeline.step.StageMeter;
import org.merganser.pipeline.step.UnitWork;
import org.merganser.shard.PackFigures;

/**
 * What packing made of the ids: the receipt of each unit has its figures, whose sum is a file in
 * the folder of sequences.
 */
final class PackedUnits {
  private final RunSpec spec;
  private final SplitSide side;

  PackedUnits(RunSpec spec, SplitSide side) {
    this.spec = spec;
    this.side = side;
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
      sum = sum.plus(Json.MAPPER.treeToValue(Receipts.read(receipt).figures(), PackFigures.class));
    }
    return List.of(publish(sum));
  }

  private String publish(PackFigures sum) throws IOException {
    ShardsSection.Pack pack = spec.job().shards().pack();
    String path = OutputLayout.packing(LayoutPlan.packedFolder(side));
    ObjectNode json = Json.MAPPER.createObjectNode();
    json.set("pack", JobWriter.sectionTree(pack));
    json.set("figures", Json.MAPPER.valueToTree(sum));
    StageMeter.of(spec.layout(), Stage.PACK).findUnits(1);
    UnitWork work =
        new UnitWork(
            spec.layout(),
            Stage.PACK,
            "packing",
            OutputLayout.AFTER_ALL_UNITS,
            Fingerprint.of("packing", path, json),
            path);
    return work.make(files -> files.write(path, Json.file(json)));
  }
}
