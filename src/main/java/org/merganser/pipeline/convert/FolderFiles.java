package org.merganser.pipeline.convert;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.merganser.job.JobWriter;
import org.merganser.json.Json;
import org.merganser.layout.ShardFormat;
import org.merganser.layout.ShardLayout;
import org.merganser.output.WrittenFile;
import org.merganser.output.figures.PackFigures;
import org.merganser.output.receipt.UnitReceipt;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.receipt.Receipts;
import org.merganser.pipeline.output.receipt.ShardSet;
import org.merganser.pipeline.spec.RunSpec;
import org.merganser.pipeline.step.JobLayouts;

/**
 * Builds the files that describe all parts of a folder and are written after them: the counts of
 * packing, and the files that readers of a layout need.
 */
public final class FolderFiles {
  private final RunSpec spec;
  private final JobLayouts plan;

  /** The figures of packing, by the folder of the sequences. */
  private final SortedMap<String, PackFigures> packed = new TreeMap<>();

  /**
   * @param spec of the run that writes the folders
   */
  public FolderFiles(RunSpec spec) {
    this.spec = spec;
    this.plan = JobLayouts.of(spec);
  }

  /** Adds the figures of packing in a receipt. */
  public void add(UnitReceipt receipt) {
    receipt.packed().forEach((folder, more) -> packed.merge(folder, more, PackFigures::plus));
  }

  /** The figures of packing, by the folder of the sequences. */
  public SortedMap<String, PackFigures> packed() {
    return Collections.unmodifiableSortedMap(packed);
  }

  /**
   * The contents of the files that describe folders, by path; called after {@link #add} of all
   * receipts.
   *
   * @param files the other files of the version
   */
  public SortedMap<String, byte[]> contents(List<WrittenFile> files) throws IOException {
    SortedMap<String, byte[]> contents = new TreeMap<>();
    packed.forEach((folder, sum) -> contents.put(OutputPaths.packing(folder), packingJson(sum)));
    List<WrittenFile> sorted = new ArrayList<>(files);
    sorted.sort(Comparator.comparing(WrittenFile::path));
    for (ShardFormat format : plan.formats()) {
      SortedMap<String, List<ShardLayout.PartFile>> parts = partsByFolder(format, sorted);
      for (Map.Entry<String, List<ShardLayout.PartFile>> folder : parts.entrySet()) {
        plan.layout(format)
            .folderFiles(folder.getValue())
            .forEach((name, content) -> contents.put(folder.getKey() + name, content));
      }
    }
    return contents;
  }

  /** The content of {@code packing.json}: the settings of packing and its figures. */
  private byte[] packingJson(PackFigures sum) {
    ObjectNode json = Json.MAPPER.createObjectNode();
    ObjectNode pack = (ObjectNode) JobWriter.sectionTree(spec.job().shards().pack());
    json.set("pack", pack.put("beginOfDocument", spec.job().shards().beginOfDocument()));
    json.set("figures", Json.MAPPER.valueToTree(sum));
    return Json.file(json);
  }

  /** The files with ids of a layout, by their folder, which may be that of a group. */
  private SortedMap<String, List<ShardLayout.PartFile>> partsByFolder(
      ShardFormat format, List<WrittenFile> files) throws IOException {
    // A part may have several files; the first suffix is that of its ids.
    String idSuffix = plan.layout(format).shape().suffixes().get(0);
    SortedMap<String, List<ShardLayout.PartFile>> folders = new TreeMap<>();
    for (WrittenFile file : files) {
      boolean isOfLayout =
          file.path().startsWith(plan.folder(ShardSet.TRAINING, format))
              || file.path().startsWith(plan.folder(ShardSet.VALIDATION, format));
      if (isOfLayout && file.path().endsWith(idSuffix)) {
        String folder = file.path().substring(0, file.path().lastIndexOf('/') + 1);
        folders.computeIfAbsent(folder, newFolder -> new ArrayList<>()).add(part(file, folder));
      }
    }
    return folders;
  }

  /** A file as its layout describes it. */
  private ShardLayout.PartFile part(WrittenFile file, String folder) throws IOException {
    return new ShardLayout.PartFile(
        file.path().substring(folder.length()), file.size(), Receipts.locate(spec.paths(), file));
  }
}
