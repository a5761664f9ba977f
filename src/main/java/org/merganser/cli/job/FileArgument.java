package org.merganser.cli.job;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.merganser.embedding.exchange.EmbeddingImport;
import org.merganser.job.Locations;
import org.merganser.pipeline.learn.LearnedModels;
import org.merganser.pipeline.output.RunException;
import org.merganser.pipeline.output.finished.TokenizerLocation;
import org.merganser.store.FileStore;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * The converters of arguments and options that name files. The output folder of a run means the
 * file in it that the command needs.
 */
public final class FileArgument {
  private FileArgument() {}

  /** A local path, from a value like that of {@link Location}. */
  public static Path localPath(String value) {
    return Path.of(new Location().convert(value));
  }

  /** Converts a path or a URI to a location; {@code ~} is the home folder. */
  public static final class Location implements ITypeConverter<String> {
    @Override
    public String convert(String value) {
      try {
        return Locations.expanded(value);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(value + ": " + e.getMessage());
      }
    }
  }

  /**
   * Converts the path of a tokenizer.json to its location. A folder means the tokenizer.json in it,
   * or that of the run whose output it is.
   */
  public static final class Tokenizer implements ITypeConverter<String> {
    @Override
    public String convert(String value) throws IOException {
      String location = new Location().convert(value);
      if (!isFolder(location)) {
        return location;
      }
      return TokenizerLocation.find(location)
          .orElseThrow(
              () ->
                  new TypeConversionException(
                      value
                          + " is a folder without a tokenizer.json; name a tokenizer.json, or the"
                          + " output folder of a run"));
    }
  }

  /** Like {@link Tokenizer}, but converts to a local path. */
  public static final class TokenizerPath implements ITypeConverter<Path> {
    @Override
    public Path convert(String value) throws IOException {
      return Path.of(new Tokenizer().convert(value));
    }
  }

  /**
   * A tokenizer.json with a name.
   *
   * @param name as given, else the path of the file
   */
  public record Named(String name, Path file) {}

  /**
   * Converts the path of a tokenizer.json, or {@code NAME=PATH}. The name has no slash; an existing
   * file is a path, even with an equals sign.
   */
  public static final class NamedTokenizer implements ITypeConverter<Named> {
    @Override
    public Named convert(String value) throws IOException {
      int end = value.indexOf('=');
      boolean isNamed = end > 0 && value.lastIndexOf('/', end) < 0 && !Files.exists(Path.of(value));
      Path file = new TokenizerPath().convert(isNamed ? value.substring(end + 1) : value);
      return new Named(isNamed ? value.substring(0, end) : file.toString(), file);
    }
  }

  /**
   * Converts the path of an embedding table, or of the folder of a model, to its location. The
   * output folder of a run means the table that the run learned, or that its job names.
   */
  public static final class Table implements ITypeConverter<String> {
    @Override
    public String convert(String value) throws IOException {
      String location = new Location().convert(value);
      boolean isRun = isFolder(location) && !EmbeddingImport.isModel(FileStore.localPath(location));
      try {
        return isRun ? LearnedModels.open(location).table() : location;
      } catch (RunException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }

  /** Whether a location is a local folder; flags of other stores may not have been read yet. */
  private static boolean isFolder(String location) throws IOException {
    return FileStore.isLocal(location) && Files.isDirectory(FileStore.localPath(location));
  }
}
