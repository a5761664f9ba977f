package org.merganser.pipeline.layouts;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.merganser.dataset.UnitReceipt;
import org.merganser.json.Json;
import org.merganser.pipeline.output.Fingerprint;
import org.merganser.pipeline.output.OutputLayout;
import org.merganser.pipeline.output.Receipts;
import org.merganser.pipeline.step.LayoutPlan;
import org.merganser.pipeline.step.RunSpec;
import org.merganser.pipeline.step.SplitSide;
import org.merganser.pipeline.step.Stage;
import org.merganser.pipeline.step.StageMeter;

/**
 * Writes the file by which {@code datasets.load_from_disk} finds the splits of a folder
 * (datasets/dataset_dict.py): those that have documents.
 */
final class SplitsDescriber {
  private static final String FILE = "dataset_dict.json";

  private final RunSpec spec;
  private final LayoutPlan plan;

  SplitsDescriber(RunSpec spec) {
    this.spec = spec;
    this.plan = LayoutPlan.of(spec);
  }

  /**
   * Names the splits.
   *
   * @param made locations of the receipts of both sides
   * @return the location of the receipt of what was written; empty where there is no split
   */
  List<String> describe(List<String> made) throws IOException {
    List<String> described = new ArrayList<>();
    for (String location : made) {
      if (UnitReceipt.unitOf(location) == OutputLayout.AFTER_ALL_UNITS) {
        Receipts.read(location).files().forEach(file -> described.add(file.path()));
      }
    }
    List<String> splits = new ArrayList<>();
    for (SplitSide side : SplitSide.values()) {
      if (described.contains(plan.splitsFolder() + side.split() + "/state.json")) {
        splits.add(side.split());
      }
    }
    StageMeter.of(spec.layout(), Stage.CONVERT).stepsDone(1);
    return splits.isEmpty() ? List.of() : List.of(write(splits));
  }

  private String write(List<String> splits) throws IOException {
    String path = plan.splitsFolder() + FILE;
    ObjectNode json = Json.MAPPER.createObjectNode();
    json.set("splits", Json.MAPPER.valueToTree(splits));
    return Receipts.publishAfterAllUnits(
        spec.layout(),
        "splits",
        Fingerprint.of("splits", path, splits),
        () -> new TreeMap<>(Map.of(path, Json.file(json))));
  }
}
