package org.merganser;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.beam.sdk.transforms.DoFn;
import org.merganser.pipeline.output.Fingerprint;
import org.merganser.store.FileStore;

/**
 * The tree of packages. {@link #ORDER} lists every package: each may use those before it and none
 * after it. The other rules say which libraries a package may use.
 */
@AnalyzeClasses(
    packages = "org.merganser",
    importOptions = {ArchitectureTest.WithoutTests.class})
final class ArchitectureTest {
  /** Leaves out all that was compiled with this test, whatever the folder is called. */
  static final class WithoutTests implements ImportOption {
    private static final String TESTS =
        ArchitectureTest.class.getProtectionDomain().getCodeSource().getLocation().getPath();

    @Override
    public boolean includes(Location location) {
      return !location.contains(TESTS);
    }
  }

  private static final String ROOT = "org.merganser.";

  /** Every package, those that others use first. */
  static final List<String> ORDER =
      """
      checksum binary json message job.key
      text.unicode text.regex.parse text.regex text.normalize text.scan text.pretokenize
      bpe bpe.count bpe.encode bpe.train bpe.superword bpe.parity
      tokenizer.parts tokenizer.json tokenizer tokenizer.audit
      store parquet.file parquet
      corpus corpus.field corpus.decode corpus.kind corpus.read corpus.select corpus.plan
      output output.figures output.receipt output.manifest shard layout
      output.verify
      embedding embedding.exchange
      learn.tuple learn.ngram learn.vector
      report report.measure report.statistics report.page
      job
      pipeline.output pipeline.output.receipt pipeline.output.finished pipeline.output.version
      pipeline.output.deadletter
      pipeline.worker pipeline.engine pipeline.settings pipeline.spec pipeline.progress pipeline.step
      pipeline.select pipeline.pretokens pipeline.count pipeline.request pipeline.train pipeline.measure
      pipeline.encode pipeline.join pipeline.convert pipeline.learn
      pipeline.verify pipeline.prepare pipeline.finish pipeline
      beam
      cli.terminal cli.job cli.usage cli.embeddings cli.init cli.tokenizer cli
      """
          .lines()
          .flatMap(line -> Stream.of(line.split(" ")))
          .toList();

  /**
   * Types that no other package uses by their code: a program's entry; an exception that nobody
   * catches by name; types of which others use only constants, which the compiler copies; and types
   * that tests of a neighbour package need, which cannot move since they also need what is
   * package-private there.
   */
  private static final Set<String> PUBLIC_FOR_OTHER_REASONS =
      Set.of(
          "cli.Main",
          // for applications
          "beam.TokenizeText",
          "beam.TokenizeTextProvider",
          "tokenizer.Encoding",
          "tokenizer.StreamingDecoder",
          "tokenizer.TextEncoder",
          // thrown to other packages
          "bpe.count.GroupLimitException",
          // only constants
          "binary.HashMultiplier",
          "cli.job.ExitCode",
          "text.normalize.LowercaseNormalizer",
          // tests of a neighbour
          "pipeline.encode.UnitEncoder",
          "pipeline.verify.InterruptedRun",
          "pipeline.verify.InterruptedRunSearch",
          "pipeline.worker.WorkerCheck",
          "text.normalize.NormalizationQuickCheck",
          "text.pretokenize.DelimiterPreTokenizer",
          "text.pretokenize.MatchPreTokenizer",
          "text.pretokenize.PreTokenizerFactory",
          "text.pretokenize.ScannerPreTokenizer");

  private static final String[] JAVA = {"java..", "javax..", "org.jspecify.."};

  private static final Map<String, String[]> LIBRARIES =
      Map.of(
          "jackson", new String[] {"com.fasterxml.jackson.."},
          "json-annotations", new String[] {"com.fasterxml.jackson.annotation.."},
          "parquet",
              new String[] {
                "org.apache.parquet..",
                "org.apache.avro..",
                "shaded.parquet.org.apache.thrift..",
                "io.airlift.compress.lz4..",
                "org.xerial.snappy..",
                "org.apache.hadoop.conf.."
              },
          "compression",
              new String[] {
                "com.github.luben.zstd..", "org.apache.commons.compress..", "org.tukaani.xz.."
              },
          "commons-io", new String[] {"org.apache.commons.io.."},
          "csv", new String[] {"de.siegmar.fastcsv.."},
          "file-types", new String[] {"org.apache.tika..", "org.mozilla.universalchardet.."},
          "beam-files", new String[] {"org.apache.beam.sdk.io..", "org.apache.beam.sdk.options.."},
          "linear-algebra", new String[] {"org.ejml.."},
          "hdfs", new String[] {"org.apache.hadoop.conf..", "org.apache.hadoop.fs.."});

  /** {@code FailuresTest} finds them by their names. */
  @ArchTest
  static final ArchRule publicExceptionsAreNamedSo =
      classes()
          .that()
          .areAssignableTo(Exception.class)
          .and()
          .arePublic()
          .should()
          .haveSimpleNameEndingWith("Exception");

  @ArchTest
  static void everyPackageUsesOnlyPackagesAboveIt(JavaClasses all) {
    List<String> wrong = new ArrayList<>();
    for (JavaClass from : all) {
      int place = place(from);
      from.getDirectDependenciesFromSelf().stream()
          .map(dependency -> dependency.getTargetClass().getBaseComponentType())
          .filter(to -> to.getPackageName().startsWith(ROOT) && place(to) > place)
          .forEach(to -> wrong.add(from.getName() + " uses " + to.getName()));
    }
    assertThat(wrong).isEmpty();
  }

  @ArchTest
  static void everyPackageHasAPlaceInTheOrder(JavaClasses all) {
    TreeSet<String> packages = new TreeSet<>();
    all.forEach(found -> packages.add(found.getPackageName()));
    packages.remove("org.merganser");
    assertThat(packages)
        .containsExactlyInAnyOrderElementsOf(ORDER.stream().map(ROOT::concat).toList());
  }

  @ArchTest
  static final ArchRule noPackagesDependOnEachOtherInACircle =
      slices().assignedFrom(new Packages()).should().beFreeOfCycles();

  /** The classes of the packages that have most of them are in an order, too. */
  @ArchTest
  static final ArchRule noReadersDependOnEachOtherInACircle =
      slices().assignedFrom(new ClassesOf("corpus.read")).should().beFreeOfCycles();

  @ArchTest
  static final ArchRule noClassesOfARunDependOnEachOtherInACircle =
      slices().assignedFrom(new ClassesOf("pipeline")).should().beFreeOfCycles();

  @ArchTest static final ArchRule checksum = uses("checksum", "Java");
  @ArchTest static final ArchRule binary = uses("binary", "Java");
  @ArchTest static final ArchRule json = uses("json", "jackson");
  @ArchTest static final ArchRule message = uses("message", "Java");
  @ArchTest static final ArchRule text = uses("text", "json-annotations");
  @ArchTest static final ArchRule bpe = uses("bpe", "the core");
  @ArchTest static final ArchRule tokenizer = uses("tokenizer", "jackson");
  @ArchTest static final ArchRule store = uses("store", "beam-files", "hdfs", "commons-io");
  @ArchTest static final ArchRule job = uses("job", "jackson");
  @ArchTest static final ArchRule parquet = uses("parquet", "parquet", "compression", "commons-io");

  @ArchTest
  static final ArchRule corpus =
      uses("corpus", "jackson", "parquet", "compression", "csv", "commons-io", "file-types");

  @ArchTest
  static final ArchRule output = uses("output", "jackson", "commons-io", "compression", "parquet");

  @ArchTest static final ArchRule shard = uses("shard", "parquet", "jackson", "compression");

  @ArchTest static final ArchRule layout = uses("layout", "parquet", "jackson");

  @ArchTest
  static final ArchRule embedding = uses("embedding", "parquet", "jackson", "compression");

  @ArchTest static final ArchRule learn = uses("learn", "parquet", "jackson", "linear-algebra");

  @ArchTest static final ArchRule report = uses("report", "jackson");

  @ArchTest
  static final ArchRule theJobFileKnowsOnlyValuesOfTheProject =
      noClasses()
          .that()
          .resideInAPackage(ROOT + "job")
          .should()
          .dependOnClassesThat(
              resideInAPackage("org.merganser..")
                  .and(resideOutsideOfPackage(ROOT + "job"))
                  .and(resideOutsideOfPackages(ROOT + "job.key", ROOT + "json"))
                  .and(not(assignableTo(Enum.class).or(assignableTo(Record.class)))));

  @ArchTest
  static final ArchRule theStoreKnowsNothingOfTheProjectButSums =
      noClasses()
          .that()
          .resideInAPackage(ROOT + "store..")
          .should()
          .dependOnClassesThat(
              resideInAPackage("org.merganser..")
                  .and(resideOutsideOfPackages(ROOT + "store..", ROOT + "checksum..")));

  @ArchTest
  static final ArchRule thePageAndTheFiguresReadNoCorpus =
      noClasses()
          .that()
          .resideInAPackage(ROOT + "report..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(ROOT + "corpus..", ROOT + "store..", ROOT + "job..");

  @ArchTest
  static final ArchRule learningKnowsNoText =
      noClasses()
          .that()
          .resideInAPackage(ROOT + "learn..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(ROOT + "text..", ROOT + "tokenizer..", ROOT + "corpus..");

  @ArchTest
  static final ArchRule nobodyButTheCommandLineKnowsTheCommandLine =
      noClasses()
          .that()
          .resideOutsideOfPackage(ROOT + "cli..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(ROOT + "cli..", "picocli..");

  @ArchTest
  static final ArchRule onlyThePipelineTheTransformsAndTheStoreKnowBeam =
      noClasses()
          .that()
          .resideOutsideOfPackages(ROOT + "pipeline..", ROOT + "beam..", ROOT + "store..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.apache.beam..");

  /**
   * A file, shards, documents, kept pretokens, a plan, a tokenizer, runs, and what is named by its
   * content.
   */
  private static final Set<String> INPUTS =
      Set.of(
          "pipeline.prepare.CorpusPreparation",
          "pipeline.prepare.ShardsPreparation",
          "pipeline.prepare.TokenizerPreparation",
          "pipeline.measure.StatisticsPublication",
          "pipeline.output.receipt.ShardSet",
          "pipeline.select.DocumentSelection",
          "pipeline.select.DuplicateFiles",
          "pipeline.select.TextHashFiles",
          "pipeline.pretokens.KeptPretokens",
          "pipeline.train.TokenizerPublication",
          "pipeline.worker.LocalFiles");

  /**
   * What a stage makes is named by {@code Stage.fingerprint}, which knows the keys that the stage
   * declares. Only what names the inputs of stages makes a fingerprint beside it.
   */
  @ArchTest
  static final ArchRule onlyStagesAndInputsAreFingerprinted =
      noClasses()
          .that()
          .doNotHaveFullyQualifiedName(ROOT + "pipeline.spec.Stage")
          .and()
          .doNotHaveFullyQualifiedName(ROOT + "pipeline.step.ResumableUnit")
          .and(not(describe("name inputs", type -> INPUTS.contains(relative(type)))))
          .should()
          .callMethod(Fingerprint.class, "of", Object[].class);

  private static String relative(JavaClass type) {
    return type.getName().substring(type.getName().indexOf(ROOT) + ROOT.length());
  }

  @ArchTest
  static final ArchRule everyStepThatOpensFilesChecksItsWorkerAndReports =
      noClasses()
          .that()
          .areAssignableTo(DoFn.class)
          .and()
          .resideOutsideOfPackage(ROOT + "beam..") // in a pipeline of others there is no run
          .and()
          .areNotAssignableTo("org.merganser.pipeline.step.StepFn")
          .should()
          .transitivelyDependOnClassesThat()
          .areAssignableTo(FileStore.class);

  @ArchTest
  static void aTypeIsPublicOnlyIfAnotherPackageUsesIt(JavaClasses all) {
    TreeSet<String> used = new TreeSet<>(PUBLIC_FOR_OTHER_REASONS);
    TreeSet<String> open = new TreeSet<>();
    for (JavaClass type : all) {
      if (type.isTopLevelClass() && type.getModifiers().contains(JavaModifier.PUBLIC)) {
        open.add(type.getName().substring(ROOT.length()));
      }
      type.getDirectDependenciesFromSelf().stream()
          .map(dependency -> outermost(dependency.getTargetClass().getBaseComponentType()))
          .filter(target -> target.getPackageName().startsWith(ROOT))
          .filter(target -> !target.getPackageName().equals(type.getPackageName()))
          .forEach(target -> used.add(target.getName().substring(ROOT.length())));
    }
    assertThat(open).isSubsetOf(used);
    assertThat(open).containsAll(PUBLIC_FOR_OTHER_REASONS);
  }

  private static JavaClass outermost(JavaClass type) {
    return type.getEnclosingClass().map(ArchitectureTest::outermost).orElse(type);
  }

  /** A package and its sub-packages use nothing but Java, the project and some libraries. */
  private static ArchRule uses(String name, String... libraries) {
    List<String> packages = new ArrayList<>(List.of(JAVA));
    packages.add("org.merganser..");
    for (String library : libraries) {
      packages.addAll(List.of(LIBRARIES.getOrDefault(library, new String[0])));
    }
    return classes()
        .that()
        .resideInAPackage(ROOT + name + "..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(packages.toArray(String[]::new));
  }

  private static int place(JavaClass of) {
    String name = of.getPackageName();
    return name.equals("org.merganser")
        ? ORDER.size()
        : ORDER.indexOf(name.substring(ROOT.length()));
  }

  /** Each class of some packages is a slice, with the classes in it. */
  private record ClassesOf(String packages) implements SliceAssignment {
    @Override
    public SliceIdentifier getIdentifierOf(JavaClass found) {
      return found.getPackageName().startsWith(ROOT + packages)
          ? SliceIdentifier.of(outermost(found).getName())
          : SliceIdentifier.ignore();
    }

    @Override
    public String getDescription() {
      return "each class of " + packages;
    }
  }

  /** Each package is a slice of its own, sub-packages too. */
  private static final class Packages implements SliceAssignment {
    @Override
    public SliceIdentifier getIdentifierOf(JavaClass found) {
      return SliceIdentifier.of(found.getPackageName());
    }

    @Override
    public String getDescription() {
      return "each package";
    }
  }
}
