package org.merganser.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.merganser.layout.ShardConversion;
import org.merganser.output.ListedFolders;
import org.merganser.output.manifest.Manifest;
import org.merganser.pipeline.output.GroupFolder;
import org.merganser.pipeline.output.RunException;
import org.merganser.pipeline.output.finished.TokenizerLocation;
import org.merganser.pipeline.output.receipt.ShardSet;
import org.merganser.pipeline.step.JobLayouts;

/** Finds shards below a folder, and the tokenizer of a shard. */
final class ShardLookup {
  /** The end of an error for a path without shards. */
  private static final String ADVICE =
      "; name the output folder of the run that encoded the documents, or a file in its "
          + ListedFolders.CANONICAL_SHARDS;

  private ShardLookup() {}

  /**
   * The Parquet shards for a path, sorted: a file is a shard, a folder contains shards or folders
   * of groups with them, and the output of a run has canonical shards, or else packed or shuffled
   * ones.
   *
   * @throws RunException if there are none
   */
  static List<Path> shards(Path target) throws IOException {
    if (!Files.isDirectory(target)) {
      requireShard(target);
      return List.of(target);
    }
    boolean packed = true;
    String packedShards = JobLayouts.parquetFolder(ShardSet.TRAINING, packed);
    String shuffledShards = JobLayouts.parquetFolder(ShardSet.TRAINING, !packed);
    String targetItself = "";
    for (String folder :
        List.of(targetItself, ListedFolders.CANONICAL_SHARDS, packedShards, shuffledShards)) {
      List<Path> shards = shardsIn(target.resolve(folder));
      if (!shards.isEmpty()) {
        return shards;
      }
    }
    throw RunException.wrong("%s: holds no Parquet shards%s", target, ADVICE);
  }

  /** Refuses a path that does not exist, or is no shard by its name. */
  private static void requireShard(Path file) throws IOException {
    if (!Files.exists(file)) {
      throw new NoSuchFileException(file.toString(), null, "no such file or folder");
    }
    if (!isShard(file)) {
      throw RunException.wrong("%s: is not a Parquet shard%s", file, ADVICE);
    }
  }

  /** The shards of a folder and of the folders of groups in it, sorted; none without the folder. */
  private static List<Path> shardsIn(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(folder, 2)) {
      return files
          .filter(Files::isRegularFile)
          .filter(ShardLookup::isShard)
          .filter(
              file ->
                  folder.equals(file.getParent()) || !GroupFolder.ofFile(file.toString()).isEmpty())
          .sorted()
          .toList();
    }
  }

  private static boolean isShard(Path file) {
    return file.toString().endsWith(".parquet")
        && !file.toString().endsWith(ShardConversion.INDEX_SUFFIX);
  }

  /**
   * The tokenizer.json of the run whose output a shard is in.
   *
   * @throws RunException if the shard is in no output, or the run has no tokenizer.json
   */
  static Path tokenizer(Path shard) throws IOException {
    Path output = shard.toAbsolutePath().getParent();
    while (output != null && !Files.exists(output.resolve(Manifest.FILE))) {
      output = output.getParent();
    }
    Optional<String> found =
        output == null ? Optional.empty() : TokenizerLocation.find(output.toString());
    if (found.isPresent()) {
      return Path.of(found.get());
    }
    throw RunException.wrong(
        "%s: no tokenizer.json is found in the run it belongs to; name one with --tokenizer",
        shard);
  }
}
