package org.merganser.pipeline.engine;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.List;
import org.merganser.job.JobException;
import org.merganser.pipeline.output.RunException;

/**
 * What a job on Dataflow needs before anything is written: the flags that say where it runs, and
 * somebody to run it as. Without them Google's clients fail late, each in its own way.
 */
final class DataflowCheck {
  /** A class of google-auth-library, which only that build has. */
  private static final String CREDENTIALS = "com.google.auth.oauth2.GoogleCredentials";

  private DataflowCheck() {}

  /**
   * @throws RunException naming the flags that are missing or wrong, all at once, or saying why
   *     there are no credentials
   */
  static void require(List<String> flags) {
    List<String> problems = new ArrayList<>();
    if (!isGiven(flags, "--project")) {
      problems.add("--project=ID is missing: the Google Cloud project that the job runs in");
    }
    if (!isGiven(flags, "--region")) {
      problems.add("--region=NAME is missing, such as europe-west3");
    }
    if (flags.stream().noneMatch(f -> f.matches("--(tempLocation|gcpTempLocation)=gs://.+"))) {
      problems.add(
          "--tempLocation=gs://BUCKET/FOLDER is missing, or is no gs:// location: the jar is staged"
              + " there");
    }
    if (!problems.isEmpty()) {
      throw new JobException("--runner=DataflowRunner", problems);
    }
    requireCredentials();
  }

  private static boolean isGiven(List<String> flags, String name) {
    return flags.stream().anyMatch(f -> f.matches(name + "=.+"));
  }

  /**
   * Asks Google's library as its clients do: a file that a variable names, gcloud's, the host's.
   */
  private static void requireCredentials() {
    try {
      Class.forName(CREDENTIALS).getMethod("getApplicationDefault").invoke(null);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof IOException none) {
        throw new RunException(
            "--runner=DataflowRunner: there are no credentials for Google Cloud ("
                + String.valueOf(none.getMessage()).lines().findFirst().orElse("")
                + ") Log in by: gcloud auth application-default login, or let"
                + " GOOGLE_APPLICATION_CREDENTIALS name the key file of a service account",
            none);
      }
      throw new IllegalStateException(e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(CREDENTIALS + " is not in this build", e);
    }
  }
}
