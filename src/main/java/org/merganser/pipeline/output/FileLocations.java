package org.merganser.pipeline.output;

import org.merganser.output.ListedFolders;
import org.merganser.tokenizer.TokenizerFolder;

/**
 * The locations of the files of a version of an output: of the published one ({@link OutputPaths}),
 * of one that a run is making ({@link RunPaths}), or of one that is made and waits for its commit
 * ({@code version.WaitingVersion}). Code that must only see published files takes an {@link
 * OutputPaths}.
 */
public interface FileLocations {
  /** The output folder, a local path or a URI, without a final slash. */
  String root();

  /** Whether the run only learns a vocabulary, which goes into the root. */
  boolean tokenizerAtRoot();

  /**
   * The location of a file.
   *
   * @param path relative to the output folder
   */
  String at(String path);

  /** The path of a file of the vocabulary, relative to the output folder. */
  default String tokenizerFile(String name) {
    return tokenizerAtRoot() ? name : ListedFolders.TOKENIZER + "/" + name;
  }

  /** The path of the vocabulary's tokenizer.json, relative to the output folder. */
  default String tokenizerJson() {
    return tokenizerFile(TokenizerFolder.TOKENIZER_JSON);
  }
}
