// SPDX-License-Identifier: Apache-2.0
package dev.brain.conformance.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A port of loopback behind which another one is. What goes through can be cut in each direction,
 * delayed, or reset. A cut is silent, as one of a network is: connections stay open, new ones are
 * taken, and nothing arrives; what was sent arrives when the cut ends, as TCP would send it again.
 * Thread-safe; two virtual threads for each connection, which hold 64 KiB each at most.
 */
final class TcpProxy implements AutoCloseable {
  private static final int BUFFER = 64 << 10;

  /** Which way bytes go. */
  enum Direction {
    /** From who connects. */
    REQUESTS,
    /** To who connects. */
    ANSWERS
  }

  private final InetSocketAddress target;
  private final ServerSocket listener;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition mended = lock.newCondition();
  private final Set<Direction> cut = ConcurrentHashMap.newKeySet();
  private volatile long delayNanos;
  private volatile boolean closed;

  private TcpProxy(InetSocketAddress target) {
    this.target = target;
    try {
      this.listener = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().name("proxy of " + target).start(this::accept);
  }

  /** A proxy of {@code host:port}. */
  static TcpProxy of(String address) {
    int colon = address.lastIndexOf(':');
    return new TcpProxy(
        new InetSocketAddress(
            address.substring(0, colon), Integer.parseInt(address.substring(colon + 1))));
  }

  /** Where it listens, as {@code host:port}. */
  String address() {
    return "127.0.0.1:" + listener.getLocalPort();
  }

  /** Lets nothing through in a direction. */
  void cut(Direction direction) {
    cut.add(direction);
  }

  /** Each part of what goes through, in either direction, waits so long. */
  void delay(long millis) {
    delayNanos = TimeUnit.MILLISECONDS.toNanos(millis);
  }

  /** Ends all connections with RST. New ones are taken. */
  void reset() {
    for (Socket socket : sockets) {
      try {
        socket.setSoLinger(true, 0);
      } catch (IOException _) {
        // It has ended already.
      }
      end(socket);
    }
  }

  /** Ends cuts and delays. */
  void mend() {
    delayNanos = 0;
    cut.clear();
    lock.lock();
    try {
      mended.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    closed = true;
    try {
      listener.close();
    } catch (IOException _) {
      // Nobody can connect any more.
    }
    reset();
    mend();
  }

  private void accept() {
    while (!closed) {
      try {
        Socket client = listener.accept();
        Thread.ofVirtual().start(() -> connect(client));
      } catch (IOException _) {
        // Closed, or the one who connects has gone.
      }
    }
  }

  private void connect(Socket client) {
    sockets.add(client);
    Socket server = new Socket();
    sockets.add(server);
    try {
      awaitMended(Direction.REQUESTS);
      server.connect(target);
      server.setTcpNoDelay(true);
      client.setTcpNoDelay(true);
      Thread.ofVirtual().start(() -> pump(server, client, Direction.ANSWERS));
      pump(client, server, Direction.REQUESTS);
    } catch (IOException _) {
      end(client);
      end(server);
    }
  }

  private void pump(Socket from, Socket to, Direction direction) {
    byte[] buffer = new byte[BUFFER];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        awaitDelay();
        awaitMended(direction);
        out.write(buffer, 0, read);
      }
    } catch (IOException _) {
      // Either end has gone, and so does the other.
    }
    end(from);
    end(to);
  }

  private void awaitMended(Direction direction) {
    lock.lock();
    try {
      while (cut.contains(direction) && !closed) {
        mended.awaitUninterruptibly();
      }
    } finally {
      lock.unlock();
    }
  }

  private void awaitDelay() {
    long nanos = delayNanos;
    lock.lock();
    try {
      while (nanos > 0 && delayNanos > 0 && !closed) {
        nanos = mended.awaitNanos(nanos);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  private void end(Socket socket) {
    sockets.remove(socket);
    try {
      socket.close();
    } catch (IOException _) {
      // It is of no use any more either way.
    }
  }
}
