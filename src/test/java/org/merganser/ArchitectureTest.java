package org.merganser;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import org.apache.beam.sdk.transforms.DoFn;
import org.merganser.store.FileStore;

/** The arrows between the rooms: who may import whom. */
@AnalyzeClasses(
    packages = "org.merganser",
    importOptions = {ImportOption.DoNotIncludeTests.class})
final class ArchitectureTest {
  private static final String ROOT = "org.merganser.";
  private static final String[] JAVA = {"java..", "javax..", "org.jspecify.."};

  @ArchTest static final ArchRule text = room("text");
  @ArchTest static final ArchRule bpe = room("bpe");
  @ArchTest static final ArchRule tokenizer = room("tokenizer", "text", "bpe", "jackson");
  @ArchTest static final ArchRule pages = room("pages", "parquet");
  @ArchTest static final ArchRule store = room("store", "beam-files", "hdfs");

  @ArchTest
  static final ArchRule corpus =
      room("corpus", "text", "store", "pages", "jackson", "parquet", "compression");

  @ArchTest
  static final ArchRule shard =
      room("shard", "pages", "parquet", "jackson", "compression", "arrow");

  @ArchTest
  static final ArchRule embedding =
      room("embedding", "tokenizer", "bpe", "shard", "parquet", "jackson", "compression");

  @ArchTest
  static final ArchRule learn =
      room("learn", "shard", "embedding", "parquet", "jackson", "linear-algebra");

  @ArchTest
  static final ArchRule report =
      room("report", "text", "bpe", "tokenizer", "shard", "embedding", "learn", "jackson");

  @ArchTest static final ArchRule job = room("job", "jackson");

  @ArchTest
  static final ArchRule nobodyButTheCommandLineKnowsTheCommandLine =
      noClasses()
          .that()
          .resideOutsideOfPackage(ROOT + "cli..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(ROOT + "cli..", "picocli..");

  @ArchTest
  static final ArchRule onlyThePipelineAndTheStoreKnowBeam =
      noClasses()
          .that()
          .resideOutsideOfPackages(ROOT + "pipeline..", ROOT + "store..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.apache.beam..");

  @ArchTest
  static final ArchRule everyStepThatOpensFilesChecksItsWorkerAndReports =
      noClasses()
          .that()
          .areAssignableTo(DoFn.class)
          .and()
          .areNotAssignableTo("org.merganser.pipeline.WorkerFn")
          .should()
          .transitivelyDependOnClassesThat()
          .areAssignableTo(FileStore.class);

  @ArchTest
  static final ArchRule noRoomsDependOnEachOtherInACircle =
      slices().matching("org.merganser.(*)..").should().beFreeOfCycles();

  private static ArchRule room(String name, String... allowed) {
    String[] packages = new String[JAVA.length + 1 + allowed.length * 8];
    int n = 0;
    for (String java : JAVA) {
      packages[n++] = java;
    }
    packages[n++] = ROOT + name + "..";
    for (String neighbour : allowed) {
      for (String found : packagesOf(neighbour)) {
        packages[n++] = found;
      }
    }
    return classes()
        .that()
        .resideInAPackage(ROOT + name + "..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(java.util.Arrays.copyOf(packages, n));
  }

  private static String[] packagesOf(String neighbour) {
    return switch (neighbour) {
      case "jackson" -> new String[] {"com.fasterxml.jackson.."};
      case "arrow" -> new String[] {"org.apache.arrow.flatbuf..", "com.google.flatbuffers.."};
      case "parquet" ->
          new String[] {
            "org.apache.parquet..", "shaded.parquet.org.apache.thrift..", "org.apache.hadoop.conf.."
          };
      case "compression" ->
          new String[] {
            "com.github.luben.zstd..", "org.apache.commons.compress..", "org.tukaani.xz.."
          };
      case "beam-files" ->
          new String[] {"org.apache.beam.sdk.io..", "org.apache.beam.sdk.options.."};
      case "linear-algebra" -> new String[] {"org.ejml.."};
      case "hdfs" -> new String[] {"org.apache.hadoop.conf..", "org.apache.hadoop.fs.."};
      default -> new String[] {ROOT + neighbour + ".."};
    };
  }
}
