package org.merganser.verify;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.merganser.checksum.Sha256;
import org.merganser.dataset.GroupCounts;
import org.merganser.dataset.InputLine;
import org.merganser.dataset.InputRange;
import org.merganser.dataset.Manifest;
import org.merganser.dataset.ManifestWriter;
import org.merganser.dataset.Totals;
import org.merganser.dataset.WrittenFile;
import org.merganser.json.Json;
import org.merganser.parquet.ShardException;
import org.merganser.store.CheckedFile;
import org.merganser.store.CodePointOrder;

/**
 * Checks an output folder against its manifest. The quick check reads the lists, sizes, receipts,
 * the footers of Parquet files and the tokenizer's files; the full one reads every byte: sums,
 * every row, every id, the order of documents.
 */
public final class OutputVerification {
  /**
   * Something that is wrong.
   *
   * @param what in a word: missing, size, sha256, unreadable, unlisted, order, sums, ids,
   *     tokenizer, lines, records, documents, dead letters, tokens
   * @param where the file, relative to the output folder
   * @param detail the values, and the next step
   */
  public record Finding(String what, String where, String detail) {}

  /**
   * What was looked at.
   *
   * @param foreign files outside of the folders of a run that no run wrote, which none deletes
   * @param withoutReceipt shards for which no receipt vouches, though some are there: they are as
   *     the manifest says, but a run that goes on makes their units again
   * @param rows of shards, where they were read
   */
  public record Result(
      List<Finding> findings,
      List<String> foreign,
      int withoutReceipt,
      long files,
      long bytes,
      long rows) {}

  private final OutputFiles out;
  private final boolean full;
  private final Findings findings = new Findings();
  private final Set<String> vouched = new HashSet<>();
  private final List<String> foreign = new ArrayList<>();
  private int withoutReceipt;
  private boolean receipts;
  private long files;
  private long bytes;
  private long rows;
  private long shardDocuments;
  private long shardTokens;
  private long validationDocuments;
  private long validationTokens;

  private OutputVerification(OutputFiles out, boolean full) {
    this.out = out;
    this.full = full;
  }

  /** Everything that is wrong below {@code out}; empty when it is as the run left it. */
  public static List<Finding> verify(Path out, boolean full) throws IOException {
    return check(out, full).findings();
  }

  /** As {@link #verify}, with what was looked at. */
  public static Result check(Path out, boolean full) throws IOException {
    return check(new LocalOutput(out), full);
  }

  /**
   * The same of a folder anywhere. Where files have to be copied for it, the footers of Parquet
   * files are only read by the full check.
   */
  public static Result check(OutputFiles out, boolean full) throws IOException {
    OutputVerification verification = new OutputVerification(out, full);
    verification.run();
    return new Result(
        verification.findings.list(),
        List.copyOf(verification.foreign),
        verification.withoutReceipt,
        verification.files,
        verification.bytes,
        verification.rows);
  }

  private void run() throws IOException {
    if (out.size(Manifest.FILE) < 0) {
      findings.add(
          "missing", Manifest.FILE, "there is no finished dataset here; run the job (again)");
      return;
    }
    Manifest manifest;
    try {
      manifest = Manifest.read(bytes(Manifest.FILE), Manifest.FILE);
      if (!manifest.inputs().path().equals(Manifest.INPUTS)
          || !manifest.outputs().path().equals(Manifest.OUTPUTS)) {
        throw new ShardException(Manifest.FILE + " names other lists than this program writes");
      }
    } catch (ShardException e) {
      findings.add("unreadable", Manifest.FILE, String.valueOf(e.getMessage()));
      return;
    }
    readReceipts();
    boolean inputs = checkList(manifest.inputs());
    boolean outputs = checkList(manifest.outputs());
    try {
      if (inputs) {
        checkInputs(manifest);
      }
      if (outputs) {
        checkOutputs(manifest, inputs);
      }
    } catch (ShardException e) {
      // The sums of the lists are right: they were written like that.
      findings.add("unreadable", Manifest.FILE, String.valueOf(e.getMessage()));
    }
  }

  private boolean checkList(Manifest.ListFile list) {
    return checkFile(list.path(), list.size(), list.sha256(), true);
  }

  private boolean checkFile(String path, long size, String sha256, boolean sum) {
    files++;
    try {
      long found = out.size(path);
      if (found < 0) {
        findings.add("missing", path, "run the job again: it makes what is missing");
        return false;
      }
      bytes += found;
      if (found != size) {
        findings.add("size", path, found + " bytes, the manifest says " + size);
        return false;
      }
      if (sum) {
        String actual = sha256(path);
        if (!actual.equals(sha256)) {
          findings.add(
              "sha256",
              path,
              actual + ", the manifest says " + sha256 + "; delete it and run again");
          return false;
        }
      } else if (!out.isReadable(path)) {
        findings.add("unreadable", path, "this user may not read it");
        return false;
      }
      return true;
    } catch (IOException e) {
      findings.add("unreadable", path, String.valueOf(e));
      return false;
    }
  }

  private void checkInputs(Manifest manifest) throws IOException {
    long lines = 0;
    long records = 0;
    long documents = 0;
    long dead = 0;
    long tokens = 0;
    long excluded = 0;
    long lossTokens = 0;
    GroupCounts validation = GroupCounts.ZERO;
    try (BufferedReader in = open(manifest.inputs().path())) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        InputLine input =
            Json.read(utf8(line), InputLine.class, Manifest.INPUTS, ShardException::new);
        lines++;
        records += input.records();
        documents += input.documents();
        dead += InputRange.sum(input.deadLetters());
        tokens += input.tokens();
        excluded += InputRange.orNone(input.excluded());
        lossTokens += InputRange.orNone(input.lossTokens());
        validation = validation.plus(input.validation());
        long told = input.documents() + InputRange.sum(input.deadLetters()) + input.blank();
        findings.equal(
            "records",
            Manifest.INPUTS + ": " + input.path(),
            told
                + input.duplicates()
                + InputRange.orNone(input.excluded())
                + input.validation().documents(),
            input.records());
      }
    }
    Totals totals = manifest.totals();
    String where = Manifest.INPUTS;
    findings.equal("lines", where, lines, manifest.inputs().lines());
    findings.equal("records", where, records, totals.records());
    findings.equal("documents", where, documents, totals.documents());
    findings.equal(
        "validation documents", where, validation.documents(), totals.validation().documents());
    findings.equal("excluded documents", where, excluded, InputRange.orNone(totals.excluded()));
    findings.equal("dead letters", where, dead, InputRange.sum(totals.deadLetters()));
    findings.equal("tokens", where, tokens, totals.tokens());
    findings.equal("tokens with loss", where, lossTokens, InputRange.orNone(totals.lossTokens()));
  }

  private void checkOutputs(Manifest manifest, boolean inputs) throws IOException {
    long lines = 0;
    String last = "";
    SortedSet<String> listed = new TreeSet<>();
    Long foundLossTokens;
    try (BufferedReader in = open(manifest.outputs().path());
        ShardVerification shards = new ShardVerification(out, manifest, findings)) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        WrittenFile file =
            Json.read(utf8(line), WrittenFile.class, Manifest.OUTPUTS, ShardException::new);
        lines++;
        if (CodePointOrder.INSTANCE.compare(last, file.path()) >= 0) {
          findings.add("order", Manifest.OUTPUTS, file.path() + " comes after " + last);
        }
        last = file.path();
        listed.add(file.path());
        checkOutput(file, manifest, shards, inputs);
      }
      shards.end();
      rows = shards.rows();
      foundLossTokens = full && inputs ? shards.lossTokens() : null;
    }
    findings.equal("lines", Manifest.OUTPUTS, lines, manifest.outputs().lines());
    checkSums(manifest, listed, foundLossTokens);
    checkUnlisted(listed);
  }

  /**
   * @param foundLossTokens in the rows for training; null where no rows were read
   */
  private void checkSums(Manifest manifest, Set<String> listed, @Nullable Long foundLossTokens) {
    if (listed.stream().anyMatch(path -> path.startsWith(ManifestWriter.SHARDS))) {
      String where = ManifestWriter.SHARDS;
      findings.equal("documents", where, shardDocuments, manifest.totals().documents());
      findings.equal("tokens", where, shardTokens, manifest.totals().tokens());
      if (foundLossTokens != null) {
        long told = InputRange.orNone(manifest.totals().lossTokens());
        findings.equal("tokens with loss", where, foundLossTokens, told);
      }
    }
    if (listed.stream().anyMatch(path -> path.startsWith(ManifestWriter.VALIDATION))) {
      GroupCounts validation = manifest.totals().validation();
      String where = ManifestWriter.VALIDATION;
      findings.equal("documents", where, validationDocuments, validation.documents());
      findings.equal("tokens", where, validationTokens, validation.tokens());
    }
  }

  private void checkOutput(
      WrittenFile file, Manifest manifest, ShardVerification shards, boolean inputs)
      throws IOException {
    if (file.path().startsWith(ManifestWriter.VALIDATION)) {
      validationDocuments += file.documents();
      validationTokens += file.tokens();
    } else if (file.path().startsWith(ManifestWriter.SHARDS)) {
      shardDocuments += file.documents();
      shardTokens += file.tokens();
    }
    boolean tokenizer =
        file.path().equals("tokenizer/tokenizer.json") || file.path().equals("tokenizer.json");
    if (tokenizer && !file.sha256().equals(manifest.tokenizerSha256())) {
      findings.add(
          "tokenizer", file.path(), "the manifest was made with " + manifest.tokenizerSha256());
    }
    boolean small = file.path().startsWith("tokenizer/") || file.path().indexOf('/') < 0;
    boolean there = checkFile(file.path(), file.size(), file.sha256(), full || small);
    if (ShardVerification.isCanonical(file) && receipts && !vouched.contains(voucher(file))) {
      withoutReceipt++;
    }
    if (there && file.path().endsWith(".parquet") && (full || !out.copies())) {
      shards.check(file, full && inputs);
    }
  }

  /** What the units say that they wrote, where the folder {@code run} is still there. */
  private void readReceipts() throws IOException {
    List<String> paths;
    try {
      paths = out.list("run/units");
    } catch (IOException e) {
      findings.add("unreadable", "run/units", String.valueOf(e));
      receipts = true;
      return;
    }
    receipts = !paths.isEmpty();
    for (String path : paths) {
      byte[] receipt = path.endsWith(".json") ? CheckedFile.content(bytes(path)) : null;
      if (receipt != null) { // a damaged one vouches for nothing
        InputStream json = new ByteArrayInputStream(receipt); // of any version
        for (WrittenFile written :
            Json.field(json, "files", WrittenFile[].class, path, ShardException::new)) {
          vouched.add(voucher(written));
        }
      }
    }
  }

  private static String voucher(WrittenFile file) {
    return file.path() + " " + file.size() + " " + file.sha256();
  }

  private void checkUnlisted(SortedSet<String> listed) throws IOException {
    Set<String> known = Set.of(Manifest.FILE, Manifest.INPUTS, Manifest.OUTPUTS, "report.html");
    try {
      for (String path : out.list("")) {
        if (path.startsWith("run/")
            || path.startsWith("states/")
            || known.contains(path)
            || isListed(path, listed)) {
          continue;
        }
        if (Manifest.FOLDERS.contains(path.substring(0, Math.max(0, path.indexOf('/'))))) {
          findings.add(
              "unlisted",
              path,
              "no manifest names this file, which whoever reads the folder may take for a part of"
                  + " the dataset; running the job again deletes it");
        } else {
          foreign.add(path);
        }
      }
    } catch (FileSystemException e) {
      findings.add("unreadable", String.valueOf(e.getFile()), String.valueOf(e));
    }
  }

  /** A link to a folder of listed files is one of them: that folder lies on another disk. */
  private static boolean isListed(String path, SortedSet<String> listed) {
    return listed.contains(path) || !listed.subSet(path + "/", path + "0").isEmpty();
  }

  private BufferedReader open(String path) throws IOException {
    return lines(out, path);
  }

  /** The lines of a file of the output. */
  static BufferedReader lines(OutputFiles out, String path) throws IOException {
    return new BufferedReader(new InputStreamReader(out.open(path), StandardCharsets.UTF_8));
  }

  private byte[] bytes(String path) throws IOException {
    try (InputStream in = out.open(path)) {
      return in.readAllBytes();
    }
  }

  private String sha256(String path) throws IOException {
    try (InputStream in = out.open(path)) {
      return Sha256.of(in);
    }
  }

  private static byte[] utf8(String line) {
    return line.getBytes(StandardCharsets.UTF_8);
  }
}
