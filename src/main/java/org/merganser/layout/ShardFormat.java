package org.merganser.layout;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.merganser.json.Json;

/**
 * The layouts of id shards, by their names in a job. To add one, write a {@link ShardLayout}, add a
 * constant here, and describe it in docs/formats.md; the job file, its schema, the commands and the
 * rules use the constants.
 */
@SuppressWarnings("ImmutableEnumChecker") // a ShardLayout is stateless
public enum ShardFormat {
  /** The canonical shards, from which all layouts are converted. */
  PARQUET(null, null),
  MEGATRON(new MegatronLayout()),
  BIN(new BinLayout(BinHeader.NONE), new BinLayout(BinHeader.LLMC)),
  NPY(new NpyLayout()),
  DATATROVE(new DatatroveLayout()),
  LITDATA(new LitdataLayout()),
  DOLMA(new DolmaLayout());

  private final @Nullable ShardLayout layout;
  private final @Nullable ShardLayout withHeader;

  ShardFormat(ShardLayout layout) {
    this(layout, layout);
  }

  ShardFormat(@Nullable ShardLayout layout, @Nullable ShardLayout withHeader) {
    this.layout = layout;
    this.withHeader = withHeader;
  }

  /** The layouts that are converted from the canonical shards. */
  public static List<ShardFormat> made() {
    return Arrays.stream(values()).filter(format -> format != PARQUET).toList();
  }

  public String spelled() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The layout that a folder is named after; null for another folder. */
  public static @Nullable ShardFormat named(String folder) {
    return Arrays.stream(values())
        .filter(format -> folder.endsWith("/" + format.spelled() + "/"))
        .findFirst()
        .orElse(null);
  }

  /**
   * What a trainer opens: each prefix of Megatron, folders, a file, or a pattern of files.
   *
   * @param folder of the layout, ends in a slash
   * @param files of ids in it or in its folders of groups, at least one
   */
  public List<String> opened(String folder, List<String> files) {
    String first = files.get(0);
    String groups = first.indexOf('/', folder.length()) < 0 ? "" : "*/";
    return switch (this) {
      case MEGATRON -> files.stream().map(f -> f.substring(0, f.lastIndexOf('.'))).toList();
      case DATATROVE, LITDATA ->
          files.stream().map(f -> f.substring(0, f.lastIndexOf('/') + 1)).distinct().toList();
      case PARQUET, BIN, NPY, DOLMA ->
          files.size() == 1
              ? files
              : List.of(folder + groups + "*" + first.substring(first.lastIndexOf('.')));
    };
  }

  /**
   * A line of Python that prints the first ids, below {@code bound}, of a file; for Parquet, the
   * first rows of a folder.
   */
  public String python(String folder, String file, BinHeader header, int bound) {
    String read =
        switch (this) {
          case PARQUET -> "import pyarrow.dataset as d; print(d.dataset(f).head(3))";
          case NPY -> "import numpy; print(numpy.load(f, \"r\")[:9])";
          default -> "import numpy; print(numpy.memmap(f, \"%s\", \"r\", %s)[:9])";
        };
    String begin =
        this == LITDATA
            ? "4 * (2 + int(numpy.fromfile(f, \"int32\", 1)[0]))"
            : this == BIN && header == BinHeader.LLMC ? "1024" : "0";
    String dtype = this == PARQUET ? "" : layout(header).dtype(bound);
    return "f = %s; ".formatted(Json.line(this == PARQUET ? folder : file))
        + read.formatted(dtype, begin);
  }

  /** The layout that writes the files, for bin with this header; {@link #PARQUET} has none. */
  public ShardLayout layout(BinHeader header) {
    return Objects.requireNonNull(header == BinHeader.LLMC ? withHeader : layout, name());
  }

  /** Whether packed sequences are filled to their length, because the layout has no lengths. */
  public boolean fillsSequences() {
    return layout != null && layout.fillsSequences();
  }

  /** Whether packed sequences are written in this layout, not only documents. */
  public boolean takesSequences() {
    return layout == null || layout.shape().sequences() != ShardLayout.Sequences.NONE;
  }

  public boolean hasMask(BinHeader header) {
    return this == PARQUET || layout(header).shape().hasMask();
  }

  public String label(BinHeader header) {
    return this == PARQUET ? spelled() : layout(header).label();
  }
}
