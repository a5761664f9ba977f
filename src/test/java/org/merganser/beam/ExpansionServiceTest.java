package org.merganser.beam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.beam.model.expansion.v1.ExpansionApi.DiscoverSchemaTransformRequest;
import org.apache.beam.model.expansion.v1.ExpansionApi.DiscoverSchemaTransformResponse;
import org.apache.beam.model.expansion.v1.ExpansionApi.SchemaTransformConfig;
import org.apache.beam.model.expansion.v1.ExpansionServiceGrpc;
import org.apache.beam.model.pipeline.v1.ExternalTransforms.SchemaTransformPayload;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.RowCoder;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.schemas.Schema.FieldType;
import org.apache.beam.sdk.schemas.SchemaTranslation;
import org.apache.beam.sdk.schemas.utils.YamlUtils;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.util.construction.External;
import org.apache.beam.sdk.values.PCollectionRowTuple;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.Row;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.vendor.grpc.v1p69p0.com.google.protobuf.ByteString;
import org.apache.beam.vendor.grpc.v1p69p0.io.grpc.ManagedChannel;
import org.apache.beam.vendor.grpc.v1p69p0.io.grpc.ManagedChannelBuilder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The jar of the expansion service, started and asked over gRPC as Beam YAML and Python do. Runs
 * with {@code mvn -f src/clusters -pl expansion -am verify}. What a foreign runner makes of the
 * answer is not tried.
 */
@Tag("expansion")
final class ExpansionServiceTest {
  private static final Path JAR = Path.of("target/expansion/merganser-expansion.jar");
  private static final String URN = "beam:expansion:payload:schematransform:v1";
  private static final Schema TEXTS = Schema.builder().addStringField("body").build();

  private static Process service;
  private static ManagedChannel channel;
  private static String endpoint;

  @BeforeAll
  static void start() throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    service =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-jar",
                JAR.toString(),
                Integer.toString(port),
                "--filesToStage=" + JAR)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    endpoint = "localhost:" + port;
    channel = ManagedChannelBuilder.forTarget(endpoint).usePlaintext().build();
  }

  @AfterAll
  static void stop() {
    channel.shutdownNow();
    service.destroy();
  }

  private static SchemaTransformConfig discovered() {
    DiscoverSchemaTransformResponse answer =
        ExpansionServiceGrpc.newBlockingStub(channel)
            .withWaitForReady()
            .withDeadlineAfter(2, TimeUnit.MINUTES)
            .discoverSchemaTransform(DiscoverSchemaTransformRequest.getDefaultInstance());
    return answer.getSchemaTransformConfigsOrThrow(TokenizeTextProvider.IDENTIFIER);
  }

  private static PCollectionTuple expand(String yaml) throws IOException {
    Schema schema = SchemaTranslation.schemaFromProto(discovered().getConfigSchema());
    ByteArrayOutputStream row = new ByteArrayOutputStream();
    RowCoder.of(schema).encode(YamlUtils.toBeamRow(yaml, schema, false), row);
    byte[] payload =
        SchemaTransformPayload.newBuilder()
            .setIdentifier(TokenizeTextProvider.IDENTIFIER)
            .setConfigurationSchema(discovered().getConfigSchema())
            .setConfigurationRow(ByteString.copyFrom(row.toByteArray()))
            .build()
            .toByteArray();
    Row text = Row.withSchema(TEXTS).addValue("a text").build();
    return PCollectionRowTuple.of(
            "input", Pipeline.create().apply(Create.of(text).withCoder(RowCoder.of(TEXTS))))
        .apply(External.<PCollectionRowTuple, Row>of(URN, payload, endpoint).withMultiOutputs());
  }

  @Test
  void theTransformIsDiscoveredWithItsConfiguration() {
    SchemaTransformConfig config = discovered();
    assertThat(config.getInputPcollectionNamesList()).containsExactly("input");
    assertThat(config.getOutputPcollectionNamesList()).containsExactly("output");
    assertThat(SchemaTranslation.schemaFromProto(config.getConfigSchema()).getFieldNames())
        .isEqualTo(new TokenizeTextProvider().configurationSchema().getFieldNames());
  }

  @Test
  void anExpansionHasTheOutputsAndSchemasThatTheYamlAsksFor() throws IOException {
    PCollectionTuple outputs =
        expand(
            """
            tokenizer: gs://bucket/tokenizer.json
            text_field: body
            error_handling: { output: bad }
            """);
    assertThat(outputs.getAll().keySet())
        .extracting(TupleTag::getId)
        .containsExactlyInAnyOrder("output", "bad");
    assertThat(outputs.get("output").getSchema().getFields())
        .isEqualTo(
            Schema.builder()
                .addFields(TEXTS.getFields())
                .addArrayField("token_ids", FieldType.INT32)
                .build()
                .getFields());
    assertThat(outputs.get("bad").getSchema().getFieldNames())
        .isEqualTo(List.of("failed_row", "error_message"));
  }

  @Test
  void aWrongConfigurationIsAnErrorOfTheExpansion() {
    assertThatThrownBy(() -> expand("{ tokenizer: t.json, text_field: nothing }"))
        .hasMessageContaining("rows must have a field \"nothing\" that is a string");
  }
}
