package org.merganser.layout;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.merganser.json.Json;

/**
 * The layouts of id shards, by their names in a job. To add one, write a {@link ShardLayout}, add a
 * constant here with what {@link #openedPaths} has for it, and describe it in docs/formats.md; the
 * job file, its schema, the commands and the rules use the constants.
 */
@SuppressWarnings("ImmutableEnumChecker") // a ShardLayout is stateless
public enum ShardFormat {
  /** The canonical shards, from which all layouts are converted. */
  PARQUET,

  /** The indexed dataset of Megatron-LM and NeMo. */
  MEGATRON(new MegatronLayout()),

  /** Ids without separators, as nanoGPT reads them, or with the header of llm.c. */
  BIN(new BinLayout(BinHeader.NONE), new BinLayout(BinHeader.LLMC)),

  /** A numpy array. */
  NPY(new NpyLayout()),

  /** datatrove's tokenized files, which Nanotron reads. */
  DATATROVE(new DatatroveLayout()),

  /** Lightning's litData, which litGPT reads. */
  LITDATA(new LitdataLayout()),

  /** The memory maps of dolma, which OLMo-core reads. */
  DOLMA(new DolmaLayout());

  /** The layout without a header before the ids; null for {@link #PARQUET}. */
  private final @Nullable ShardLayout layout;

  /** The layout with a header before the ids; equal to {@link #layout} if there is no choice. */
  private final @Nullable ShardLayout withHeader;

  ShardFormat() {
    this(null, null);
  }

  ShardFormat(ShardLayout layout) {
    this(layout, layout);
  }

  ShardFormat(@Nullable ShardLayout layout, @Nullable ShardLayout withHeader) {
    this.layout = layout;
    this.withHeader = withHeader;
  }

  /** The layouts that are converted from the canonical shards: all but {@link #PARQUET}. */
  public static List<ShardFormat> converted() {
    return Arrays.stream(values()).filter(format -> format != PARQUET).toList();
  }

  /** The name in a job file. */
  public String spelled() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The layout whose name is the last name of a folder; null if there is none.
   *
   * @param folder a path that ends in a slash
   */
  public static @Nullable ShardFormat ofFolder(String folder) {
    return Arrays.stream(values())
        .filter(format -> folder.endsWith("/" + format.spelled() + "/"))
        .findFirst()
        .orElse(null);
  }

  /**
   * The paths that a trainer opens: each prefix of Megatron, folders, a file, or a pattern of
   * files.
   *
   * @param folder the folder of the layout, with a slash at the end
   * @param files the files of ids in it or in its folders of groups, at least one
   */
  public List<String> openedPaths(String folder, List<String> files) {
    return switch (this) {
      case MEGATRON ->
          files.stream().map(file -> file.substring(0, file.lastIndexOf('.'))).toList();
      case DATATROVE, LITDATA ->
          files.stream()
              .map(file -> file.substring(0, file.lastIndexOf('/') + 1))
              .distinct()
              .toList();
      case PARQUET, BIN, NPY, DOLMA -> files.size() == 1 ? files : List.of(pattern(folder, files));
    };
  }

  /** A glob for all of the files, which are in the folder or in its folders of groups. */
  private static String pattern(String folder, List<String> files) {
    String first = files.get(0);
    boolean hasGroups = first.indexOf('/', folder.length()) >= 0;
    String suffix = first.substring(first.lastIndexOf('.'));
    return folder + (hasGroups ? "*/" : "") + "*" + suffix;
  }

  /**
   * A line of Python that prints the first ids of a file; for Parquet, the first rows of a folder.
   *
   * @param folder the folder of the layout, with a slash at the end
   * @param file a file of ids in it
   * @param header the choice for {@link #BIN}
   * @param bound the bound of the ids, exclusive
   */
  public String pythonExample(String folder, String file, BinHeader header, int bound) {
    String opened = Json.line(this == PARQUET ? folder : file);
    String print =
        this == PARQUET
            ? "import pyarrow.dataset as d; print(d.dataset(f).head(3))"
            : layout(header).printInPython(bound);
    return "f = " + opened + "; " + print;
  }

  /**
   * The layout that writes the files.
   *
   * @param header the choice for {@link #BIN}; other layouts have none
   * @throws NullPointerException for {@link #PARQUET}, which is not converted
   */
  public ShardLayout layout(BinHeader header) {
    return Objects.requireNonNull(header == BinHeader.LLMC ? withHeader : layout, name());
  }

  /**
   * Whether packed sequences are filled to their length, because the layout has no lengths; a
   * header does not change it.
   */
  public boolean fillsSequences() {
    return layout != null && layout.fillsSequences();
  }

  /**
   * Whether packed sequences are written in this layout, not only documents; a header does not
   * change it.
   */
  public boolean takesSequences() {
    return layout == null || layout.shape().sequences() != ShardLayout.Sequences.NONE;
  }

  /** Whether the layout has a place for a loss mask. */
  public boolean hasMask(BinHeader header) {
    return this == PARQUET || layout(header).shape().lossMask() == ShardLayout.LossMask.WRITTEN;
  }

  /** The name of the layout in messages. */
  public String label(BinHeader header) {
    return this == PARQUET ? spelled() : layout(header).label();
  }
}
