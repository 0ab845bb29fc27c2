// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.tikv;

import dev.brain.engine.EngineException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.tikv.shade.io.grpc.ChannelCredentials;
import org.tikv.shade.io.grpc.TlsChannelCredentials;
import org.tikv.shade.io.grpc.util.AdvancedTlsX509KeyManager;
import org.tikv.shade.io.grpc.util.AdvancedTlsX509TrustManager;

/**
 * The files for mutual TLS. They are read again when they have changed; a renewed certificate needs
 * no restart.
 */
final class Tls {
  private static final long RELOAD_SECONDS = 10;

  private final ChannelCredentials credentials;

  private Tls(ChannelCredentials credentials) {
    this.credentials = credentials;
  }

  /**
   * Reads the files.
   *
   * @param authority certificates to trust, PEM
   * @param certificate our certificate and those that lead to an authority, PEM
   * @param key our key, PKCS#8 PEM
   * @param reloader looks at the files from time to time
   */
  static Tls read(Path authority, Path certificate, Path key, ScheduledExecutorService reloader) {
    AdvancedTlsX509TrustManager trust = trust(authority, reloader);
    AdvancedTlsX509KeyManager identity = identity(certificate, key, reloader);
    return new Tls(
        TlsChannelCredentials.newBuilder().trustManager(trust).keyManager(identity).build());
  }

  @SuppressWarnings(
      "CheckReturnValue") // what is returned only ends the reloading, as the executor does
  private static AdvancedTlsX509TrustManager trust(
      Path authority, ScheduledExecutorService reloader) {
    try {
      AdvancedTlsX509TrustManager trust = AdvancedTlsX509TrustManager.newBuilder().build();
      trust.updateTrustCredentialsFromFile(
          authority.toFile(), RELOAD_SECONDS, TimeUnit.SECONDS, reloader);
      return trust;
    } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
      throw invalid(TikvSettings.CACERT, authority, "a readable PEM file with certificates", e);
    }
  }

  @SuppressWarnings("CheckReturnValue") // as above
  private static AdvancedTlsX509KeyManager identity(
      Path certificate, Path key, ScheduledExecutorService reloader) {
    File keyFile = key.toFile();
    try {
      AdvancedTlsX509KeyManager identity = new AdvancedTlsX509KeyManager();
      identity.updateIdentityCredentialsFromFile(
          keyFile, certificate.toFile(), RELOAD_SECONDS, TimeUnit.SECONDS, reloader);
      return identity;
    } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
      throw invalid(
          TikvSettings.CERT + ", " + TikvSettings.KEY,
          certificate + ", " + key,
          "readable PEM files: a certificate, and its key as PKCS#8",
          e);
    }
  }

  private static EngineException.InvalidSettings invalid(
      String name, Object value, String expected, Exception cause) {
    String reason = cause.getMessage() == null ? cause.toString() : cause.getMessage();
    return new EngineException.InvalidSettings(
        name + ": " + value + ": " + reason + " (expected: " + expected + ")", cause);
  }

  ChannelCredentials credentials() {
    return credentials;
  }
}
