package org.merganser.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.merganser.layout.ShardConversion;
import org.merganser.output.manifest.Manifest;
import org.merganser.output.manifest.ManifestWriter;
import org.merganser.pipeline.output.GroupFolder;
import org.merganser.pipeline.output.RunException;
import org.merganser.pipeline.output.finished.TokenizerLocation;
import org.merganser.pipeline.output.receipt.ShardSet;
import org.merganser.pipeline.step.JobLayouts;

/** Finds shards below a folder, and the tokenizer of a shard. */
final class ShardLookup {
  private static final String INSTEAD =
      "; name the output folder of the run that encoded the documents, or a file in its "
          + ManifestWriter.SHARDS;

  private ShardLookup() {}

  /**
   * The Parquet shards for a path, sorted: a file is a shard, a folder contains shards, and the
   * output of a run has canonical shards, or else packed or shuffled ones.
   *
   * @throws RunException if there are none
   */
  static List<Path> shards(Path target) throws IOException {
    if (!Files.isDirectory(target)) {
      if (!Files.exists(target)) {
        throw new NoSuchFileException(target.toString(), null, "no such file or folder");
      }
      if (!isShard(target)) {
        throw new RunException(
            RunException.Kind.WRONG_JOB, target + ": is not a Parquet shard" + INSTEAD);
      }
      return List.of(target);
    }
    for (String folder :
        List.of(
            "",
            ManifestWriter.SHARDS,
            JobLayouts.parquetFolder(ShardSet.TRAINING, true),
            JobLayouts.parquetFolder(ShardSet.TRAINING, false))) {
      List<Path> shards = in(target.resolve(folder));
      if (!shards.isEmpty()) {
        return shards;
      }
    }
    throw new RunException(
        RunException.Kind.WRONG_JOB, target + ": holds no Parquet shards" + INSTEAD);
  }

  /** The shards of a folder and of the folders of groups in it. */
  private static List<Path> in(Path folder) throws IOException {
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
    for (Path folder = shard.toAbsolutePath().getParent();
        folder != null;
        folder = folder.getParent()) {
      if (Files.exists(folder.resolve(Manifest.FILE))) {
        Optional<String> found = TokenizerLocation.find(folder.toString());
        if (found.isPresent()) {
          return Path.of(found.get());
        }
        break;
      }
    }
    throw new RunException(
        RunException.Kind.WRONG_JOB,
        shard + ": no tokenizer.json is found in the run it belongs to; name one with --tokenizer");
  }
}
