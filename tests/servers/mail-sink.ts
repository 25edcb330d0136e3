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
  const say = (line: string): void => void socket.write(`${line}\r\n`);

  const command = (line: string): void => {
    const [word = "", ...more] = line.split(" ");
    switch (word.toUpperCase()) {
      case "EHLO":
        say("250-test\r\n250-8BITMIME\r\n250 AUTH PLAIN");
        return;
      case "AUTH":
        [user = "", password = ""] = Buffer.from(more[1] ?? "", "base64").toString().split("\0").slice(1);
        return say("235 welcome");
      case "RCPT":
        to.push(/<(.*)>/.exec(line)?.[1] ?? "");
        return say("250 ok");
      case "DATA":
        letter = [];
        return say("354 end with a dot");
      case "QUIT":
        say("221 bye");
        return void socket.end();
      default:
        say("250 ok");
    }
  };

  const content = (line: string): void => {
    if (line !== ".") return void letter?.push(line.replace(/^\./, ""));
    keep({ to, user, password, text: (letter ?? []).join("\n") });
    letter = null;
    to = [];
    say("250 kept");
  };

  say("220 test");
  socket.setEncoding("utf8").on("data", (text: string) => {
    const lines = (rest + text).split("\r\n");
    rest = lines.pop() ?? "";
    for (const line of lines) letter === null ? command(line) : content(line);
  });
}
