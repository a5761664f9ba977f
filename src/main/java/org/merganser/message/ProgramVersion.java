package org.merganser.message;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** The version of the build and its commit, abbreviated. */
public record ProgramVersion(String version, String commit) {
  /** The version of the running program. */
  public static ProgramVersion current() {
    Properties built = new Properties();
    try (InputStream in = ProgramVersion.class.getResourceAsStream("version.properties")) {
      built.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new ProgramVersion(built.getProperty("version"), built.getProperty("commit"));
  }

  /** The program with this version and the running Java, in a line. */
  @Override
  public String toString() {
    return "merganser %s (commit %s, Java %s)".formatted(version, commit, Runtime.version());
  }
}
