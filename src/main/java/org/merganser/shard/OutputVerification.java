package org.merganser.shard;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.parquet.column.statistics.IntStatistics;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;

/**
 * Checks an output folder against its manifest. The quick check reads the lists, sizes and the
 * footers of shards; the full one reads every byte: sums, every row, every id.
 */
public final class OutputVerification {
  /**
   * Something that is wrong.
   *
   * @param what in a few words
   * @param where the file, relative to the output folder
   * @param detail the values, and the next step
   */
  public record Finding(String what, String where, String detail) {}

  private final Path out;
  private final boolean full;
  private final List<Finding> findings = new ArrayList<>();
  private long shardDocuments;
  private long shardTokens;
  private long validationDocuments;
  private long validationTokens;

  private OutputVerification(Path out, boolean full) {
    this.out = out;
    this.full = full;
  }

  /** Everything that is wrong below {@code out}; empty when it is as the run left it. */
  public static List<Finding> verify(Path out, boolean full) throws IOException {
    OutputVerification verification = new OutputVerification(out, full);
    verification.run();
    return List.copyOf(verification.findings);
  }

  private void run() throws IOException {
    Path file = out.resolve(Manifest.FILE);
    if (!Files.isRegularFile(file)) {
      add("missing", Manifest.FILE, "there is no finished dataset here; run the job (again)");
      return;
    }
    Manifest manifest;
    try {
      manifest = Manifest.read(Files.readAllBytes(file), Manifest.FILE);
    } catch (ShardException e) {
      add("unreadable", Manifest.FILE, String.valueOf(e.getMessage()));
      return;
    }
    if (checkList(manifest.inputs())) {
      checkInputs(manifest);
    }
    if (checkList(manifest.outputs())) {
      checkOutputs(manifest);
    }
  }

  private boolean checkList(Manifest.ListFile list) throws IOException {
    return checkFile(list.path(), list.size(), list.sha256(), true);
  }

  private boolean checkFile(String path, long size, String sha256, boolean sum) throws IOException {
    Path file = out.resolve(path);
    if (!Files.isRegularFile(file)) {
      add("missing", path, "run the job again: it makes what is missing");
      return false;
    }
    if (Files.size(file) != size) {
      add("size", path, Files.size(file) + " bytes, the manifest says " + size);
      return false;
    }
    if (sum) {
      String actual = Sha256.of(file);
      if (!actual.equals(sha256)) {
        add("sha256", path, actual + ", the manifest says " + sha256 + "; delete it and run again");
        return false;
      }
    }
    return true;
  }

  private void checkInputs(Manifest manifest) throws IOException {
    long lines = 0;
    long records = 0;
    long documents = 0;
    long dead = 0;
    long tokens = 0;
    try (BufferedReader in = open(manifest.inputs().path())) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        InputLine input = Json.read(utf8(line), InputLine.class, Manifest.INPUTS);
        lines++;
        records += input.records();
        documents += input.documents();
        dead += InputRange.sum(input.deadLetters());
        tokens += input.tokens();
      }
    }
    Totals totals = manifest.totals();
    String where = Manifest.INPUTS;
    equal("lines", where, lines, manifest.inputs().lines());
    equal("records", where, records, totals.records());
    equal("documents", where, documents, totals.documents());
    equal("dead letters", where, dead, InputRange.sum(totals.deadLetters()));
    equal("tokens", where, tokens, totals.tokens());
  }

  private void checkOutputs(Manifest manifest) throws IOException {
    long lines = 0;
    String last = "";
    Set<String> listed = new TreeSet<>();
    try (BufferedReader in = open(manifest.outputs().path())) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        WrittenFile file = Json.read(utf8(line), WrittenFile.class, Manifest.OUTPUTS);
        lines++;
        if (Paths.compare(last, file.path()) >= 0) {
          add("order", Manifest.OUTPUTS, file.path() + " comes after " + last);
        }
        last = file.path();
        listed.add(file.path());
        checkOutput(file, manifest);
      }
    }
    equal("lines", Manifest.OUTPUTS, lines, manifest.outputs().lines());
    if (listed.stream().anyMatch(path -> path.startsWith(ManifestWriter.SHARDS))) {
      equal("documents", ManifestWriter.SHARDS, shardDocuments, manifest.totals().documents());
      equal("tokens", ManifestWriter.SHARDS, shardTokens, manifest.totals().tokens());
    }
    if (listed.stream().anyMatch(path -> path.startsWith(ManifestWriter.VALIDATION))) {
      GroupCounts validation = manifest.totals().validation();
      String where = ManifestWriter.VALIDATION;
      equal("documents", where, validationDocuments, validation.documents());
      equal("tokens", where, validationTokens, validation.tokens());
    }
    checkUnlisted(listed);
  }

  private void checkOutput(WrittenFile file, Manifest manifest) throws IOException {
    boolean validation = file.path().startsWith(ManifestWriter.VALIDATION);
    boolean shard = validation || file.path().startsWith(ManifestWriter.SHARDS);
    if (validation) {
      validationDocuments += file.documents();
      validationTokens += file.tokens();
    } else if (shard) {
      shardDocuments += file.documents();
      shardTokens += file.tokens();
    }
    if (!checkFile(file.path(), file.size(), file.sha256(), full)) {
      return;
    }
    if (file.path().equals("tokenizer/tokenizer.json")
        && !file.sha256().equals(manifest.tokenizerSha256())) {
      add("tokenizer", file.path(), "the manifest was made with " + manifest.tokenizerSha256());
    }
    if (shard) {
      try {
        checkFooter(file, manifest);
        if (full) {
          checkRows(file, manifest.vocabulary());
        }
      } catch (ShardException e) {
        add("unreadable", file.path(), String.valueOf(e.getMessage()));
      }
    }
  }

  private void checkFooter(WrittenFile file, Manifest manifest) throws IOException {
    try (ColumnarReader in = new ColumnarReader(out.resolve(file.path()))) {
      String sha256 = in.metadata().get(ParquetShardWriter.TOKENIZER_SHA256);
      if (!manifest.tokenizerSha256().equals(sha256)) {
        add(
            "tokenizer",
            file.path(),
            "written with " + sha256 + ", the manifest says " + manifest.tokenizerSha256());
      }
      for (BlockMetaData rowGroup : in.footer().getBlocks()) {
        for (ColumnChunkMetaData chunk : rowGroup.getColumns()) {
          if (chunk.getPath().toDotString().startsWith("token_ids.")
              && chunk.getStatistics() instanceof IntStatistics ids
              && ids.hasNonNullValue()
              && (ids.getMin() < 0 || ids.getMax() >= manifest.vocabulary())) {
            add(
                "ids",
                file.path(),
                "from "
                    + ids.getMin()
                    + " to "
                    + ids.getMax()
                    + ", the vocabulary ends before "
                    + manifest.vocabulary());
          }
        }
      }
    }
  }

  private void checkRows(WrittenFile file, int vocabulary) throws IOException {
    long documents = 0;
    long tokens = 0;
    ShardRow row = new ShardRow();
    try (ParquetShardReader in = new ParquetShardReader(out.resolve(file.path()))) {
      while (in.next(row)) {
        documents += row.part == 0 ? 1 : 0;
        tokens += row.count;
        for (int i = 0; i < row.count; i++) {
          if (row.ids[i] < 0 || row.ids[i] >= vocabulary) {
            add("ids", file.path(), "document " + row.docId + " has id " + row.ids[i]);
            return;
          }
        }
      }
    }
    equal("documents", file.path(), documents, file.documents());
    equal("tokens", file.path(), tokens, file.tokens());
  }

  private void checkUnlisted(Set<String> listed) throws IOException {
    Set<String> known = Set.of(Manifest.FILE, Manifest.INPUTS, Manifest.OUTPUTS, "report.html");
    try (Stream<Path> files = Files.walk(out)) {
      for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile).sorted()::iterator) {
        String path = out.relativize(file).toString().replace('\\', '/');
        if (!path.startsWith("run/") && !known.contains(path) && !listed.contains(path)) {
          add("unlisted", path, "no manifest names this file; a run sweeps what it left behind");
        }
      }
    }
  }

  private BufferedReader open(String path) throws IOException {
    return Files.newBufferedReader(out.resolve(path), StandardCharsets.UTF_8);
  }

  private static byte[] utf8(String line) {
    return line.getBytes(StandardCharsets.UTF_8);
  }

  private void equal(String what, String where, long found, long told) {
    if (found != told) {
      add(what, where, found + " found, the manifest says " + told);
    }
  }

  private void add(String what, String where, String detail) {
    findings.add(new Finding(what, where, detail));
  }
}
