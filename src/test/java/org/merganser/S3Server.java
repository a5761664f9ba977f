package org.merganser;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A real S3 server (S3Proxy) with one bucket, whose objects are files of a folder. */
public final class S3Server implements AutoCloseable {
  /** The credentials, as variables of the environment. */
  public static final Map<String, String> CREDENTIALS =
      Map.of(
          "AWS_ACCESS_KEY_ID", "merganser",
          "AWS_SECRET_ACCESS_KEY", "only-for-this-test");

  private static final String BUCKET = "bucket";

  private final StoreServer server;
  private final Path served;

  private S3Server(StoreServer server, Path served) {
    this.server = server;
    this.served = served;
  }

  /**
   * @param folder for the objects, the settings and the log
   */
  public static S3Server start(Path folder) throws IOException {
    Path servers = StoreServer.installed();
    Path served = folder.resolve("served");
    Files.createDirectories(served.resolve(BUCKET));
    int port = StoreServer.freePort();
    Path settings =
        Files.writeString(
            folder.resolve("s3proxy.conf"),
            String.join(
                "\n",
                "s3proxy.endpoint=http://127.0.0.1:" + port,
                "s3proxy.authorization=aws-v2-or-v4",
                "s3proxy.ignore-unknown-headers=true",
                "s3proxy.identity=" + CREDENTIALS.get("AWS_ACCESS_KEY_ID"),
                "s3proxy.credential=" + CREDENTIALS.get("AWS_SECRET_ACCESS_KEY"),
                "jclouds.provider=filesystem-nio2",
                "jclouds.filesystem.basedir=" + served));
    StoreServer server =
        StoreServer.start(
            port,
            folder.resolve("s3proxy.log"),
            List.of(
                "-jar",
                servers.resolve("s3proxy.jar").toString(),
                "--properties",
                settings.toString()));
    return new S3Server(server, served);
  }

  /** The flags with which Beam reaches the server. */
  public List<String> flags() {
    return List.of("--awsRegion=us-east-1", "--endpoint=http://127.0.0.1:" + server.port());
  }

  /** The location of the object with this name. */
  public String location(String path) {
    return "s3://" + BUCKET + "/" + path;
  }

  /** The local file with the bytes of the object with this name. */
  public Path file(String path) {
    return served.resolve(BUCKET).resolve(path);
  }

  @Override
  public void close() {
    server.close();
  }
}
