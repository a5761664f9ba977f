package org.merganser;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sample on a real S3 server (S3Proxy). Runs with {@code mvn -Pcluster,s3 surefire:test}. */
@Tag("stores")
final class S3Test {
  private static final String KEY = "merganser";
  private static final String SECRET = "only-for-this-test";

  @TempDir Path folder;

  @Test
  void readsItsCorpusFromAndWritesTheSameBytesToABucket() throws Exception {
    withBucket(sample -> sample.prove(Files.createDirectory(folder.resolve("local"))));
  }

  @Test
  void addsToACorpusInABucketThroughKills() throws Exception {
    withBucket(
        sample ->
            sample.proveAppending(
                Files.createDirectory(folder.resolve("local")),
                List.of(
                    "-Xmx500m", "-Daws.accessKeyId=" + KEY, "-Daws.secretAccessKey=" + SECRET)));
  }

  @FunctionalInterface
  private interface Proof {
    void of(RemoteSample sample) throws Exception;
  }

  private void withBucket(Proof proof) throws Exception {
    Path servers = StoreServer.installed();
    // A folder of the server's file system is a bucket.
    Files.createDirectories(folder.resolve("served/bucket"));
    int port = StoreServer.freePort();
    Path settings =
        Files.writeString(
            folder.resolve("s3proxy.conf"),
            String.join(
                "\n",
                "s3proxy.endpoint=http://127.0.0.1:" + port,
                "s3proxy.authorization=aws-v2-or-v4",
                "s3proxy.ignore-unknown-headers=true",
                "s3proxy.identity=" + KEY,
                "s3proxy.credential=" + SECRET,
                "jclouds.provider=filesystem-nio2",
                "jclouds.filesystem.basedir=" + folder.resolve("served")));
    System.setProperty("aws.accessKeyId", KEY);
    System.setProperty("aws.secretAccessKey", SECRET);
    try (StoreServer server =
        StoreServer.start(
            port,
            folder.resolve("s3proxy.log"),
            List.of(
                "-jar",
                servers.resolve("s3proxy.jar").toString(),
                "--properties",
                settings.toString()))) {
      proof.of(
          new RemoteSample(
              "s3://bucket/merganser",
              List.of("--awsRegion=us-east-1", "--endpoint=http://127.0.0.1:" + server.port())));
    } finally {
      System.clearProperty("aws.accessKeyId");
      System.clearProperty("aws.secretAccessKey");
    }
  }
}
