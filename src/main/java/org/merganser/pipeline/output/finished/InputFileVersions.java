package org.merganser.pipeline.output.finished;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.merganser.corpus.CorpusException;
import org.merganser.corpus.InputFile;
import org.merganser.corpus.plan.PlanFile;
import org.merganser.json.Json;
import org.merganser.output.manifest.InputLine;
import org.merganser.output.manifest.Manifest;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.receipt.Receipts;
import org.merganser.store.ChecksummedFile;
import org.merganser.store.FileStore;
import org.merganser.store.UnusableFileException;

/**
 * The version of the content of each input file, a number. By default this is the modification
 * time. A run with {@code --rehash} reads every file: if the file has the bytes that the last
 * finished run read, its version is the one in that run, else it comes from its SHA-256. Versions
 * that differ from the modification time are written to {@code run/versions.jsonl}, so that later
 * runs assign the same versions.
 *
 * <p>Memory: an entry for each such file; with {@code --rehash} one for each file, and one for each
 * file of the run before.
 */
public final class InputFileVersions {
  /** The digits of a SHA-256 that make a version, a number of 64 bits. */
  private static final int VERSION_DIGITS = 16;

  /** Whether files are read, instead of trusting size and modification time. */
  private final boolean rehash;

  /** A line of {@code run/versions.jsonl}. */
  private record Line(String path, String location, long size, long modified, long version) {
    Listed file() {
      return new Listed(path, location, size, modified);
    }
  }

  /** A file as a listing describes it. */
  private record Listed(String path, String location, long size, long modified) {
    static Listed of(InputFile file) {
      return new Listed(file.path(), file.location(), file.size(), file.modified());
    }

    Line withVersion(long version) {
      return new Line(path, location, size, modified, version);
    }
  }

  /** A file in the plan of the finished run, and its line in the list of inputs. */
  private record Content(InputFile file, InputLine line) {}

  /** The known versions by file. */
  private final Map<Listed, Long> versions = new LinkedHashMap<>();

  /** With {@code --rehash}, what the finished run read, by the location of the file. */
  private final Map<String, Content> contents = new HashMap<>();

  private InputFileVersions(boolean rehash) {
    this.rehash = rehash;
  }

  /**
   * Reads what earlier runs have recorded in an output.
   *
   * @param rehash whether files are read, instead of trusting size and modification time
   */
  public static InputFileVersions read(OutputPaths paths, boolean rehash) throws IOException {
    InputFileVersions versions = new InputFileVersions(rehash);
    if (rehash) {
      versions.readFinished(paths);
    } else {
      versions.readVersions(paths);
    }
    return versions;
  }

  /**
   * The sha256 of a file. With {@code rehash}, it is taken from the finished run if the size and
   * time are those of the file there; else the file is read.
   */
  public String sha256(InputFile file) throws IOException {
    Content content = contents.get(file.location());
    String known = content == null || !content.file.equals(file) ? null : content.line.fileSha256();
    return known == null ? FileStore.sha256(file.location()) : known;
  }

  /** The files with their versions; {@code --rehash} reads files without a known version. */
  public List<InputFile> withVersions(List<InputFile> files) throws IOException {
    List<InputFile> found = new ArrayList<>(files.size());
    for (InputFile file : files) {
      Listed listed = Listed.of(file);
      Long version = versions.get(listed);
      if (version == null && rehash) {
        version = versionOfBytes(file);
        versions.put(listed, version);
      }
      found.add(version == null ? file : file.withVersion(version));
    }
    return found;
  }

  /** Saves the versions that a listing does not show; does nothing unless files were read. */
  public void publish(OutputPaths paths) throws IOException {
    if (!rehash) {
      return;
    }
    String location = paths.at(OutputPaths.INPUT_VERSIONS);
    ChecksummedFile.publish(
        location,
        out -> {
          for (Map.Entry<Listed, Long> entry : versions.entrySet()) {
            Listed file = entry.getKey();
            if (file.modified != entry.getValue()) {
              out.write(Json.MAPPER.writeValueAsBytes(file.withVersion(entry.getValue())));
              out.write('\n');
            }
          }
        });
  }

  /** Reads the versions that an earlier run has saved. */
  private void readVersions(OutputPaths paths) throws IOException {
    String location = paths.at(OutputPaths.INPUT_VERSIONS);
    if (ChecksummedFile.isWhole(location)) { // otherwise the files that it names are read again
      try (BufferedReader lines = FileStore.lines(ChecksummedFile.open(location))) {
        for (String text = lines.readLine(); text != null; text = lines.readLine()) {
          Line line = Json.MAPPER.readValue(text, Line.class);
          versions.put(line.file(), line.version);
        }
      }
    }
  }

  /** Reads the list of the finished run, unless there is no run or its list was changed. */
  private void readFinished(OutputPaths paths) throws IOException {
    JsonNode plan = FinishedField.PLAN.in(paths);
    FileStore store = FileStore.of(paths.root());
    try {
      if (plan.isTextual()
          && store.exists(paths.at(Manifest.FILE))
          && store.exists(paths.at(plan.textValue()))
          && Receipts.isUnchanged(paths, FinishedOutput.at(paths).manifest().inputs())) {
        readContents(paths, paths.at(plan.textValue()));
      }
    } catch (JsonProcessingException | UnusableFileException | CorpusException damaged) {
      contents.clear(); // every file has the version of its bytes
    }
  }

  /** Reads the files of a plan, each with its line in the list of inputs. */
  private void readContents(OutputPaths paths, String plan) throws IOException {
    Map<String, InputFile> files = new HashMap<>();
    PlanFile.read(
        plan, unit -> unit.ranges().forEach(range -> files.put(range.file().path(), range.file())));
    FinishedOutput.at(paths)
        .forEachInput(
            line -> {
              InputFile file = files.get(line.path());
              if (file != null && file.size() == line.size()) {
                contents.put(file.location(), new Content(file, line));
              }
            });
  }

  /** The version in the finished run if the bytes are the same, else one from the SHA-256. */
  private long versionOfBytes(InputFile file) throws IOException {
    Content content = contents.get(file.location());
    String sha256 = FileStore.sha256(file.location());
    if (content != null
        && content.file.path().equals(file.path())
        && sha256.equals(content.line.fileSha256())) {
      return content.file.version();
    }
    return Long.parseUnsignedLong(sha256.substring(0, VERSION_DIGITS), 16);
  }
}
