// A mail server (SMTP, RFC 5321) that keeps what it is given and delivers nothing. No TLS: Alertmanager sends a password without
// it to an address of the loopback only.
import { createServer, type Socket } from "node:net";

export interface Mail {
  readonly to: readonly string[];
  /** The name that the sender gave with a password; empty without one. */
  readonly user: string;
  readonly password: string;
  /** Headers and body as they came. */
  readonly text: string;
  /** When it came. */
  readonly atMillis: number;
}

export interface MailSink {
  /** Host and port. */
  readonly address: string;
  readonly mails: readonly Mail[];
  stop(): Promise<void>;
}

export async function startMailSink(): Promise<MailSink> {
  const mails: Mail[] = [];
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket.once("close", () => open.delete(socket)));
    // A sender that hangs up is no concern of a test's.
    socket.on("error", () => socket.destroy());
    converse(socket, (mail) => mails.push(mail));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  const stop = async (): Promise<void> => {
    for (const socket of open) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  };
  return { address: `127.0.0.1:${port}`, mails, stop };
}

function converse(socket: Socket, keep: (mail: Mail) => void): void {
  let rest = "";
  let letter: string[] | null = null;
  let to: string[] = [];
  let [user, password] = ["", ""];

  const answer = (line: string): string => {
    const [word = "", ...more] = line.split(" ");
    switch (word.toUpperCase()) {
      case "EHLO":
        return "250-test\r\n250-8BITMIME\r\n250 AUTH PLAIN";
      case "AUTH":
        [user = "", password = ""] = Buffer.from(more[1] ?? "", "base64")
          .toString()
          .split("\0")
          .slice(1);
        return "235 welcome";
      case "RCPT":
        to.push(/<(.*)>/.exec(line)?.[1] ?? "");
        return "250 ok";
      case "DATA":
        letter = [];
        return "354 end with a dot";
      case "QUIT":
        return "221 bye";
      default:
        return "250 ok";
    }
  };

  const read = (line: string, open: string[]): string | null => {
    if (line !== ".") {
      open.push(line.replace(/^\./, ""));
      return null;
    }
    keep({ to, user, password, text: open.join("\n"), atMillis: Date.now() });
    [letter, to] = [null, []];
    return "250 kept";
  };

  socket.write("220 test\r\n");
  socket.setEncoding("utf8").on("data", (text: string) => {
    const lines = (rest + text).split("\r\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      const said = letter === null ? answer(line) : read(line, letter);
      if (said !== null) socket.write(`${said}\r\n`);
      if (said?.startsWith("221")) socket.end();
    }
  });
}
