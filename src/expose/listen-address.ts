// Where to listen, as users write it: `127.0.0.1:9877`, `:9877` for every interface, `[::1]:9877`.

export const defaultListen = "127.0.0.1:9877";

export interface ListenAddress {
  /** Absent: every interface. */
  readonly host?: string;
  readonly port: number;
}

const hostAndPort = /^(?:\[(?<bracketed>[0-9a-fA-F:.%]+)\]|(?<host>[^:[\]\s/]*)):(?<port>\d{1,5})$/;
const highestPort = 65_535;

/** @throws where the text is no address; a port of 0 lets the system choose */
export function parseListenAddress(text: string): ListenAddress {
  const parts = hostAndPort.exec(text)?.groups;
  const port = Number(parts?.port);
  if (parts === undefined || port > highestPort) {
    throw new Error(`listen: ${JSON.stringify(text)} is not host:port, :port or [IPv6]:port`);
  }
  const host = parts.bracketed ?? parts.host ?? "";
  return host === "" ? { port } : { host, port };
}

/** The way back; an IPv6 host in brackets. */
export function formatListenAddress({ host = "", port }: ListenAddress): string {
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}
