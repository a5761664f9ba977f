package org.merganser.output.verify;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.merganser.checksum.Sha256;
import org.merganser.json.Json;
import org.merganser.output.ListedFolders;
import org.merganser.output.OutputFile;
import org.merganser.output.OutputListing;
import org.merganser.output.WrittenFile;
import org.merganser.output.figures.DocumentMarks;
import org.merganser.output.manifest.CardFile;
import org.merganser.output.manifest.Manifest;
import org.merganser.output.manifest.ManifestWriter;
import org.merganser.store.FileStore;
import org.merganser.store.UnusableFileException;
import org.merganser.tokenizer.TokenizerFolder;

/**
 * Checks an output folder against its manifest. The quick check reads the lists, the file sizes,
 * the footers of Parquet files, and the small files: the tokenizer's, JSON, and those outside of
 * all folders. The full check reads every byte: checksums, every row, every id, the order of
 * documents. The totals of the lists need no check: they were verified on writing, and the manifest
 * has the checksums of the lists.
 */
public final class ManifestVerification {
  /** The folder of the vocabulary. */
  private static final String TOKENIZER = ListedFolders.TOKENIZER + "/";

  /** The folders with files that a training run reads. */
  private static final List<String> TRAINED_ON =
      List.of(TOKENIZER, ListedFolders.SHARDS + "/", ListedFolders.VALIDATION + "/");

  /**
   * A problem.
   *
   * @param what the kind of the problem in a word: missing, size, sha256, unreadable, unlisted,
   *     data, from, order, sums, ids, mask, tokenizer, documents, tokens, source, versions; or
   *     "more" for the number of further problems
   * @param where the file, relative to the output folder; empty for "more"
   * @param detail the values, and the next step if there is one for this file
   */
  public record Finding(String what, String where, String detail) {}

  /**
   * The findings, and what was checked.
   *
   * @param findings the problems, in the order in which they were found
   * @param files the number of files
   * @param bytes the sum of their sizes
   * @param rows the number of rows of shards; 0 if they were not read
   * @param marks the documents that begin and end with the ids for that purpose; null if they were
   *     not counted
   */
  public record Result(
      List<Finding> findings, long files, long bytes, long rows, @Nullable MarkedDocuments marks) {}

  /**
   * How many documents for training begin and end with the ids for that purpose.
   *
   * @param documents the number of all documents for training, by the manifest
   * @param counted the counts of those that begin and end so, in the shards
   */
  public record MarkedDocuments(long documents, DocumentMarks counted) {}

  private final String root;
  private final FileStore store;

  /** Whether every byte is read. */
  private final boolean full;

  private final Findings findings = new Findings();

  /** Compares and counts the files. */
  private final FileChecks files;

  // What was found in shards so far, as in the Result.

  private long rows;
  private @Nullable MarkedDocuments marks;

  private ManifestVerification(String root, boolean full) {
    this.root = root;
    this.store = FileStore.of(root);
    this.full = full;
    this.files = new FileChecks(root, findings);
  }

  /**
   * Lists the problems of a folder; the list is empty if the check finds no change since its run.
   *
   * @param root the folder, in any file system; only the full check reads the footers of Parquet
   *     files that are not local, and it copies one file at a time
   * @param full whether every byte is read
   */
  public static Result check(String root, boolean full) throws IOException {
    ManifestVerification verification = new ManifestVerification(root, full);
    verification.checkFolder();
    return verification.result();
  }

  /**
   * Lists the differences between the folder and one of its earlier versions, in the lists and in
   * every byte of the files that a training run reads. Other files may have been replaced since.
   *
   * @param folder the folder with the lists, below {@code root}: empty, or ending in {@code /}
   * @param version the manifest of the version
   */
  public static Result checkVersion(String root, String folder, Manifest version)
      throws IOException {
    boolean full = true;
    ManifestVerification verification = new ManifestVerification(root, full);
    verification.checkList(folder, version.inputs());
    if (verification.checkList(folder, version.outputs())) {
      for (WrittenFile file : verification.readOutputs(folder)) {
        if (TRAINED_ON.stream().anyMatch(file.path()::startsWith)) {
          verification.files.check(file.path(), file.size(), file.sha256());
        }
      }
    }
    return verification.result();
  }

  /**
   * Lists the problems of a version below {@link OutputFile#VERSIONS} and of those before it:
   * manifests, lists, and the sums of shards, which all versions share.
   *
   * @param sha256 the name of the version; null for none
   */
  public static Result checkVersions(String root, @Nullable String sha256) throws IOException {
    boolean full = false;
    ManifestVerification verification = new ManifestVerification(root, full);
    verification.checkVersions(sha256, Map.of());
    return verification.result();
  }

  /**
   * Checks a version and those before it, from the newest on.
   *
   * @param newest the sha256 of the manifest of the version; null for none
   * @param newer the sha256 of the shards of the version after it, by path; empty if there is none
   */
  private void checkVersions(@Nullable String newest, Map<String, String> newer)
      throws IOException {
    Map<String, String> shardsOfNext = newer;
    String sha256 = newest;
    while (sha256 != null) { // ends: a manifest cannot contain its own sha256
      String folder = OutputFile.VERSIONS + "/" + sha256 + "/";
      if (!files.checkSum(folder + Manifest.FILE, sha256)) {
        return;
      }
      Manifest version = readManifest(folder);
      checkList(folder, version.inputs());
      if (checkList(folder, version.outputs())) {
        Map<String, String> shards = shardSums(readOutputs(folder));
        if (!shardsOfNext.isEmpty()) {
          requireShards(shards, shardsOfNext, sha256);
        }
        shardsOfNext = shards;
      }
      sha256 = version.parent();
    }
  }

  /**
   * Checks that the shards of a version are those of the next one as well.
   *
   * @param version the sha256 of the version's manifest
   */
  private void requireShards(
      Map<String, String> shards, Map<String, String> shardsOfNext, String version) {
    shards.forEach(
        (path, sha256) -> {
          if (!sha256.equals(shardsOfNext.get(path))) {
            findings.add("versions", path, "is not what the version " + version + " lists");
          }
        });
  }

  /** The sha256 of each canonical shard, by path. */
  private static Map<String, String> shardSums(List<WrittenFile> files) {
    return files.stream()
        .filter(file -> ListedFolders.isCanonicalShard(file.path()))
        .collect(Collectors.toMap(WrittenFile::path, WrittenFile::sha256));
  }

  private Result result() {
    return new Result(findings.list(), files.count(), files.bytes(), rows, marks);
  }

  /** Checks the folder, or reports that it has no manifest or none that can be read. */
  private void checkFolder() throws IOException {
    if (!store.exists(at(Manifest.FILE))) {
      findings.add(
          "missing", Manifest.FILE, "there is no finished dataset here; run the job (again)");
      return;
    }
    try {
      checkManifest(readManifest(""));
    } catch (UnusableFileException e) {
      findings.add("unreadable", Manifest.FILE, String.valueOf(e.getMessage()));
    } catch (FileSystemException e) {
      findings.addUnreadable(whereOf(e), e);
    }
  }

  /** The manifest in a folder below the root, which is empty or ends in {@code /}. */
  private Manifest readManifest(String folder) throws IOException {
    String location = at(folder + Manifest.FILE);
    return Manifest.read(store.readAll(location), location);
  }

  /** Checks the lists, the files in them, and the earlier versions. */
  private void checkManifest(Manifest manifest) throws IOException {
    if (!manifest.inputs().path().equals(Manifest.INPUTS)
        || !manifest.outputs().path().equals(Manifest.OUTPUTS)) {
      throw new UnusableFileException(
          Manifest.FILE + " names other lists than this program writes");
    }
    boolean inputsAreListed = checkList("", manifest.inputs());
    if (!checkList("", manifest.outputs())) {
      return;
    }
    List<WrittenFile> outputs = readOutputs("");
    checkOutputs(manifest, outputs, full && inputsAreListed);
    String data = ManifestWriter.data(outputs, manifest.tokenizerSha256());
    if (!manifest.data().equals(data)) {
      findings.add("data", Manifest.FILE, "names other data than " + Manifest.OUTPUTS + " lists");
    }
    String own = Sha256.of(store.readAll(at(Manifest.FILE)));
    boolean isKept = store.isFolder(at(OutputFile.VERSIONS + "/" + own));
    checkVersions(isKept ? own : manifest.parent(), shardSums(outputs));
  }

  /** The location of a path. */
  private String at(String path) {
    return root + "/" + path;
  }

  /** The file of an error, relative to the output if it is a file of it. */
  private String whereOf(FileSystemException e) {
    String file = e.getFile();
    if (file == null) {
      return Manifest.FILE;
    }
    String folder = at("");
    return file.startsWith(folder) ? file.substring(folder.length()) : file;
  }

  /** Checks a list of a manifest; returns whether it is unchanged. */
  private boolean checkList(String folder, Manifest.ListFile list) {
    return files.check(folder + list.path(), list.size(), list.sha256());
  }

  /** Reads the list of outputs in a folder. */
  private List<WrittenFile> readOutputs(String folder) throws IOException {
    List<WrittenFile> outputs = new ArrayList<>();
    try (BufferedReader in = FileStore.lines(at(folder + Manifest.OUTPUTS))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        byte[] json = line.getBytes(StandardCharsets.UTF_8);
        outputs.add(
            Json.read(json, WrittenFile.class, Manifest.OUTPUTS, UnusableFileException::new));
      }
    }
    return outputs;
  }

  /**
   * Checks all listed files, and searches for others.
   *
   * @param listed the files in the list of outputs
   * @param everyRow whether each row of a shard is read
   */
  private void checkOutputs(Manifest manifest, List<WrittenFile> listed, boolean everyRow)
      throws IOException {
    boolean readsFooters = full || FileStore.isLocal(root);
    try (ParquetContents contents = new ParquetContents(root, manifest, findings)) {
      for (WrittenFile file : listed) {
        if (checkOutput(file, manifest) && file.path().endsWith(".parquet") && readsFooters) {
          contents.check(file, everyRow);
        }
      }
      marks = contents.finish();
      rows = contents.rows();
    }
    checkUnlisted(listed);
  }

  /** Reports the files in the folders of listed files that no list names. */
  private void checkUnlisted(List<WrittenFile> listed) throws IOException {
    try {
      for (String path : OutputListing.unlisted(root, listed)) {
        findings.add(
            "unlisted",
            path,
            "no manifest names this file, which whoever reads the folder may take for a part of the"
                + " dataset; running the job again deletes it if a run has written it, else move it"
                + " out of the folder");
      }
    } catch (FileSystemException e) {
      findings.addUnreadable(whereOf(e), e);
    }
  }

  /**
   * Checks a listed file; returns whether it is unchanged. The quick check reads only small files.
   */
  private boolean checkOutput(WrittenFile file, Manifest manifest) throws IOException {
    String path = file.path();
    if (path.equals(Manifest.CARD) && CardFile.belongsToUser(root, List.of(file))) {
      return true;
    }
    boolean isTokenizer =
        path.equals(TOKENIZER + TokenizerFolder.TOKENIZER_JSON)
            || path.equals(TokenizerFolder.TOKENIZER_JSON);
    if (isTokenizer && !file.sha256().equals(manifest.tokenizerSha256())) {
      findings.add("tokenizer", path, "the manifest was made with " + manifest.tokenizerSha256());
    }
    boolean isSmall = path.startsWith(TOKENIZER) || path.indexOf('/') < 0 || path.endsWith(".json");
    return full || isSmall
        ? files.check(path, file.size(), file.sha256())
        : files.checkSize(path, file.size());
  }
}
