package org.merganser.cli.job;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.merganser.message.ProgramCommand;
import org.merganser.output.ListedFolders;
import org.merganser.pipeline.finish.RunSummary.Opened;
import org.merganser.pipeline.output.receipt.ShardSet;

/** Prints what a trainer opens of a run: the options or paths of each layout. */
final class OpenedLayouts {
  private OpenedLayouts() {}

  /**
   * Prints the lines.
   *
   * @param all what is opened of the layout in each folder, by the folder
   */
  static void print(PrintWriter out, Map<String, Opened> all) {
    Map<String, Opened> opened = new LinkedHashMap<>(all);
    boolean hasOnlyCanonicalShards =
        opened.keySet().stream().allMatch(ListedFolders::isCanonicalShard);
    if (!hasOnlyCanonicalShards) {
      opened
          .keySet()
          .removeIf(ListedFolders::isCanonicalShard); // a trainer opens the other layouts
    }
    boolean hasValidation = opened.keySet().stream().anyMatch(OpenedLayouts::isValidation);
    opened.forEach(
        (folder, layout) -> {
          printArguments(out, folder, layout.names(), hasValidation);
          if (!isValidation(folder) && layout.python() != null) {
            String command = "python3 -c " + ProgramCommand.argument(layout.python());
            out.printf(SummaryPrinter.LINE, "open", command);
          }
        });
  }

  /**
   * Prints the arguments of a trainer for a layout.
   *
   * @param hasValidation whether there is also a layout of validation data
   */
  private static void printArguments(
      PrintWriter out, String folder, List<String> names, boolean hasValidation) {
    String flag = "";
    if (isMegatron(folder)) {
      String trainingFlag = hasValidation ? "--train-data-path " : "--data-path ";
      flag = isValidation(folder) ? "--valid-data-path " : trainingFlag;
    }
    String name = isValidation(folder) ? "validate on" : "train on";
    out.printf(SummaryPrinter.LINE, name, flag + arguments(folder, names));
  }

  private static boolean isValidation(String folder) {
    return folder.startsWith(ShardSet.VALIDATION);
  }

  private static boolean isMegatron(String folder) {
    return folder.endsWith("/megatron/");
  }

  /**
   * The names as arguments of a shell; a pattern or a command that finds them if they are many.
   *
   * @param folder of the layout, with a final slash, which is a part of each name
   */
  private static String arguments(String folder, List<String> names) {
    if (names.size() <= SummaryPrinter.MOST_NAMES) {
      return names.stream().map(ProgramCommand::argument).collect(Collectors.joining(" "));
    }
    String first = names.get(0);
    String root = first.substring(0, first.lastIndexOf(folder) + folder.length());
    return isMegatron(folder)
        ? "$(find %s -name '*.idx' | sort | sed 's/.idx$//')"
            .formatted(ProgramCommand.argument(root))
        : ProgramCommand.argument(root) + "*/"; // the shell lists the folders
  }
}
