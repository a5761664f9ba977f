package org.merganser.tokenizer.audit;

/** Whether a text exists whose ids have a token. */
sealed interface Reachability {

  /**
   * A text whose ids have it.
   *
   * @param own whether it is the token's own text and has no other id
   */
  record Witness(String text, boolean own) implements Reachability {}

  /** No text has it, for this reason. */
  record Unreachable(String proof) implements Reachability {}

  /** Neither a text nor a proof was found. */
  record Unknown() implements Reachability {}
}
