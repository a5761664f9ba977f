package org.merganser.learn;

/**
 * Is told how much learning lies ahead and what of it is done, in steps of one pass over the merged
 * tables, one order of n-grams, or one product of a matrix.
 */
public interface LearnProgress {
  /** The progress of a caller that does not look. */
  LearnProgress NONE =
      new LearnProgress() {
        @Override
        public void ahead(int steps) {}

        @Override
        public void done() {}
      };

  /** So many more steps turn out to lie ahead. */
  void ahead(int steps);

  /** One step is done. */
  void done();
}
