package org.merganser.cli.job;

import java.util.ArrayList;
import java.util.List;

/** The arguments that are not flags of a command: Beam's flags, which Beam refuses if unknown. */
public final class BeamFlags {
  private BeamFlags() {}

  /** Each flag as {@code --name=value}, as Beam needs it; arguments may have a space instead. */
  public static List<String> joined(List<String> arguments) {
    List<String> flags = new ArrayList<>();
    boolean open = false;
    for (String argument : arguments) {
      if (open && !argument.startsWith("--")) {
        flags.set(flags.size() - 1, flags.get(flags.size() - 1) + "=" + argument);
        open = false;
      } else {
        flags.add(argument);
        open = argument.startsWith("--") && argument.indexOf('=') < 0;
      }
    }
    return flags;
  }
}
