package org.merganser.learn;

/** Counts the steps that learning says lie ahead, and those that it does. */
public final class CountedSteps {
  private CountedSteps() {}

  /**
   * @param steps ahead, done
   */
  public static LearnProgress into(int[] steps) {
    return new LearnProgress() {
      @Override
      public void ahead(int more) {
        steps[0] += more;
      }

      @Override
      public void done() {
        steps[1]++;
      }
    };
  }
}
