// An HTTP server that nobody outside can wear down: bounded headers, times and connections. Knows no routes.
import { createServer, type RequestListener, type Server } from "node:http";
import { formatListenAddress, type ListenAddress } from "./listen-address.ts";

export interface ServerLimits {
  /** Connections at a time. */
  readonly connections: number;
  /** A request's headers have to be there by then, and so has the whole request. */
  readonly headersMillis: number;
  /** How often that is looked at. */
  readonly checkMillis: number;
  /** A connection without a request is kept this long. */
  readonly keepAliveMillis: number;
  /** How long `stop` waits for responses that are under way. */
  readonly stopMillis: number;
}

export const defaultServerLimits: ServerLimits = {
  // Many times what a pair of Prometheus servers, a probe and a few browsers hold; each costs some 10 kB.
  connections: 256,
  headersMillis: 10_000,
  checkMillis: 1000,
  // Longer than a scrape interval of a minute: a server that closes just when the next scrape is sent fails that scrape.
  keepAliveMillis: 75_000,
  stopMillis: 2000,
};

const maxHeaderBytes = 8 * 1024;

export class HttpServer {
  readonly #server: Server;
  readonly #limits: ServerLimits;

  constructor(listener: RequestListener, limits: ServerLimits) {
    this.#limits = limits;
    this.#server = createServer(
      {
        maxHeaderSize: maxHeaderBytes,
        headersTimeout: limits.headersMillis,
        requestTimeout: limits.headersMillis,
        connectionsCheckingInterval: limits.checkMillis,
        keepAliveTimeout: limits.keepAliveMillis,
      },
      listener,
    );
    this.#server.maxConnections = limits.connections;
    // Who holds connections without asking for anything makes room for who does.
    this.#server.on("drop", () => this.#server.closeIdleConnections());
    this.#server.on("request", (_request, response) => {
      response.on("close", () => this.#closeIdleWhenStopping());
    });
  }

  /** @returns where it listens: with the port that was chosen for port 0 */
  start(address: ListenAddress): Promise<ListenAddress> {
    return new Promise((resolve, reject) => {
      const refuse = (error: Error): void => reject(listenError(address, error));
      this.#server.once("error", refuse);
      this.#server.listen(address, () => {
        this.#server.off("error", refuse);
        const bound = this.#server.address();
        resolve({ ...address, port: typeof bound === "object" && bound !== null ? bound.port : address.port });
      });
    });
  }

  /** Takes no more connections, lets responses finish for a while, then cuts what is left. */
  stop(): Promise<void> {
    if (!this.#server.listening) return Promise.resolve();
    return new Promise((resolve) => {
      const cut = setTimeout(() => this.#server.closeAllConnections(), this.#limits.stopMillis);
      this.#server.close(() => {
        clearTimeout(cut);
        resolve();
      });
      this.#server.closeIdleConnections();
    });
  }

  /** A connection turns idle after its response is closed. */
  #closeIdleWhenStopping(): void {
    if (!this.#server.listening) setImmediate(() => this.#server.closeIdleConnections());
  }
}

function listenError(address: ListenAddress, error: Error): Error {
  const reasons: Readonly<Record<string, string>> = {
    EADDRINUSE: "the port is in use",
    EACCES: "not permitted",
    EADDRNOTAVAIL: "this machine has no such address",
    ENOTFOUND: "the host is not known",
  };
  const code = "code" in error ? String(error.code) : "";
  return new Error(`cannot listen on ${formatListenAddress(address)}: ${reasons[code] ?? error.message}`, { cause: error });
}
