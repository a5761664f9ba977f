package org.merganser.cli.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.merganser.checksum.Sha256;
import org.merganser.checksum.WholeFile;
import org.merganser.embedding.exchange.EmbeddingImport;
import org.merganser.embedding.exchange.EmbeddingSelection;
import org.merganser.json.Json;
import org.merganser.output.ListedFolders;
import org.merganser.output.WrittenFile;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.finished.FinishedOutput;
import org.merganser.pipeline.worker.LocalFiles;
import org.merganser.store.FileStore;
import org.merganser.store.Scratch;
import org.merganser.tokenizer.Tokenizer;
import org.merganser.tokenizer.TokenizerFolder;
import org.merganser.tokenizer.audit.TrimmedVocabulary;
import org.merganser.tokenizer.parts.FileVersion;

/**
 * Writes the files of the folder of {@code trim}. {@link #begin} writes the first one, {@value
 * #ID_MAP}, by which {@link TrimOutput} knows a folder that a later {@code trim} may replace.
 */
final class TrimmedFolder {
  /** The file with the new id of each old one. */
  static final String ID_MAP = "ids.json";

  /** The file with the rows of an embedding table. */
  private static final String EMBEDDINGS = "embeddings.parquet";

  /**
   * The content of {@value #ID_MAP}.
   *
   * @param from the SHA-256 of the old tokenizer.json
   * @param to the SHA-256 of the new one
   * @param newIds by the old id; null for a removed token
   */
  private record IdMap(String from, String to, List<@Nullable Integer> newIds) {}

  private final String folder;
  private final TrimmedVocabulary trimmed;

  /** The new tokenizer.json. */
  private final byte[] tokenizerJson;

  private final String newSha256;

  private TrimmedFolder(String folder, TrimmedVocabulary trimmed, byte[] tokenizerJson) {
    this.folder = folder;
    this.trimmed = trimmed;
    this.tokenizerJson = tokenizerJson;
    this.newSha256 = Sha256.of(tokenizerJson);
  }

  /**
   * Begins to write a folder with the new id of each old one.
   *
   * @param folder the location of the folder
   * @param trimmed the new vocabulary
   * @param version of the new tokenizer.json
   * @param oldSha256 of the old tokenizer.json
   */
  static TrimmedFolder begin(
      String folder, TrimmedVocabulary trimmed, FileVersion version, String oldSha256)
      throws IOException {
    TrimmedFolder begun = new TrimmedFolder(folder, trimmed, trimmed.tokenizer().toJson(version));
    begun.writeIdMap(oldSha256);
    return begun;
  }

  /** Writes {@value #ID_MAP}. */
  private void writeIdMap(String oldSha256) throws IOException {
    List<@Nullable Integer> newIds = new ArrayList<>();
    for (int id : trimmed.newIds()) {
      newIds.add(id < 0 ? null : id);
    }
    FileStore.publish(location(ID_MAP), Json.figures(new IdMap(oldSha256, newSha256, newIds)));
  }

  /** Whether a file is the {@value #ID_MAP} that an earlier {@code trim} wrote. */
  static boolean isIdMap(Path file) throws IOException {
    byte[] json = WholeFile.read(file);
    try {
      JsonNode map = Json.MAPPER.readTree(json);
      return map.path("newIds").isArray() && map.path("from").isTextual();
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Writes the shards of a run with the new ids; returns the counts of what was rewritten.
   *
   * @param old the tokenizer of the run
   * @param oldSha256 of the old tokenizer.json
   * @param run the output folder of the run
   */
  TrimmedShards rewriteShards(Tokenizer old, String oldSha256, String run) throws IOException {
    TrimmedShards shards = new TrimmedShards(old, oldSha256, trimmed, newSha256);
    OutputPaths paths = OutputPaths.of(run);
    for (WrittenFile shard : FinishedOutput.at(paths).outputs()) {
      if (ListedFolders.isCanonicalShard(shard.path())) {
        Path from = LocalFiles.of(run + "/" + shard.path());
        String location = location(shard.path());
        FileStore.of(location).publishFile(location, to -> shards.rewrite(from, to));
      }
    }
    return shards;
  }

  /**
   * Writes the rows of an embedding table for the new ids.
   *
   * @param oldTokenizer the tokenizer.json with the ids of the table
   * @param table the location of the table
   * @param tensor the tensor or column of the table; null for one of the usual names
   */
  void selectRows(Path oldTokenizer, String table, @Nullable String tensor) throws IOException {
    boolean zeroNonFinite = false;
    EmbeddingImport.Request old =
        new EmbeddingImport.Request(LocalFiles.of(table), tensor, oldTokenizer, zeroNonFinite);
    EmbeddingSelection selection =
        new EmbeddingSelection(trimmed.tokenizer(), newSha256, trimmed.oldIds());
    String location = location(EMBEDDINGS);
    FileStore.of(location)
        .publishFile(location, file -> selection.write(old, file, Scratch.folder()));
  }

  /** Writes the new tokenizer.json, and the files that belong to it. */
  void writeTokenizer() throws IOException {
    Map<String, byte[]> files =
        TokenizerFolder.allFiles(trimmed.tokenizer(), tokenizerJson, TokenizerFolder.Marks.NONE);
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      FileStore.publish(location(file.getKey()), file.getValue());
    }
  }

  /** The location of a file of the folder. */
  private String location(String path) {
    return folder + "/" + path;
  }
}
