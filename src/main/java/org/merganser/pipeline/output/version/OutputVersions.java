package org.merganser.pipeline.output.version;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.commons.io.function.IOConsumer;
import org.jspecify.annotations.Nullable;
import org.merganser.checksum.Sha256;
import org.merganser.corpus.plan.AppendedPlan;
import org.merganser.message.ProgramCommand;
import org.merganser.output.ListedFolders;
import org.merganser.output.OtherSchemaException;
import org.merganser.output.OutputFile;
import org.merganser.output.OutputListing;
import org.merganser.output.WrittenFile;
import org.merganser.output.manifest.InputLine;
import org.merganser.output.manifest.Manifest;
import org.merganser.output.verify.ManifestVerification;
import org.merganser.output.verify.ManifestVerification.Finding;
import org.merganser.pipeline.output.FileLocations;
import org.merganser.pipeline.output.OutputFolder;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.RunException;
import org.merganser.pipeline.output.RunPaths;
import org.merganser.pipeline.output.finished.FinishedField;
import org.merganser.pipeline.output.finished.FinishedOutput;
import org.merganser.pipeline.output.finished.OutputJson;
import org.merganser.store.FileStore;
import org.merganser.store.IrregularFileException;
import org.merganser.store.UnusableFileException;

/**
 * The versions of an output folder that grew by {@code corpus.append}. Each is kept below {@code
 * states/} with its manifest and lists, in a folder named by the sha256 of the manifest; the newest
 * is also in the output folder itself.
 */
public record OutputVersions(OutputPaths paths) {
  /** The key in the record of a run with the sha256 of the version that it adds to. */
  public static final String ADDS_TO = "addsTo";

  /** The files of a version, its manifest last. */
  static final List<OutputFile> LISTS =
      List.of(OutputFile.INPUTS, OutputFile.OUTPUTS, OutputFile.MANIFEST);

  /**
   * A version that can be read.
   *
   * @param sha256 the sha256 of its manifest, which names it
   * @param manifest as it is in the folder
   * @param folder the folder with the manifest and its lists, with a slash at the end; empty for
   *     the version in the output folder itself
   */
  public record Version(String sha256, Manifest manifest, String folder) {}

  /**
   * Writes copies of the manifest and the lists of a version, to be kept, into the stage of a run.
   * What is kept already is written again only if it is damaged.
   *
   * @param version the locations of the version's files
   * @return the sha256 of its manifest
   */
  public static String keep(FileLocations version, RunPaths run) throws IOException {
    String sha256 = FileStore.sha256(version.at(Manifest.FILE));
    for (OutputFile list : LISTS) {
      String path = OutputFile.KEPT_VERSION.path(sha256, list.path());
      String from = version.at(list.path());
      FileStore store = FileStore.of(from);
      if (!FileStore.sha256(from).equals(sumOf(run.output().at(path)))) {
        try (InputStream in = store.open(from, 0)) {
          store.publish(run.at(path), in::transferTo);
        }
      }
    }
    return sha256;
  }

  /**
   * The error for a shard that would differ from the version that a run adds to.
   *
   * @param path of the shard
   * @param version the sha256 of the manifest
   */
  public static RunException otherShard(String path, String version) {
    return RunException.changed(
        "%s: has other bytes than in the version %s that corpus.append adds to: an input, the"
            + " tokenizer or a setting of reading changed; put it back as it was and run again, or"
            + " choose another output. No shard of the version was replaced",
        path, version);
  }

  /**
   * The version that a run with {@code corpus.append} adds to, after a check of every version
   * before it; null if no run has finished. Writes nothing.
   *
   * @throws RunException if a version is missing or was changed
   */
  public @Nullable Version base() throws IOException {
    Version newest = newest();
    if (newest == null) {
      return null;
    }
    String kept = newest.folder().isEmpty() ? newest.manifest().parent() : newest.sha256();
    List<Finding> findings = ManifestVerification.checkVersions(paths.root(), kept).findings();
    if (!findings.isEmpty()) {
      throw lost(findings.get(0).where());
    }
    return newest;
  }

  /**
   * Requires that the output folder has no version of {@code corpus.append}.
   *
   * @throws org.merganser.job.JobException if it has one
   */
  public void requireNone() throws IOException {
    if (!addsTo().isEmpty() || !ownFiles().isEmpty()) {
      throw OutputFolder.wrong(
          ("%s has versions of corpus.append, whose shards no run replaces, with --replace"
                  + " neither; set corpus.append: true, name another output, or delete the folder"
                  + " yourself")
              .formatted(paths.root()));
    }
  }

  /** The sha256 of the version that a run would add to now; null for none. */
  public @Nullable String newestSha256() throws IOException {
    Version newest = newest();
    return newest == null ? null : newest.sha256();
  }

  /** Whether the published version is kept, with all versions before it. */
  public boolean isKept() throws IOException {
    String sha256 = FileStore.sha256(paths.at(Manifest.FILE));
    return ManifestVerification.checkVersions(paths.root(), sha256).findings().isEmpty();
  }

  /**
   * The versions, newest first; each version is the parent of the one before it in the list. During
   * a run, the first is the version that the run adds to. The list ends before a version that is
   * missing or was changed.
   */
  public List<Version> history() throws IOException {
    List<Version> history = new ArrayList<>();
    Version next = newest();
    while (next != null) {
      history.add(next);
      String parent = next.manifest().parent();
      next = parent == null ? null : findKept(parent);
    }
    return history;
  }

  /** The input files of each version in {@link #history} by path, the oldest version first. */
  public List<Map<String, AppendedPlan.Source>> inputs() throws IOException {
    List<Map<String, AppendedPlan.Source>> all = new ArrayList<>();
    for (Version version : history()) {
      Map<String, AppendedPlan.Source> files = new LinkedHashMap<>();
      OutputJson.forEachLine(
          paths,
          version.folder() + Manifest.INPUTS,
          InputLine.class,
          line ->
              files.put(
                  line.path(),
                  new AppendedPlan.Source(
                      line.size(), line.validationInput() != null, line.fileSha256())));
      all.add(0, files);
    }
    return all;
  }

  /**
   * The manifest of a version.
   *
   * @param version the sha256 of the manifest
   * @throws RunException if it is missing or was changed since the run began
   */
  public Manifest manifest(String version) throws IOException {
    Version found = read(folderWithLists(version));
    if (found == null || !found.sha256().equals(version)) {
      throw lost(folderOfKept(version) + Manifest.FILE);
    }
    return found.manifest();
  }

  /**
   * The sha256 of each shard of a version, by path.
   *
   * @param version the sha256 of the manifest
   */
  public Map<String, String> shards(String version) throws IOException {
    Map<String, String> sums = new HashMap<>();
    OutputJson.forEachLine(
        paths,
        folderWithLists(version) + Manifest.OUTPUTS,
        WrittenFile.class,
        file -> {
          if (ListedFolders.isCanonicalShard(file.path())) {
            sums.put(file.path(), file.sha256());
          }
        });
    return sums;
  }

  /**
   * Requires that the outputs of a run have all shards of a version, unchanged.
   *
   * @param version the sha256 of the manifest
   * @throws RunException naming the first shard of the version that is not among them
   */
  public void requireShards(String version, List<WrittenFile> outputs) throws IOException {
    Map<String, String> missing = new TreeMap<>(shards(version));
    outputs.forEach(file -> missing.remove(file.path(), file.sha256()));
    if (!missing.isEmpty()) {
      throw otherShard(missing.keySet().iterator().next(), version);
    }
  }

  /**
   * The paths of the input files of a version.
   *
   * @param version the sha256 of the manifest; null for none, which has no files
   */
  public Set<String> inputPaths(@Nullable String version) throws IOException {
    Set<String> files = new HashSet<>();
    if (version != null) {
      forEachInput(version, line -> files.add(line.path()));
    }
    return files;
  }

  /** Passes each line of the inputs of a version to a handler. */
  public void forEachInput(Version version, IOConsumer<InputLine> handler) throws IOException {
    OutputJson.forEachLine(paths, version.folder() + Manifest.INPUTS, InputLine.class, handler);
  }

  /**
   * Passes each line of the inputs of a version to a handler.
   *
   * @param version the sha256 of the manifest
   */
  public void forEachInput(String version, IOConsumer<InputLine> handler) throws IOException {
    OutputJson.forEachLine(
        paths, folderWithLists(version) + Manifest.INPUTS, InputLine.class, handler);
  }

  /**
   * The files of versions that runs have kept: those in a folder that is named by the sha256 of the
   * manifest in it, or that a kept or published version names as its parent.
   */
  public Set<String> ownFiles() throws IOException {
    List<String> found =
        OutputListing.list(paths.root(), OutputFile.VERSIONS).stream()
            .filter(path -> OutputFile.of(path) == OutputFile.KEPT_VERSION)
            .toList();
    Set<String> proven = provenVersions(found);
    Set<String> own = new TreeSet<>();
    for (String path : found) {
      if (proven.contains(sha256OfFolder(path))) {
        own.add(path);
      }
    }
    return own;
  }

  /** The version in the folder itself if it is undamaged, else the one that its last run names. */
  private @Nullable Version newest() throws IOException {
    if (FinishedOutput.at(paths).wholeManifest() != null) {
      return read("");
    }
    String named = FinishedField.MANIFEST_SHA256.in(paths).asText("");
    if (named.isEmpty()) {
      named = addsTo();
    }
    if (named.isEmpty() && keepsNothing()) {
      return null;
    }
    Version version = findKept(named);
    if (version == null) {
      if (FileStore.of(paths.root()).exists(paths.at(Manifest.FILE))) {
        FinishedOutput.at(paths).manifest(); // its error names the place of the damage
      }
      throw lost(named.isEmpty() ? OutputPaths.RECORD : folderOfKept(named) + Manifest.FILE);
    }
    return version;
  }

  /** Whether no version was ever kept; a first run that was killed may have left drafts. */
  private boolean keepsNothing() throws IOException {
    return OutputListing.list(paths.root(), OutputFile.VERSIONS).stream()
        .allMatch(FileStore::isTemporary);
  }

  /** The sha256 of the version that the run which began last adds to; empty for none. */
  private String addsTo() throws IOException {
    return OutputJson.fields(paths, OutputPaths.RECORD).path(ADDS_TO).asText("");
  }

  /** A version in {@code states/}; null if its manifest is missing or has another sha256. */
  private @Nullable Version findKept(String sha256) throws IOException {
    Version version = read(folderOfKept(sha256));
    return version != null && version.sha256().equals(sha256) ? version : null;
  }

  /** The version whose manifest is in a folder; null if there is none. */
  private @Nullable Version read(String folder) throws IOException {
    byte[] json = OutputJson.find(paths, folder + Manifest.FILE);
    return json == null
        ? null
        : new Version(
            Sha256.of(json), Manifest.read(json, paths.at(folder + Manifest.FILE)), folder);
  }

  /**
   * The folder with the lists of a version: the output itself for the published one, unless a list
   * there was changed; else the folder in which the version is kept.
   */
  private String folderWithLists(String sha256) throws IOException {
    boolean isPublished =
        sha256.equals(sumOf(paths.at(Manifest.FILE)))
            && FinishedOutput.at(paths).wholeManifest() != null;
    return isPublished ? "" : folderOfKept(sha256);
  }

  /** The folder in which a version is kept, with a slash at the end. */
  private static String folderOfKept(String sha256) {
    return OutputFile.VERSIONS + "/" + sha256 + "/";
  }

  /**
   * The sha256 of the versions that runs have kept for certain.
   *
   * @param found the files of versions in {@code states/}
   */
  private Set<String> provenVersions(List<String> found) throws IOException {
    Set<String> proven = new HashSet<>();
    proven.add(FinishedField.MANIFEST_SHA256.in(paths).asText(""));
    proven.add(addsTo());
    for (String path : found) {
      Version kept = path.endsWith("/" + Manifest.FILE) ? findReadable(sha256OfFolder(path)) : null;
      if (kept != null) {
        proven.add(kept.sha256());
        if (kept.manifest().parent() != null) {
          proven.add(kept.manifest().parent());
        }
      }
    }
    return proven;
  }

  /** A version in {@code states/}; null also if its manifest is damaged. */
  private @Nullable Version findReadable(String sha256) throws IOException {
    try {
      return findKept(sha256);
    } catch (UnusableFileException | OtherSchemaException damaged) {
      return null;
    }
  }

  /** The sha256 that names the folder of a kept version, from the path of a file in it. */
  private static String sha256OfFolder(String path) {
    int from = path.indexOf('/') + 1;
    return path.substring(from, path.indexOf('/', from));
  }

  /** The sha256 of a file; empty if there is none. */
  private static String sumOf(String location) throws IOException {
    try {
      return FileStore.of(location).exists(location) ? FileStore.sha256(location) : "";
    } catch (NoSuchFileException | IrregularFileException none) {
      return "";
    }
  }

  /** The error that a file of a version is missing or was changed. */
  private RunException lost(String path) {
    return RunException.changed(
        "%s/%s: is missing or was changed; nothing was written. corpus.append needs every version"
            + " back to the first as it was: put %s/ back from a copy. Without a copy, encode the"
            + " new files alone into another output, and let %s read both; the shards that are"
            + " here stay as they are",
        paths.root(), path, OutputFile.VERSIONS, ProgramCommand.line("merge"));
  }
}
