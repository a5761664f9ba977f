package org.merganser.corpus.plan;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.merganser.corpus.read.Reading.file;
import static org.merganser.corpus.read.Reading.settings;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.ChildProcess;
import org.merganser.corpus.Compression;
import org.merganser.corpus.CorpusException;
import org.merganser.corpus.CorpusInput;
import org.merganser.corpus.CorpusSettings;
import org.merganser.corpus.FileRange;
import org.merganser.corpus.InputFile;
import org.merganser.corpus.InputFiles;
import org.merganser.corpus.InputFormat;
import org.merganser.corpus.WorkUnit;
import org.merganser.corpus.read.Compressed;
import org.merganser.corpus.read.Reading;
import org.merganser.store.FileStore;

class CorpusPlannerTest {
  @TempDir Path folder;

  private List<String> paths(Object... inputs) throws IOException {
    return CorpusPlanner.list(settings(InputFormat.AUTO, inputs)).stream()
        .map(InputFile::path)
        .toList();
  }

  private AbstractThrowableAssert<?, ?> refusal(Object... inputs) {
    return assertThatThrownBy(() -> paths(inputs)).isInstanceOf(CorpusException.class);
  }

  /** Creates files by the bytes of their names, so that the tests also run in a locale like C. */
  private void tree(String... names) throws IOException {
    for (String name : names) {
      String raw =
          URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20").replace("%2F", "/");
      Path path = Path.of(URI.create(folder.toUri() + raw));
      Files.createDirectories(path.getParent());
      Files.writeString(path, name);
    }
  }

  @Test
  void sortsAFolderByUtf8BytesOfTheRelativePath() throws IOException {
    tree(
        "b.txt", "a/z.txt", "a-b.txt", "B.txt", "ä.txt", "\uD83D\uDE00.txt", "\uFF5A.txt", "a/é/x");
    assertThat(paths(folder))
        .containsExactly(
            "B.txt",
            "a-b.txt",
            "a/z.txt",
            "a/é/x",
            "b.txt",
            "ä.txt",
            "\uFF5A.txt",
            "\uD83D\uDE00.txt");
  }

  @Test
  void keepsTheOrderOfTheInputsAndReadsAFileOnce() throws IOException {
    tree("b/x.txt", "a/y.txt", "a/z.txt");
    assertThat(paths(folder.resolve("b/x.txt"), folder.resolve("a/z.txt"), folder.resolve("a")))
        .containsExactly("x.txt", "z.txt", "y.txt");
    assertThat(paths(folder.resolve("a"), folder.resolve("b/../a/y.txt")))
        .containsExactly("y.txt", "z.txt");
  }

  @Test
  void expandsGlobsFromTheFolderBeforeTheirFirstSpecialCharacter() throws IOException {
    tree("en/a.jsonl", "en/b.txt", "de/a.jsonl", "de/deep/c.jsonl", "fr/a.jsonl");
    assertThat(paths(folder + "/*/*.jsonl"))
        .containsExactly("de/a.jsonl", "en/a.jsonl", "fr/a.jsonl");
    assertThat(paths(folder + "/**/*.jsonl"))
        .containsExactly("de/a.jsonl", "de/deep/c.jsonl", "en/a.jsonl", "fr/a.jsonl");
    assertThat(paths(folder + "/{en,de}/?.jsonl")).containsExactly("de/a.jsonl", "en/a.jsonl");
    assertThat(paths(folder + "/[!e]*/**"))
        .containsExactly("de/a.jsonl", "de/deep/c.jsonl", "fr/a.jsonl");
  }

  private static final String[] OF_SPARK = {
    ".DS_Store",
    ".part-0.txt.crc",
    "_SUCCESS",
    "_temporary/0/part-1.txt",
    "_temporary/0/part-2.txt",
    "a/.ipynb_checkpoints/x.txt",
    "a/b_c.txt",
    "a/drafts/d.raw",
    "a/drafts/d.txt",
    "part-0.txt"
  };

  /** The paths of the files below a location, with what is excluded and what is left out. */
  private static List<String> read(String input, SkippedInputs skipped, String... exclude)
      throws IOException {
    CorpusSettings all = settings(InputFormat.AUTO, input);
    Map<String, String> excluded = new TreeMap<>();
    for (String glob : exclude) {
      excluded.put(glob, glob);
    }
    return CorpusPlanner.list(all.toBuilder().exclude(excluded).build(), skipped).stream()
        .map(InputFile::path)
        .toList();
  }

  @Test
  void leavesOutHiddenNamesThatAreNotNamedAndTellsThemOnEachFileSystem() throws IOException {
    tree(OF_SPARK);
    FileSystems.setDefaultPipelineOptions(PipelineOptionsFactory.create());
    for (String name : OF_SPARK) {
      FileStore store = FileStore.of("mem://bucket");
      store.publish("mem://bucket/hidden/" + name, out -> out.write(name.getBytes(UTF_8)));
    }
    for (String root : List.of(folder.toString(), "mem://bucket/hidden")) {
      SkippedInputs skipped = new SkippedInputs();
      assertThat(read(root, skipped))
          .containsExactly("a/b_c.txt", "a/drafts/d.raw", "a/drafts/d.txt", "part-0.txt");
      assertThat(skipped)
          .hasToString("names that begin with . or _: 5, such as " + root + "/.DS_Store");
      assertThat(read(root + "/**/*.txt", skipped))
          .containsExactly("a/b_c.txt", "a/drafts/d.txt", "part-0.txt");
      assertThat(skipped.counts()).containsValue(5);
      SkippedInputs within = new SkippedInputs(); // what a glob would not match is not told
      assertThat(read(root + "/*/*/*", within)).containsExactly("a/drafts/d.raw", "a/drafts/d.txt");
      assertThat(within)
          .hasToString("names that begin with . or _: 2, such as " + root + "/_temporary");
      assertThat(read(root + "/_temporary/*/*", skipped))
          .containsExactly("0/part-1.txt", "0/part-2.txt");
      assertThat(read(root + "/_temporary", skipped)).hasSize(2);
      assertThat(read(root + "/{_,p}*", skipped)).containsExactly("_SUCCESS", "part-0.txt");
      assertThat(read(root + "/.DS_Store", skipped)).containsExactly(".DS_Store");
      assertThat(skipped.counts()).containsValue(5);
    }
  }

  @Test
  void excludesNamesEndsOfPathsAndWholePaths() throws IOException {
    tree(OF_SPARK);
    String root = folder.toString();
    SkippedInputs skipped = new SkippedInputs();
    assertThat(read(root, skipped, "*.raw", "*.none"))
        .containsExactly("a/b_c.txt", "a/drafts/d.txt", "part-0.txt");
    assertThat(skipped)
        .hasToString(
            String.format(
                """
                corpus.exclude "*.none": 0
                corpus.exclude "*.raw": 1, such as %1$s/a/drafts/d.raw
                names that begin with . or _: 5, such as %1$s/.DS_Store\
                """,
                root));
    for (String glob : List.of("drafts", "drafts/", "drafts/**", "a/drafts", root + "/a/d*/**")) {
      assertThat(read(root, new SkippedInputs(), glob))
          .as(glob)
          .containsExactly("a/b_c.txt", "part-0.txt");
    }
    assertThat(read(root, new SkippedInputs(), "b*", "/a/drafts/*", "fts/d.txt")).hasSize(3);
    assertThat(read(root + "/a/*.txt", new SkippedInputs(), "drafts")).containsExactly("b_c.txt");
    assertThatThrownBy(() -> read(root, new SkippedInputs(), "*.txt", "drafts"))
        .hasMessage(
            String.format(
                "corpus.inputs hold no file that is read; not read: corpus.exclude \"*.txt\": 2,"
                    + " such as %1$s/a/b_c.txt; corpus.exclude \"drafts\": 1, such as"
                    + " %1$s/a/drafts; names that begin with . or _: 5, such as %1$s/.DS_Store",
                root));
    assertThatThrownBy(() -> read(root + "/part-0.txt", new SkippedInputs(), "part*"))
        .hasMessageContaining("corpus.inputs hold no file that is read; not read: corpus.exclude");
    assertThatThrownBy(() -> read(root + "/*.crc", new SkippedInputs()))
        .hasMessageContaining("; not read: names that begin with . or _: 1");
    assertThatThrownBy(() -> read(root, new SkippedInputs(), "a[b"))
        .hasMessageStartingWith("corpus.exclude \"a[b\": ")
        .hasMessageContaining("a[b is neither a file nor a usable glob: its [ is not closed");
  }

  /** The glob has its root at the root of the file system. */
  @Test
  void anOutputThatAGlobAtTheRootWouldReadIsRefused() {
    CorpusSettings settings =
        CorpusSettings.builder(CorpusInput.of(List.of("/absent-o*/**"))).build();
    assertThatThrownBy(() -> CorpusPlanner.requireApart(settings, List.of(), "/absent-out"))
        .hasMessageContaining("/absent-out lies in the input /absent-o*/**");
  }

  @Test
  void anOutputMayLieWhereTheInputIsNotRead() throws IOException {
    tree("a.txt", "b/c.txt");
    CorpusSettings settings = settings(InputFormat.AUTO, folder);
    List<InputFile> files = CorpusPlanner.list(settings);
    CorpusPlanner.requireApart(settings, files, folder + "/_out");
    CorpusPlanner.requireApart(settings, files, folder + "/b/.out/run");
    assertThatThrownBy(() -> CorpusPlanner.requireApart(settings, files, folder + "/out"))
        .hasMessageContaining("lies in the input");
  }

  @Test
  void takesANameWithGlobCharactersForAFileWhereThereIsOne() throws IOException {
    tree("x[1].txt", "x1.txt", "st*r.txt", "star.txt");
    assertThat(paths(folder + "/x[1].txt")).containsExactly("x[1].txt");
    assertThat(paths(folder + "/st*r.txt")).containsExactly("st*r.txt");
    assertThat(paths(folder + "/x[12].txt")).containsExactly("x1.txt");
    assertThat(paths(folder + "/x\\[1].txt")).containsExactly("x[1].txt");
  }

  @Test
  void readsNamesThatAreOddOrNotUtf8() throws IOException {
    tree("with space.txt", "hash#tag.txt", "percent%20.txt", "new\nline.txt", "-dash", "--help");
    Path raw = Path.of(URI.create(folder.toUri() + "bad_%FF%FE.txt"));
    Files.writeString(raw, "raw");
    Reading reading = Reading.of(settings(InputFormat.TEXT, folder));
    assertThat(reading.ids())
        .containsExactly(
            "--help",
            "-dash",
            "bad_%FF%FE.txt",
            "hash#tag.txt",
            "new\nline.txt",
            "percent%20.txt",
            "with space.txt");
    assertThat(reading.texts()).contains("raw", "new\nline.txt");
  }

  @Test
  void refusesWhatDoesNotExistWithThePlaceItLookedIn() throws IOException {
    tree("a.txt");
    Path missing = folder.resolve("missing");
    refusal(missing)
        .hasMessage(
            "input %s does not exist (looked for %s); check the spelling", missing, missing);
    refusal(folder + "/*.jsonl")
        .hasMessage(
            "input %s/*.jsonl matches no file (looked in %s); check the spelling", folder, folder);
    refusal(folder + "/a.txt," + folder + "/a.txt")
        .hasMessageContaining("; this is one name with a comma: name each input by itself");
    refusal(folder + "/no/*.jsonl")
        .hasMessageContaining("matches nothing: there is no folder " + folder + "/no");
    refusal(folder + "/a[b").hasMessageContaining("its [ is not closed; put a backslash before it");
    refusal(folder + "/{a,b").hasMessageContaining("its { is not closed");
    refusal().hasMessageContaining("corpus.inputs is empty");
    Files.createDirectory(folder.resolve("empty"));
    refusal(folder.resolve("empty")).hasMessageContaining("is an empty folder");
  }

  @Test
  void refusesTwoFilesThatOutputsCouldNotTellApart() throws IOException {
    tree("en/part.jsonl", "de/part.jsonl");
    refusal(folder.resolve("en"), folder.resolve("de"))
        .hasMessageContaining("two inputs hold a file called part.jsonl")
        .hasMessageContaining("make the folder above both the input");
  }

  @Test
  void followsLinksAndReportsThoseThatLeadNowhere() throws IOException {
    tree("dir/a.txt");
    Files.createSymbolicLink(folder.resolve("to_dir"), Path.of("dir"));
    Files.createSymbolicLink(folder.resolve("to_file"), Path.of("dir/a.txt"));
    assertThat(paths(folder)).containsExactly("dir/a.txt", "to_file");
    Path dangling = Files.createSymbolicLink(folder.resolve("zz"), Path.of("nowhere"));
    SkippedInputs skipped = new SkippedInputs();
    assertThat(read(folder.toString(), skipped)).containsExactly("dir/a.txt", "to_file");
    assertThat(skipped.toString()).contains("links that lead nowhere: 1, such as " + dangling);
    refusal(dangling).hasMessageContaining("zz");
    assertThat(paths(folder + "/dir/**")).containsExactly("a.txt");
  }

  @Test
  void walksAFolderOnceHoweverManyLinksLeadToIt() throws IOException {
    int folders = 25;
    for (int i = 0; i < folders; i++) {
      tree("in/d" + i + "/a.txt");
    }
    tree("out/b.txt", "out/below/c.txt");
    for (int i = 0; i + 1 < folders; i++) {
      for (String name : List.of("left", "right")) {
        Files.createSymbolicLink(
            folder.resolve("in/d" + i + "/" + name), Path.of("../d" + (i + 1)));
      }
    }
    Files.createSymbolicLink(folder.resolve("in/y"), Path.of("../out"));
    Files.createSymbolicLink(folder.resolve("in/x"), Path.of("../out/below"));
    SkippedInputs skipped = new SkippedInputs();
    List<String> paths =
        CorpusPlanner.list(Reading.settings(InputFormat.AUTO, folder.resolve("in")), skipped)
            .stream()
            .map(InputFile::path)
            .toList();
    // What lies outside of the input has the path of the first link to it.
    assertThat(paths).hasSize(folders + 2).contains("d7/a.txt", "x/c.txt", "y/b.txt");
    assertThat(skipped.counts()).containsExactly(Map.entry(WALKED, 49));
    assertThat(skipped.toString()).endsWith("such as " + folder + "/in/d0/left");
    assertThat(paths(folder + "/in/d3/**/*.txt")).hasSize(folders - 3);
    assertThat(paths(folder + "/in/d3/left/*.txt")).containsExactly("a.txt");
  }

  private static final String WALKED = "folders that are read by another path";

  @Test
  void aLinkThatLeadsNowhereDisturbsNoGlobThatDoesNotMatchIt() throws IOException {
    tree("dir/a.txt");
    Files.createSymbolicLink(folder.resolve("old.bak"), Path.of("nowhere"));
    Files.createSymbolicLink(folder.resolve("dir/self"), Path.of("self"));
    assertThat(paths(folder + "/**/*.txt")).containsExactly("dir/a.txt");
    refusal(folder + "/**").hasMessageContaining(folder + "/dir/self");
  }

  @Test
  void tellsOfAllEntriesOfAFolderThatCannotBeReadInOneRun() throws IOException {
    tree("dir/a.txt", "dir/b/c.txt");
    Path first = Files.createSymbolicLink(folder.resolve("dir/1.txt"), Path.of("1.txt"));
    Path second = Files.createSymbolicLink(folder.resolve("dir/b/2.txt"), Path.of("2.txt"));
    Path third = Files.createSymbolicLink(folder.resolve("dir/b/up"), Path.of(".."));
    refusal(folder + "/dir")
        .hasMessageContaining("3 inputs cannot be used")
        .hasMessageContaining(first + ": a link to 1.txt that never ends at a file")
        .hasMessageContaining(second + ": a link to 2.txt that never ends at a file")
        .hasMessageContaining(third + ": a link leads back to ");
  }

  @Test
  void refusesLinksThatGoInCircles() throws IOException {
    tree("dir/a.txt");
    Path up = Files.createSymbolicLink(folder.resolve("dir/up"), Path.of(".."));
    refusal(folder).hasMessageContaining(up + ": a link leads back to " + folder.toRealPath());
    Files.delete(up);
    Path self = Files.createSymbolicLink(folder.resolve("self"), Path.of("self"));
    refusal(folder)
        .hasMessageContaining(self + ": a link to self that never ends at a file")
        .hasMessageContaining("leave it out with corpus.exclude (--exclude)");
    refusal(self);
    Files.createSymbolicLink(folder.resolve("dir/up"), Path.of(".."));
    assertThat(read(folder.toString(), new SkippedInputs(), "self", "up"))
        .containsExactly("dir/a.txt");
  }

  @Test
  void refusesFifosAndDevices() throws Exception {
    Path fifo = folder.resolve("fifo");
    Assumptions.assumeTrue(
        ChildProcess.start(new ProcessBuilder("mkfifo", fifo.toString())).waitFor() == 0);
    refusal(folder)
        .hasMessageContaining(fifo + " is not usable: neither a file nor a folder (a FIFO");
    refusal(fifo);
    refusal("/dev/null")
        .hasMessageContaining("/dev/null is not usable: neither a file nor a folder");
  }

  @Test
  void refusesAFileThatMayNotBeRead() throws IOException {
    Path secret = file(folder, "secret.txt", "x");
    assertThat(secret.toFile().setReadable(false, false)).isTrue();
    Assumptions.assumeFalse(Files.isReadable(secret), "this user reads everything");
    refusal(folder).hasMessageContaining(secret + " may not be read: change its permissions");
  }

  @Test
  void saysWhereTheDiskFails() {
    Path broken = Path.of("/proc/self/mem");
    Assumptions.assumeTrue(Files.exists(broken), "Linux has a file whose first byte fails");
    refusal(broken).hasMessageContaining("/proc/");
  }

  @Test
  void detectsFormatAndCompressionByContentFirst() throws IOException {
    file(folder, "a", "{\"text\":\"json without a name\"}\n");
    file(folder, "b.json", "x");
    file(folder, "c.txt", "{\"text\":\"a text by name\"}\n");
    file(folder, "d.txt", "PAR1 and so on");
    file(folder, "e", "WARC/1.0\r\n");
    file(folder, "f.jsonl.gz", Compressed.gzip("{\"text\":\"x\"}"));
    file(folder, "g", Compressed.zstd("{\"text\":\"x\"}"));
    file(folder, "h.gz", "not gzip");
    file(folder, "i.py", "{\n");
    assertThat(CorpusPlanner.list(settings(InputFormat.AUTO, folder)))
        .extracting(InputFile::path, InputFile::format, InputFile::compression)
        .containsExactly(
            tuple("a", InputFormat.JSONL, Compression.NONE),
            tuple("b.json", InputFormat.JSONL, Compression.NONE),
            tuple("c.txt", InputFormat.TEXT, Compression.NONE),
            tuple("d.txt", InputFormat.PARQUET, Compression.NONE),
            tuple("e", InputFormat.WARC, Compression.NONE),
            tuple("f.jsonl.gz", InputFormat.JSONL, Compression.GZIP),
            tuple("g", InputFormat.JSONL, Compression.ZSTD),
            tuple("h.gz", InputFormat.TEXT, Compression.GZIP),
            tuple("i.py", InputFormat.TEXT, Compression.NONE));
  }

  private static InputFile planned(String path, long size, InputFormat format, Compression c) {
    return InputFiles.of(path, "/" + path, size, 0, format, c);
  }

  @Test
  void groupsSmallFilesAndCutsLargeOnesSoThatRangesTileThem() {
    List<InputFile> files = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      files.add(planned("s" + i, 15, InputFormat.TEXT, Compression.NONE));
    }
    long large = (1L << 33) + 7;
    files.add(planned("large.jsonl", large, InputFormat.JSONL, Compression.NONE));
    files.add(planned("large.jsonl.gz", large, InputFormat.JSONL, Compression.GZIP));
    files.add(planned("doc.txt", 60L << 20, InputFormat.TEXT, Compression.NONE));
    List<WorkUnit> units = CorpusPlanner.plan(files);
    assertThat(units)
        .extracting(WorkUnit::number)
        .isEqualTo(LongStream.range(0, units.size()).mapToObj(i -> (int) i).toList());
    assertThat(units.get(0).ranges()).hasSize(1000);
    List<FileRange> ranges = units.stream().flatMap(u -> u.ranges().stream()).toList();
    long at = 0;
    for (FileRange range : ranges) {
      at = range.file().path().equals("large.jsonl") && range.start() > 0 ? at : 0;
      assertThat(range.start()).isEqualTo(at);
      at = range.end();
    }
    assertThat(ranges.stream().filter(r -> r.file().path().equals("large.jsonl"))).hasSize(129);
    assertThat(ranges.stream().filter(r -> r.file().path().endsWith(".gz"))).hasSize(1);
    assertThat(ranges.stream().filter(r -> r.file().path().equals("doc.txt"))).hasSize(1);
  }

  @Test
  void aimsAtSixtyFourUnitsAndMoreBetweenFourAndSixtyFourMebibytes() {
    assertThat(CorpusPlanner.targetBytes(0)).isEqualTo(4 << 20);
    assertThat(CorpusPlanner.targetBytes(255L << 20)).isEqualTo(4 << 20);
    assertThat(CorpusPlanner.targetBytes(3L << 30)).isEqualTo(32 << 20);
    assertThat(CorpusPlanner.targetBytes(1L << 40)).isEqualTo(64 << 20);
  }

  @Test
  void plansNothingForNoFiles() {
    assertThat(CorpusPlanner.plan(List.of())).isEmpty();
  }

  @Test
  void filesOfTenMegabytesShareUnits() {
    SimulatedCorpus corpus =
        new SimulatedCorpus(20_000, 200_000_000_000L, InputFormat.JSONL, Compression.NONE);
    assertThat(corpus.list().stream().mapToLong(InputFile::size).sum()).isEqualTo(corpus.bytes());
    List<WorkUnit> units = CorpusPlanner.plan(corpus.list());
    // A unit has a quarter of 64 MiB to all of it.
    assertThat(units).hasSizeBetween(2_900, 12_000);
    assertThat(units.stream().mapToInt(unit -> unit.ranges().size()).sum())
        .isGreaterThanOrEqualTo(20_000);
  }
}
