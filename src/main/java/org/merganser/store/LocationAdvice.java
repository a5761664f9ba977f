package org.merganser.store;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Advice for a location that cannot be a path on this machine: a URL to download, a variable, a
 * path of Windows, or a misplaced {@code ~}. {@link BeamStore} says which build has the file system
 * of a scheme that this one lacks.
 */
public final class LocationAdvice {
  /** The advice for a name that does not exist, if {@link #of} has none. */
  public static final String SPELLING = "; check the spelling";

  private static final Pattern VARIABLE = Pattern.compile("\\$(\\{\\w+}|\\w+)|%\\w+%");
  private static final Pattern HOME = Pattern.compile("(^|/)~");
  private static final Pattern WINDOWS = Pattern.compile("(^|/)[A-Za-z]:[\\\\/]|\\\\");
  private static final Pattern DOWNLOAD = Pattern.compile("(?i)(https?|ftp|hf)://.*");

  private LocationAdvice() {}

  /**
   * The advice, which begins with a semicolon, for the end of an error; empty if nothing is wrong
   * with the form of the location.
   */
  public static String of(String location) {
    if (DOWNLOAD.matcher(location).lookingAt()) {
      return "; nothing is downloaded: fetch the file first (curl -LO URL), and name the local"
          + " file";
    }
    Matcher variable = VARIABLE.matcher(location);
    if (variable.find()) {
      return ("; a job file has no variables, so \"%s\" is a part of the name: write the path"
              + " itself, or set it on the command line, where the shell replaces variables")
          .formatted(variable.group());
    }
    if (WINDOWS.matcher(location).find()) {
      return "; this is a path of Windows: write / between folders, and the folder that the drive"
          + " has here, such as /mnt/c for C:";
    }
    if (HOME.matcher(location).find()) {
      return "; ~ is the home folder only at the beginning of a path: write the complete path";
    }
    return "";
  }
}
