package org.merganser.bpe.train;

/** Which pairs of tokens may become one; the others are not counted. */
@FunctionalInterface
public interface PairRule {
  boolean allows(int left, int right);
}
