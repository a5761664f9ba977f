package org.merganser.corpus;

import java.io.Serializable;
import org.merganser.store.FileStore;

/**
 * A file of the corpus as the plan found it.
 *
 * @param path relative to the root of its input, with {@code /}; outputs name the file by it
 * @param location to open it: a local path or a URI
 * @param size in bytes, compressed
 * @param modified last modification in milliseconds of the epoch, as in {@code FileStore.Entry}; in
 *     no fingerprint
 * @param state a further sign of change, as in {@code FileStore.Entry}; in no fingerprint
 * @param version identifies the file's content among contents of the same name: the modification
 *     time if nothing better is known
 * @param format detected, or named by the job
 * @param compression detected
 * @param source the settings of the input that named it
 * @param validation whether it is excluded from training: {@code corpus.validationInputs} named it
 * @param input the place in the job's list, from 0, of the input that named it; in no fingerprint
 */
public record InputFile(
    String path,
    String location,
    long size,
    long modified,
    long state,
    long version,
    InputFormat format,
    Compression compression,
    SourceSettings source,
    boolean validation,
    int input)
    implements Serializable {
  public InputFile {
    // One shared object for all files without settings, since a plan may have ten million. It is
    // null if the JSON of a plan has none.
    if (source == null || source.equals(SourceSettings.NONE)) {
      source = SourceSettings.NONE;
    }
  }

  /**
   * A file as its store lists it: its version is its modification time, and until {@link #namedBy}
   * it has no settings of an input.
   *
   * @param path relative to the root of its input
   */
  public static InputFile listed(
      String path, FileStore.Entry entry, InputFormat format, Compression compression) {
    long version = entry.modified();
    boolean validation = false;
    int input = 0;
    return new InputFile(
        path,
        entry.location(),
        entry.size(),
        entry.modified(),
        entry.state(),
        version,
        format,
        compression,
        SourceSettings.NONE,
        validation,
        input);
  }

  /** The same file with another {@code state}. */
  public InputFile withState(long other) {
    return with(size, other, version);
  }

  /** The same file with another {@code version}. */
  public InputFile withVersion(long other) {
    return with(size, state, other);
  }

  /** The same file with another {@code size}. */
  public InputFile withSize(long other) {
    return with(other, state, version);
  }

  /**
   * The same file as an input of the job names it.
   *
   * @param settings of the input: {@link #source}
   * @param forValidation whether it is a validation input: {@link #validation}
   * @param place of the input in its list: {@link #input}
   */
  public InputFile namedBy(SourceSettings settings, boolean forValidation, int place) {
    return new InputFile(
        path,
        location,
        size,
        modified,
        state,
        version,
        format,
        compression,
        settings,
        forValidation,
        place);
  }

  private InputFile with(long newSize, long newState, long newVersion) {
    return new InputFile(
        path,
        location,
        newSize,
        modified,
        newState,
        newVersion,
        format,
        compression,
        source,
        validation,
        input);
  }
}
