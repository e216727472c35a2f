import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { type ParsedMail, simpleParser } from 'mailparser'
import { SMTPServer } from 'smtp-server'

interface MailboxOptions {
  /** Offers STARTTLS, with a certificate that no authority signed. */
  readonly startTls?: boolean
  /** Requires this password for every user name. */
  readonly password?: string
}

/** How the mailbox treats mails to one address. */
type Treatment =
  /** Rejects the recipient with this reply. */
  | { readonly rcpt: string }
  /** Rejects the mail itself, after its data. */
  | { readonly data: string }
  /** Does not answer, either to the recipient or after the data. */
  | { readonly silentAt: 'RCPT' | 'DATA' }
  /** Closes the connection after the data. */
  | { readonly closesAt: 'DATA' }

const replyOf = (reply: string): Error =>
  Object.assign(new Error(reply.slice(4)), { responseCode: Number(reply.slice(0, 3)) })

/** A real SMTP server that keeps the mails it receives, and can be set to reject mails. */
export class Mailbox {
  readonly mails: ParsedMail[] = []
  /** The number of mails that are rejected before one is accepted. */
  refusals = 0
  /** The treatment of mails to each address. */
  readonly treatments = new Map<string, Treatment>()
  /** For each mail whether it arrived through TLS, oldest first. */
  readonly encrypted: boolean[] = []
  /** The recipients that clients named, accepted or not, oldest first. */
  readonly attempts: string[] = []
  private readonly server: SMTPServer

  private constructor({ startTls = false, password }: MailboxOptions) {
    this.server = new SMTPServer({
      authOptional: password === undefined,
      // The tests have no certificate that a client would trust.
      allowInsecureAuth: true,
      // Like many mail servers, it accepts only addresses in ASCII.
      hideSMTPUTF8: true,
      disabledCommands: startTls ? [] : ['STARTTLS'],
      logger: false,
      closeTimeout: 100,
      onAuth: (auth, _session, done) =>
        auth.password === password
          ? done(null, { user: auth.username ?? '' })
          : done(replyOf(`535 5.7.8 ${auth.username} gave a wrong password: ${auth.password}`)),
      onRcptTo: ({ address }, _session, done) => {
        this.attempts.push(address)
        const treatment = this.treatments.get(address)
        if (treatment === undefined) done()
        else if ('rcpt' in treatment) done(replyOf(treatment.rcpt))
        else if (!('silentAt' in treatment) || treatment.silentAt !== 'RCPT') done()
      },
      onData: (stream, session, done) => {
        const [to] = session.envelope.rcptTo
        const treatment = this.treatments.get(to?.address ?? '')
        const refuse = (reply: string) => {
          stream.resume()
          stream.on('end', () => done(replyOf(reply)))
        }
        if (this.refusals > 0) {
          this.refusals -= 1
          refuse('451 Try later.')
          return
        }
        if (treatment !== undefined && 'data' in treatment) {
          refuse(treatment.data)
          return
        }
        if (treatment !== undefined && 'silentAt' in treatment) {
          stream.resume()
          return
        }
        if (treatment !== undefined && 'closesAt' in treatment) {
          stream.resume()
          stream.on('end', () => this.closeConnection(session.id))
          return
        }
        simpleParser(stream).then(mail => {
          this.mails.push(mail)
          this.encrypted.push(session.secure)
          done()
        }, done)
      },
    })
    // A client may be killed in the middle of a conversation.
    this.server.on('error', () => undefined)
  }

  /** Starts a mailbox on a free port. Without options it offers no STARTTLS. */
  static async start(options: MailboxOptions = {}): Promise<{ mailbox: Mailbox; url: string }> {
    const mailbox = new Mailbox(options)
    const listening = mailbox.server.listen(0, '127.0.0.1')
    await once(listening, 'listening')
    const { port } = listening.address() as AddressInfo
    return { mailbox, url: `smtp://127.0.0.1:${port}` }
  }

  /** Like {@link start}, on this port. */
  static async startAt(port: number): Promise<Mailbox> {
    const mailbox = new Mailbox({})
    await once(mailbox.server.listen(port, '127.0.0.1'), 'listening')
    return mailbox
  }

  /** Waits until this number of mails has arrived. */
  async until(count: number): Promise<void> {
    while (this.mails.length < count) await new Promise(done => setTimeout(done, 10))
  }

  /** The number of connected clients. */
  get connections(): number {
    return this.open().length
  }

  stop(): Promise<void> {
    return new Promise(done => this.server.close(() => done()))
  }

  private closeConnection(sessionId: string): void {
    for (const { id, _socket: socket } of this.open()) if (id === sessionId) socket.destroy()
  }

  private open(): { id: string; _socket: Socket }[] {
    const { connections } = this.server as unknown as {
      connections: Set<{ id: string; _socket: Socket }>
    }
    return [...connections]
  }
}

/** A server that sends one line of its greeting at a time, and never ends it. */
export class DrippingServer {
  private readonly server: Server
  /** The open connections. */
  readonly sockets = new Set<Socket>()
  /** The number of connections so far. */
  connected = 0

  private constructor(everyMs: number) {
    this.server = createServer(socket => {
      this.connected += 1
      this.sockets.add(socket)
      const timer = setInterval(() => socket.write('220-One moment\r\n'), everyMs)
      socket.on('error', () => undefined)
      socket.on('close', () => {
        clearInterval(timer)
        this.sockets.delete(socket)
      })
    })
  }

  /** Starts the server on a free port. */
  static async start(everyMs: number): Promise<{ server: DrippingServer; url: string }> {
    const dripping = new DrippingServer(everyMs)
    dripping.server.listen(0, '127.0.0.1')
    await once(dripping.server, 'listening')
    const { port } = dripping.server.address() as AddressInfo
    return { server: dripping, url: `smtp://127.0.0.1:${port}` }
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy()
    await new Promise(done => this.server.close(done))
  }
}
