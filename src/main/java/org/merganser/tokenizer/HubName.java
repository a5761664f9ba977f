package org.merganser.tokenizer;

import java.util.regex.Pattern;

/** Recognizes a name of a model on a hub where a tokenizer.json is expected. */
public final class HubName {
  /** A model's name, with or without its owner: {@code gpt2} or {@code openai-community/gpt2}. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][\\w.-]*(/[A-Za-z0-9][\\w.-]*)?");

  private HubName() {}

  /**
   * What to do if there is no file of a name that the user wrote.
   *
   * @param named as the user wrote it
   * @return a phrase that begins with a semicolon, or "" if it is not the name of a model
   */
  public static String advice(String named) {
    boolean isModel = !named.endsWith(".json") && NAME.matcher(named).matches();
    if (!isModel) {
      return "";
    }
    return "; if this is a model on a hub: nothing is downloaded, so fetch its file first (hf"
        + " download %s tokenizer.json --local-dir FOLDER), and name that".formatted(named);
  }
}
