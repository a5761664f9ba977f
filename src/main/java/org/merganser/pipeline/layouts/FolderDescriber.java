package org.merganser.pipeline.layouts;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.merganser.dataset.WrittenFile;
import org.merganser.layout.ShardFormat;
import org.merganser.layout.ShardLayout;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.output.Fingerprint;
import org.merganser.pipeline.output.GroupFolder;
import org.merganser.pipeline.output.OutputLayout;
import org.merganser.pipeline.output.Receipts;
import org.merganser.pipeline.step.LayoutPlan;
import org.merganser.pipeline.step.RunSpec;
import org.merganser.pipeline.step.SplitSide;
import org.merganser.pipeline.step.Stage;
import org.merganser.pipeline.step.StageMeter;
import org.merganser.pipeline.step.UnitWork;
import org.merganser.pipeline.step.WorkerTokenizers;
import org.merganser.store.FileStore;

/** Writes the files that describe a whole folder of a layout, when all its parts are there. */
final class FolderDescriber {
  private final RunSpec spec;
  private final SplitSide side;
  private final FileRef ref;
  private final LayoutPlan plan;

  FolderDescriber(RunSpec spec, SplitSide side, FileRef ref) {
    this.spec = spec;
    this.side = side;
    this.ref = ref;
    this.plan = LayoutPlan.of(spec);
  }

  /**
   * Describes every folder that has parts.
   *
   * @param converted locations of the receipts of layouts
   * @return locations of the receipts of what was written
   */
  List<String> describe(List<String> converted) throws IOException {
    List<WrittenFile> files = new ArrayList<>();
    for (String location : converted) {
      files.addAll(Receipts.read(location).files());
    }
    files.sort(Comparator.comparing(WrittenFile::path));
    List<String> receipts = new ArrayList<>();
    for (ShardFormat format : plan.formats()) {
      ShardLayout layout = plan.layout(format);
      String folder = plan.folder(side, format);
      List<WrittenFile> parts =
          files.stream()
              .filter(file -> file.path().startsWith(folder))
              .filter(file -> file.path().endsWith(layout.suffixes().get(0)))
              .toList();
      if (layout.describesFolder()) {
        SortedMap<String, List<WrittenFile>> byGroup = new TreeMap<>();
        for (WrittenFile part : parts) {
          String group = folder + GroupFolder.ofFile(part.path());
          byGroup.computeIfAbsent(group, f -> new ArrayList<>()).add(part);
        }
        for (Map.Entry<String, List<WrittenFile>> group : byGroup.entrySet()) {
          receipts.add(describe(layout, group.getKey(), group.getValue()));
        }
      }
    }
    StageMeter.of(spec.layout(), Stage.CONVERT).stepsDone(1);
    return receipts;
  }

  private String describe(ShardLayout layout, String folder, List<WrittenFile> parts)
      throws IOException {
    ShardLayout.Ids ids = plan.ids(WorkerTokenizers.get(ref));
    UnitWork work =
        new UnitWork(
            spec.layout(),
            Stage.CONVERT,
            "folder",
            OutputLayout.AFTER_ALL_UNITS,
            Fingerprint.of("folder", folder, ids, ref.sha256(), parts),
            "the description of " + folder);
    StageMeter.of(spec.layout(), Stage.CONVERT).findUnits(1);
    return work.make(
        files -> {
          List<ShardLayout.PartFile> named =
              parts.stream().map(file -> partFile(file, folder)).toList();
          for (Map.Entry<String, byte[]> file : layout.folderFiles(named).entrySet()) {
            files.write(folder + file.getKey(), file.getValue());
          }
        });
  }

  private ShardLayout.PartFile partFile(WrittenFile file, String folder) {
    String location = spec.layout().at(file.path());
    return new ShardLayout.PartFile(
        file.path().substring(folder.length()),
        file.size(),
        () -> FileStore.of(location).open(location, 0));
  }
}
