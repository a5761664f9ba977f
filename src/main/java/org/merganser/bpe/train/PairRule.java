package org.merganser.bpe.train;

/** Decides which pairs of tokens may be merged; the others are not counted. */
@FunctionalInterface
public interface PairRule {
  /** Whether the pair of these ids may be merged. */
  boolean allows(int left, int right);
}
