package org.merganser.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.merganser.Seeds;
import org.merganser.checksum.Sha256;

/**
 * Every tokenizer.json of a folder against HF, and the table docs/compatibility.tsv: {@code mvn
 * test -Dtest.groups=census -Dtest.limit=12h -Dmerganser.census=FOLDER}. docs/compatibility.md says
 * what the folder holds.
 */
@Tag("census")
class CensusTest {
  private static final Path FOLDER =
      Path.of(System.getProperty("merganser.census", "../shared/tokenizers"));
  private static final Path TABLE =
      Path.of(System.getProperty("merganser.census.table", "target/compatibility.tsv"));
  private static final int DOCUMENTS = Integer.getInteger("merganser.census.documents", 200);

  private static final int FILES_OF_A_PROCESS = 10;

  /**
   * @param source the package or repository
   * @param path where the file is in it
   */
  private record Listed(
      String source, String version, String path, Path file, String sha256, JsonNode json) {
    String model() {
      JsonNode model = json.get("model");
      if (model.hasNonNull("type")) {
        return model.get("type").textValue();
      }
      // Files of old versions do not say it.
      return model.has("merges") ? "BPE" : model.get("vocab").isArray() ? "Unigram" : "WordPiece";
    }
  }

  @Test
  void idsEqualHfsForEveryFileOfTheFolder() throws Exception {
    long seed = Seeds.next();
    Path log = Files.createDirectories(Path.of("target")).resolve("census.log");
    Files.deleteIfExists(log);
    String shared = System.getProperty("merganser.shared", "../shared");
    String real = Files.isDirectory(Path.of(shared, "corpus")) ? shared : "";
    List<Listed> files = files();
    List<Future<List<CensusRow>>> running = new ArrayList<>();
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      for (int from = 0; from < files.size(); from += FILES_OF_A_PROCESS) {
        List<Path> some =
            files.subList(from, Math.min(files.size(), from + FILES_OF_A_PROCESS)).stream()
                .map(Listed::file)
                .toList();
        running.add(
            threads.submit(() -> CensusRow.inOtherProcesses(some, DOCUMENTS, seed, real, log)));
      }
      Map<Listed, CensusRow> rows = new LinkedHashMap<>();
      for (Future<List<CensusRow>> some : running) {
        for (CensusRow row : some.get()) {
          rows.put(files.get(rows.size()), row);
        }
      }
      Files.writeString(TABLE, table(rows));
      System.out.println(TABLE.toAbsolutePath() + ": " + sums(rows) + "; seed " + seed);
      assertThat(rows).isNotEmpty();
      assertThat(rows.values()).as("rows that differ").allMatch(row -> row.difference() == null);
    } finally {
      threads.shutdownNow();
    }
  }

  /** The files of the folder, each once. */
  static List<Path> paths() throws IOException {
    return files().stream().map(Listed::file).toList();
  }

  /**
   * The files of FOLDER/list.tsv (source, version, path, file), or else every tokenizer.json below
   * the folder. Of files with the same bytes the first counts.
   */
  private static List<Listed> files() throws IOException {
    Path list = FOLDER.resolve("list.tsv");
    List<String[]> entries = new ArrayList<>();
    if (Files.exists(list)) {
      for (String line : Files.readAllLines(list)) {
        entries.add(line.split("\t", -1));
      }
    } else {
      try (Stream<Path> all = Files.walk(FOLDER)) {
        for (Path file : all.filter(f -> f.toString().endsWith(".json")).sorted().toList()) {
          String name = FOLDER.relativize(file).toString();
          entries.add(new String[] {FOLDER.getFileName().toString(), "", name, name});
        }
      }
    }
    Map<String, Listed> files = new LinkedHashMap<>();
    for (String[] entry : entries) {
      Path file = FOLDER.resolve(entry[3]);
      byte[] bytes = Files.readAllBytes(file);
      JsonNode json;
      try {
        json = TestTokenizers.JSON.readTree(bytes);
      } catch (JacksonException e) {
        System.out.println("not JSON: " + file + ": " + e.getOriginalMessage());
        continue;
      }
      if (json.path("model").has("vocab")) {
        String sha256 = Sha256.of(bytes);
        files.putIfAbsent(sha256, new Listed(entry[0], entry[1], entry[2], file, sha256, json));
      }
    }
    return files.values().stream()
        .sorted(
            Comparator.comparing((Listed file) -> file.source().toLowerCase(Locale.ROOT))
                .thenComparing(Listed::path))
        .toList();
  }

  private static String table(Map<Listed, CensusRow> rows) {
    StringBuilder table =
        new StringBuilder("source\tversion\tpath\tsha256\tids\tcomponents\tresult\n");
    rows.forEach(
        (file, row) -> {
          if (file.model().equals("BPE")) {
            List<String> cells =
                List.of(
                    file.source(),
                    file.version(),
                    file.path(),
                    file.sha256().substring(0, 12),
                    row.vocabulary() == 0 ? "" : Integer.toString(row.vocabulary()),
                    components(file.json()),
                    result(row));
            table.append(
                cells.stream()
                    .map(cell -> cell.replaceAll("\\s+", " "))
                    .collect(Collectors.joining("\t", "", "\n")));
          }
        });
    return table.toString();
  }

  /** The figures at the top of docs/compatibility.md. */
  private static String sums(Map<Listed, CensusRow> rows) {
    int bpe = 0;
    int equal = 0;
    int refused = 0;
    int refusedByBoth = 0;
    Map<String, Integer> others = new TreeMap<>();
    for (Map.Entry<Listed, CensusRow> entry : rows.entrySet()) {
      CensusRow row = entry.getValue();
      if (!entry.getKey().model().equals("BPE")) {
        others.merge(entry.getKey().model(), 1, Integer::sum);
        continue;
      }
      bpe++;
      equal += row.refusal() == null && row.difference() == null && row.documents() > 0 ? 1 : 0;
      refused += row.refusal() != null ? 1 : 0;
      refusedByBoth += row.refusal() != null && row.hfRefusal() != null ? 1 : 0;
    }
    return "%d files, %d of BPE: %d equal, %d refused (%d by HF too), %d differ; others: %s"
        .formatted(rows.size(), bpe, equal, refused, refusedByBoth, bpe - equal - refused, others);
  }

  private static String result(CensusRow row) {
    if (row.refusal() != null) {
      String reason = row.refusal().replaceFirst("^tokenizer\\.json: ", "");
      return "refused: " + reason + (row.hfRefusal() == null ? "" : " (HF refuses it too)");
    }
    if (row.hfRefusal() != null) {
      return "loaded; HF: " + row.hfRefusal();
    }
    StringBuilder result = new StringBuilder();
    if (row.difference() == null) {
      result.append("%d equal".formatted(row.documents()));
    } else {
      result.append(
          "DIFFERS: ids of %d and text of %d of %d equal"
              .formatted(row.equalIds(), row.equalTexts(), row.documents()));
    }
    if (row.reduced() > 0) {
      result.append(" (%d reduced)".formatted(row.reduced()));
    }
    if (row.byteLetters() > 0) {
      result.append(" (%d with byte letters)".formatted(row.byteLetters()));
    }
    if (row.normalizedTokens() > 0) {
      result.append(" (%d with normalized tokens)".formatted(row.normalizedTokens()));
    }
    if (row.left() > 0) {
      result.append(" (%d left out: HF gives an error)".formatted(row.left()));
    }
    return result.toString();
  }

  /** What the file is made of: {@code NFC; Split, ByteLevel; ignore_merges}. */
  private static String components(JsonNode json) {
    List<String> options = new ArrayList<>();
    JsonNode model = json.get("model");
    for (String option : List.of("byte_fallback", "fuse_unk", "ignore_merges")) {
      if (model.path(option).asBoolean()) {
        options.add(option);
      }
    }
    for (String option :
        List.of("unk_token", "continuing_subword_prefix", "end_of_word_suffix", "dropout")) {
      JsonNode value = model.path(option);
      if (value.isNumber() || !value.asText("").isEmpty() && !value.isNull()) {
        options.add(option);
      }
    }
    return String.join(
        "; ",
        types(json.path("normalizer"), "normalizers"),
        types(json.path("pre_tokenizer"), "pretokenizers"),
        options.isEmpty() ? "–" : String.join(", ", options));
  }

  private static String types(JsonNode component, String members) {
    if (!component.isObject()) {
      return "–";
    }
    if (!component.has(members)) {
      return component.path("type").asText();
    }
    List<String> types = new ArrayList<>();
    component.get(members).forEach(member -> types.add(types(member, members)));
    // A file has sixty Splits in a row.
    List<String> runs = new ArrayList<>();
    for (int from = 0, to; from < types.size(); from = to) {
      for (to = from + 1; to < types.size() && types.get(to).equals(types.get(from)); ) {
        to++;
      }
      runs.add(to - from == 1 ? types.get(from) : types.get(from) + " × " + (to - from));
    }
    return String.join(", ", runs);
  }
}
