package org.merganser.layout;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.merganser.checksum.Sha256;
import org.merganser.json.Json;
import org.merganser.parquet.ShardException;
import org.merganser.shard.ShardRow;

/**
 * A folder that {@code datasets.load_from_disk} opens: Arrow IPC streams, {@code dataset_info.json}
 * and {@code state.json} (datasets/arrow_dataset.py). The ids are the column {@code input_ids}, as
 * transformers calls them; a packed sequence has the lengths of its pieces in {@code seq_lengths},
 * and the loss mask is {@code assistant_masks}, as TRL calls it.
 */
final class ArrowLayout extends ShardLayout {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  /** Ids of a row: its list's bytes fit a Java array. */
  private static final int MAX_TOKENS = (Integer.MAX_VALUE - 64) / 4;

  ArrowLayout() {
    super("arrow", List.of(".arrow"), Long.MAX_VALUE);
  }

  @Override
  int idBytes(int bound) {
    return 4;
  }

  @Override
  boolean hasProvenance() {
    return true;
  }

  @Override
  MaskPlace maskPlace() {
    return MaskPlace.WITHIN;
  }

  @Override
  public boolean describesFolder() {
    return true;
  }

  @Override
  Part newPart(Files files, Ids ids, Map<String, String> metadata, boolean masked)
      throws IOException {
    ArrowRows rows = new ArrowRows(ids.sequenceLength() > 0, masked);
    Map<String, String> all = new TreeMap<>(metadata);
    ObjectNode info = JSON.objectNode();
    info.putObject("info").set("features", features(rows.columns()));
    all.put("huggingface", info.toString());
    return new ArrowPart(
        new ArrowStreamWriter(files.file(".arrow"), rows.columns(), all), rows, ids.bound());
  }

  @Override
  public Map<String, byte[]> folderFiles(
      Ids ids,
      List<PartFile> parts,
      String tokenizerSha256,
      boolean masked,
      @Nullable String split) {
    ObjectNode info = JSON.objectNode();
    info.put("citation", "");
    info.put(
        "description",
        "Token ids made by merganser; tokenizer.json has sha256 " + tokenizerSha256 + ".");
    info.set("features", features(new ArrowRows(ids.sequenceLength() > 0, masked).columns()));
    info.put("homepage", "");
    info.put("license", "");
    ObjectNode state = JSON.objectNode();
    ArrayNode files = state.putArray("_data_files");
    List<String> sums = new ArrayList<>();
    for (PartFile part : parts) {
      files.addObject().put("filename", part.name());
      sums.add(part.sha256());
    }
    // What datasets' cache goes by: 16 hex digits, of the content.
    state.put(
        "_fingerprint",
        Sha256.of(String.join(" ", sums).getBytes(StandardCharsets.US_ASCII)).substring(0, 16));
    state.putNull("_format_columns");
    state.putObject("_format_kwargs");
    state.putNull("_format_type");
    state.put("_output_all_columns", false);
    state.put("_split", split);
    return Map.of("dataset_info.json", Json.file(info), "state.json", Json.file(state));
  }

  /** {@code Sequence}, not {@code List}: old and new releases of datasets read it. */
  private static ObjectNode features(List<ArrowColumn> columns) {
    ObjectNode features = JSON.objectNode();
    for (ArrowColumn column : columns) {
      ObjectNode value = JSON.objectNode();
      value.put(
          "dtype",
          switch (column.type()) {
            case INT8 -> "int8";
            case INT32 -> "int32";
            case INT64 -> "int64";
            case TEXT -> "string";
          });
      value.put("_type", "Value");
      if (column.isList()) {
        ObjectNode sequence = features.putObject(column.name());
        sequence.set("feature", value);
        sequence.put("_type", "Sequence");
      } else {
        features.set(column.name(), value);
      }
    }
    return features;
  }

  private record ArrowPart(ArrowStreamWriter out, ArrowRows rows, int bound) implements Part {
    /** What datasets itself writes at once; and a bound on memory. */
    private static final int BATCH_ROWS = 1000;

    private static final long BATCH_BYTES = 16 << 20;

    @Override
    public void write(ShardRow row) throws IOException {
      if (row.count > MAX_TOKENS) {
        throw new ShardException(
            "arrow: document \"%s\" has %s ids, a row holds %s"
                .formatted(row.docId, row.count, MAX_TOKENS));
      }
      IdFile.refuseBeyond(row, bound, "arrow");
      if (rows.bytes() + 4L * row.count > BATCH_BYTES && rows.count() > 0) {
        out.writeBatch();
        rows.cleared();
      }
      rows.add(row);
      if (rows.count() >= BATCH_ROWS) {
        out.writeBatch();
        rows.cleared();
      }
    }

    @Override
    public void finish() throws IOException {
      if (rows.count() > 0) {
        out.writeBatch();
        rows.cleared();
      }
      out.finish();
    }

    @Override
    public void close() throws IOException {
      out.close();
    }
  }
}
